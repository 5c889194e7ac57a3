# SPDX-License-Identifier: BSD-2-Clause
"""Threads that raise, leave or are joined wrongly: who says so, and what runs at the end."""

import _thread
import atexit
import os
import sys
import threading
import time

atexit.register(print, "atexit")
sys.excepthook = lambda *args: print("hook", args[0].__name__)
threading.excepthook = lambda args: print("thread hook", args.exc_type.__name__, args.thread.name)


def raises() -> None:
    raise ValueError("in a thread")


def leaves() -> None:
    sys.exit(5)


for target in (raises, leaves, _thread.exit):
    thread = threading.Thread(target=target, name=target.__name__)
    thread.start()
    thread.join()
try:
    thread.start()
except RuntimeError as error:
    print(error)
try:
    threading.current_thread().join()
except RuntimeError as error:
    print(error)
try:
    _thread.start_new_thread(print, [])
except TypeError as error:
    print(error)
print(_thread._count(), _thread.stack_size(), _thread.stack_size(65536), _thread.stack_size(0))


def daemon() -> None:
    time.sleep(60)
    print("never")


def late() -> None:
    while threading.main_thread().is_alive():
        time.sleep(0.01)
    print("late")


def forks() -> None:
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        print(
            "child", threading.active_count(), threading.current_thread() is threading.main_thread()
        )
        sys.stdout.flush()
        os._exit(3)
    print(os.waitpid(pid, 0)[1] >> 8)


thread = threading.Thread(target=forks)
thread.start()
thread.join()
threading.Thread(target=daemon, daemon=True).start()
threading.Thread(target=late).start()
print("main ends")
