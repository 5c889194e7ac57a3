# SPDX-License-Identifier: BSD-2-Clause
"""A handler's reads, writes, waits and sleeps go on after it, or fail when siginterrupt says so."""

import errno
import os
import signal
import sys
import time

sys.stdout.reconfigure(line_buffering=True)

seen = []
rfd, wfd = os.pipe()


def tick(signo, frame):
    seen.append("alarm")
    if len(seen) == 3:
        os.write(wfd, b"late")


signal.signal(signal.SIGALRM, tick)


class Stop(Exception):
    pass


def stop(signo, frame):
    raise Stop


def interrupted(function, *args):
    """Call function, which sleeps, and be interrupted by a handler that raises."""
    signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        function(*args)
        return "done"
    except Stop:
        return "stopped"
    except OSError as exc:
        return errno.errorcode[exc.errno]


child = os.fork()
if child == 0:
    time.sleep(0.3)
    os._exit(3)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
print(os.read(rfd, 100), len(seen) >= 3)
print(os.waitpid(child, 0)[1] >> 8)
signal.setitimer(signal.ITIMER_REAL, 0)
print(interrupted(os.read, rfd, 1))
print(interrupted(time.sleep, 10))
child = os.fork()
if child == 0:
    signal.pause()
    os._exit(0)
print(interrupted(os.waitpid, child, 0))
print(interrupted(os.waitid, os.P_PID, child, os.WEXITED))
print(interrupted(os.write, wfd, bytes(1000000)))
print(len(os.read(rfd, 1000000)))
os.mkfifo("fifo")
print(interrupted(os.open, "fifo", os.O_RDONLY))
print(interrupted(signal.sigtimedwait, [signal.SIGUSR1], 5))
print(interrupted(signal.pause))
mine = os.open("lock", os.O_RDWR | os.O_CREAT)
os.lockf(mine, os.F_LOCK, 0)
locker = os.fork()
if locker == 0:
    other = os.open("lock", os.O_RDWR)
    print(interrupted(os.lockf, other, os.F_LOCK, 0))
    os._exit(0)
os.waitpid(locker, 0)
os.kill(child, signal.SIGKILL)
print(os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL)
start = time.monotonic()
seen.clear()
signal.signal(signal.SIGALRM, lambda signo, frame: seen.append("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.05)
time.sleep(0.2)
print(seen, 0.2 <= time.monotonic() - start < 60)
