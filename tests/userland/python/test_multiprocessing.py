# SPDX-License-Identifier: BSD-2-Clause
"""multiprocessing on the emulated system: processes are forked or spawned, locks are semaphores."""

import pytest

PROGRAM = """\
import multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor
def put(queue, lock, name):
    with lock:
        queue.put((name, os.getpid() != os.getppid()))
def square(n):
    return n * n
if __name__ == '__main__':
    ctx = multiprocessing.get_context(sys.argv[1])
    queue, lock = ctx.Queue(), ctx.Lock()
    processes = [ctx.Process(target=put, args=(queue, lock, name)) for name in 'abc']
    for process in processes: process.start()
    print(sorted(queue.get() for _ in processes))
    for process in processes: process.join()
    print([process.exitcode for process in processes])
    with ctx.Pool(2) as pool:
        print(pool.map(square, range(6)))
    with ProcessPoolExecutor(2, mp_context=ctx) as executor:
        print(list(executor.map(square, range(4))))
    with ctx.Manager() as manager:
        shared = manager.dict(a=1)
        process = ctx.Process(target=shared.update, args=({'b': 2},))
        process.start()
        process.join()
        print(shared.copy())
"""
OUTPUT = (
    "[('a', True), ('b', True), ('c', True)]\n[0, 0, 0]\n[0, 1, 4, 9, 16, 25]\n[0, 1, 4, 9]\n"
    "{'a': 1, 'b': 2}\n"
)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_pools_and_managers(run, method):
    """Each way to start a process gives what it gives everywhere."""
    result = run(PROGRAM, method)
    assert (result.stdout.decode(), result.stderr) == (OUTPUT, b"")


def test_what_a_dead_process_held_is_not_closed_by_another(run):
    """A connection that a child left in a cycle is the child's: the parent's descriptors stay."""
    result = run(
        "import gc, multiprocessing, os\n"
        "def child():\n"
        "    pipes = [multiprocessing.Pipe() for _ in range(20)]\n"
        "    pipes.append(pipes)\n"
        "ctx = multiprocessing.get_context('fork')\n"
        "for _ in range(3):\n"
        "    process = ctx.Process(target=child)\n    process.start()\n    process.join()\n"
        "mine = [os.open('/dev/null', os.O_RDONLY) for _ in range(60)]\n"
        "gc.collect()\nfor fd in mine: os.fstat(fd)\nprint(process.exitcode)\n"
    )
    assert (result.stdout, result.stderr) == (b"0\n", b"")


def test_a_set_of_processes_has_the_same_order_in_a_replay(run):
    """Who is asked first whether he has ended is asked first again."""
    result = run(
        "import multiprocessing, time\n"
        "ctx = multiprocessing.get_context('fork')\n"
        "processes = [ctx.Process(target=time.sleep, args=(n,)) for n in range(9)]\n"
        "for process in processes: process.start()\n"
        "for process in processes: process.join()\n"
        "print([process.exitcode for process in processes])\n"
    )
    assert (result.stdout, result.stderr) == (b"[0, 0, 0, 0, 0, 0, 0, 0, 0]\n", b"")


def test_shared_memory_is_shared(run):
    """What one process stores another finds, before and after forks; a barrier counts in it."""
    result = run(
        "import multiprocessing, os\n"
        "from multiprocessing import shared_memory\n"
        "ctx = multiprocessing.get_context('fork')\n"
        "memory = shared_memory.SharedMemory(create=True, size=10000)\n"
        "same = shared_memory.SharedMemory(memory.name)\n"
        "memory.buf[4094:4098] = b'abcd'\nmemory.buf[0] = 7\n"
        "numbers = memory.buf[8:24].cast('i')\nnumbers[1] = -5\n"
        "print(bytes(same.buf[4094:4098]), same.buf[0], numbers.tolist(), len(same.buf))\n"
        "def child(n):\n    seen = same.buf[0]\n    same.buf[0] = seen + n\n"
        "    barrier.wait()\n"
        "barrier = ctx.Barrier(3)\n"
        "first = ctx.Process(target=child, args=(1,))\nfirst.start()\n"
        "while memory.buf[0] == 7: os.sched_yield()\n"
        "second = ctx.Process(target=child, args=(2,))\nsecond.start()\n"
        "barrier.wait()\nfirst.join()\nsecond.join()\n"
        "print(memory.buf[0], first.exitcode, second.exitcode)\n"
        "same.close()\nmemory.close()\nmemory.unlink()\n"
        "items = shared_memory.ShareableList(['text', 5, 2.5, None, b'bytes'])\n"
        "items[1] += 1\nprint(list(items))\nitems.shm.close()\nitems.shm.unlink()\n"
    )
    assert result.stdout == (
        b"b'abcd' 7 [0, -5, 0, 0] 10000\n10 0 0\n['text', 6, 2.5, None, b'bytes']\n"
    ), result.stderr
    assert result.stderr == b""


def test_a_manager_forks_after_it_has_named_objects(run):
    """What it is asked for in a replay are the names that it gave before: not addresses."""
    result = run(
        "import multiprocessing\n"
        "def double(n):\n    return 2 * n\n"
        "with multiprocessing.get_context('fork').Manager() as manager:\n"
        "    first = manager.list([1])\n    first.append(2)\n"
        "    with manager.Pool(2) as pool:\n        print(pool.map(double, first[:]))\n"
        "    with manager.Pool(1) as pool:\n        print(pool.apply(double, (21,)))\n"
    )
    assert (result.stdout, result.stderr) == (b"[2, 4]\n42\n", b"")
