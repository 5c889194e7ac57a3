# SPDX-License-Identifier: BSD-2-Clause
"""What Python does around a fork."""


def test_no_module_is_half_imported_in_a_child(run):
    """A fork waits for the import lock, and the child and its parent go on with it free."""
    result = run("""
import _imp, os, sys, threading, time
begun = threading.Event()

def importer():
    _imp.acquire_lock()
    sys.modules["module"] = "half"
    begun.set()
    time.sleep(1)
    sys.modules["module"] = "whole"
    _imp.release_lock()

thread = threading.Thread(target=importer)
thread.start()
begun.wait()
pid = os.fork()
print(sys.modules["module"], _imp.lock_held(), __import__("string").digits, flush=True)
if pid:
    thread.join()
    os.waitpid(pid, 0)
    try:
        _imp.release_lock()
    except RuntimeError as exc:
        print(exc)
else:
    os._exit(0)
""")
    said = b"whole False 0123456789\n"
    assert result.stdout == said + said + b"not holding the import lock\n"


def test_a_child_of_a_loop_that_runs_has_none_that_runs(same):
    """asyncio in a child: no task can be made, as in CPython; exec works, and the parent's loop."""
    same("""
import asyncio, os

async def inner():
    print("inner")

async def main():
    if not os.fork():
        work = inner()
        try:
            asyncio.create_task(work)
        except RuntimeError as exc:
            print(exc, flush=True)
        work.close()
        os.execv("/bin/echo", ["echo", "x"])
    os.wait()
    await asyncio.create_task(inner())

asyncio.run(main())
""")
