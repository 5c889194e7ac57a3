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
