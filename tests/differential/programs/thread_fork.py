# SPDX-License-Identifier: BSD-2-Clause
"""fork in a thread: only that thread is in the child; the child's main thread is it."""

import os
import sys
import threading
import time

sys.stdout.reconfigure(line_buffering=True)
event = threading.Event()
sleeper = threading.Thread(target=event.wait)
sleeper.start()


def forker():
    pid = os.fork()
    if pid == 0:
        print(
            "child", threading.active_count(), threading.current_thread() is threading.main_thread()
        )
        print("child", sleeper.is_alive())
        extra = threading.Thread(target=lambda: print("child's thread"))
        extra.start()
        extra.join()
        os._exit(3)
    print("parent", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


thread = threading.Thread(target=forker)
thread.start()
thread.join()
print(sleeper.is_alive(), threading.active_count())
lock = threading.Lock()
lock.acquire()
pid = os.fork()
if pid == 0:
    print("held", lock.locked(), lock.acquire(timeout=0.01))
    lock.release()
    print("free", lock.acquire(timeout=0.01))
    os._exit(0)
os.waitpid(pid, 0)
print(lock.locked())
event.set()
sleeper.join()
calls = []
os.register_at_fork(
    before=lambda: calls.append("before"),
    after_in_parent=lambda: calls.append("parent"),
    after_in_child=lambda: calls.append("child"),
)
pid = os.fork()
if pid == 0:
    print(calls)
    os._exit(0)
os.waitpid(pid, 0)
print(calls)
rfd, wfd = os.pipe()


def writer():
    time.sleep(0.02)
    os.write(wfd, b"from a thread")


threading.Thread(target=writer).start()
print(os.read(rfd, 100))
