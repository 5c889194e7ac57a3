# SPDX-License-Identifier: BSD-2-Clause
"""A session at a pseudo-terminal: its leader, its signals, and its end."""

import os
import select
import signal

pid, fd = os.forkpty()
if not pid:

    def interrupted(signo, frame):
        os.write(1, b"interrupted\n")

    signal.signal(signal.SIGINT, interrupted)
    own = os.getpid()
    print(os.getsid(0) == own, os.getpgrp() == own, os.tcgetpgrp(0) == own, flush=True)
    with open("/dev/tty", "w") as tty:
        tty.write("by another name\n")
    print("read", input(), flush=True)
    print("read", input(), flush=True)
    os._exit(5)


def until(text, awaited=None):
    """Read up to text; remind the child of a signal: CPython may lose one as it falls asleep."""
    seen = b""
    while text not in seen:
        if awaited is not None and not select.select([fd], [], [], 0.5)[0]:
            os.kill(pid, awaited)
            continue
        try:
            data = os.read(fd, 1000)
        except OSError:
            data = b""
        if not data:
            break
        seen += data
    return seen.replace(b"\r\n", b"\n").decode()


print(until(b"another name\r\n"))
os.write(fd, b"first\n")
print(until(b"read first\r\n"))
os.write(fd, b"lost\x03")
print(until(b"interrupted\r\n", signal.SIGINT))
os.write(fd, b"second\n")
print(until(b"read second\r\n"))
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
