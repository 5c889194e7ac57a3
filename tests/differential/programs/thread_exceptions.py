# SPDX-License-Identifier: BSD-2-Clause
"""Exceptions in threads: told to excepthook, the others go on; SystemExit is silent."""

import sys
import threading

told = []


def hook(args):
    told.append((args.exc_type.__name__, str(args.exc_value), args.thread.name))


threading.excepthook = hook


def fail(text):
    raise RuntimeError(text)


def leave():
    sys.exit(3)


threads = [
    threading.Thread(target=fail, args=("one",), name="first"),
    threading.Thread(target=leave, name="second"),
    threading.Thread(target=fail, kwargs={"text": "two"}, name="third"),
]
for thread in threads:
    thread.start()
    thread.join()
print(told, [thread.is_alive() for thread in threads])
local = threading.local()
local.value = "main"


class Own(threading.local):
    number = 1

    def __init__(self, start):
        self.start = start
        self.list = []


own = Own(7)
own.list.append(1)
seen = []


def look():
    seen.append((hasattr(local, "value"), own.start, own.list, own.number))
    local.value = own.number = 5
    own.list.append(2)


for _ in range(2):
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
print(seen, local.value, own.list, own.number)
print(threading.active_count(), threading.main_thread() is threading.current_thread())
daemon = threading.Thread(target=threading.Event().wait, daemon=True)
daemon.start()
print(daemon.daemon, daemon.is_alive(), daemon in threading.enumerate())
child = threading.Thread(target=lambda: seen.append(threading.current_thread().daemon))
child.start()
child.join()
print(seen[-1])
ids = set()


def note():
    ids.add(threading.get_ident())
    gate.wait()


gate = threading.Barrier(6)
threads = [threading.Thread(target=note) for _ in range(5)]
for thread in threads:
    thread.start()
gate.wait()
for thread in threads:
    thread.join()
print(len(ids), threading.get_ident() in ids)
print("main ends")
