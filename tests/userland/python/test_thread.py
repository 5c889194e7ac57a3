# SPDX-License-Identifier: BSD-2-Clause
"""Python's threads are LWPs: in traces, in virtual time, with any schedule, and through fork."""

import pytest

from kernel import api
from kernel.sys.ktrace import KTR_SYSCALL
from kernel.sys.syscall import sysno

SUM = """\
import threading, time, os
lock, total, order = threading.Lock(), 0, []
def add(n):
    global total
    for _ in range(5):
        with lock:
            seen = total
            os.getppid()
            for _ in range(100): os.getppid()
            total = seen + 1
        order.append(n)
threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(total, order)
"""


def outcome(tmp_path, seed: int | None) -> tuple[bytes, bytes]:
    """What SUM prints, and its trace."""
    (tmp_path / "p.py").write_text(SUM)
    with api.boot(seed=seed) as k:
        result = k.run(tmp_path / "p.py", ktrace=True)
        assert result.status == 0, result.stderr
        assert not k.kernel.lwps
        return result.stdout, result.ktrace


def test_schedules_differ_and_come_again(tmp_path):
    """The sum is right whatever the schedule; one seed has one trace."""
    runs = [outcome(tmp_path, seed) for seed in (None, 1, 2, 3)]
    assert all(out.startswith(b"20 [") for out, _ in runs)
    assert len({out for out, _ in runs}) > 1
    assert outcome(tmp_path, 2) == runs[2]
    assert outcome(tmp_path, None) == runs[0]


TURNS = """\
import threading, time
lock, turns = threading.{}(), [0, 0]
def take(n):
    while min(turns) < 10 and max(turns) < 500:
        with lock:
            time.sleep(0.001)
        turns[n] += 1
threads = [threading.Thread(target=take, args=(n,)) for n in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*turns)
"""


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
@pytest.mark.parametrize("kind", ["Lock", "RLock", "Condition"])
def test_who_waits_for_a_lock_gets_it(seed, kind, tmp_path):
    """A thread that takes a lock again as soon as it has given it back leaves the other its turns."""
    (tmp_path / "p.py").write_text(TURNS.format(kind))
    with api.boot(seed=seed) as k:
        result = k.run(tmp_path / "p.py")
    assert result.status == 0, result.stderr
    assert max(map(int, result.stdout.split())) < 100


def test_threads_are_lwps_in_the_trace(run):
    """Each makes its calls under its own number, which get_native_id tells."""
    result = run(
        "import threading, os\n"
        "def body():\n    os.getppid()\n    print(threading.get_native_id())\n"
        "t = threading.Thread(target=body)\nt.start()\nt.join()\n"
        "print(threading.get_native_id() == os.getpid(), t.native_id)\n",
        ktrace=True,
    )
    printed = result.stdout.split()
    records = [r for r in result.records() if r.type == KTR_SYSCALL]
    lids = {r.lid for r in records if r.body().ktr_code == sysno("getppid")}
    assert lids == {int(printed[0])} == {int(printed[2])}
    assert printed[1] == b"True"


def test_waiting_takes_virtual_time(k, run):
    """A lock that nobody releases, with a timeout of an hour."""
    start = k.time()
    result = run(
        "import threading\nlock = threading.Lock()\nlock.acquire()\nprint(lock.acquire(timeout=3600))\n"
        "print(threading.Event().wait(3600))\n"
    )
    assert result.stdout == b"False\nFalse\n"
    assert k.time() - start > 7200


def test_fork_in_a_thread(run):
    """The child has that thread as its main one, which can start others."""
    result = run(
        "import threading, os, time\n"
        "def work(n):\n    time.sleep(0.01 * n)\n    done.append(n)\n"
        "done = []\n"
        "def body():\n"
        "    threads = [threading.Thread(target=work, args=(n,)) for n in (3, 1, 2)]\n"
        "    for t in threads: t.start()\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        t = threading.Thread(target=work, args=(9,))\n        t.start()\n        t.join()\n"
        "        os.write(1, repr((done, threading.active_count())).encode() + b'\\n')\n"
        "        os._exit(0)\n"
        "    for t in threads: t.join()\n    os.waitpid(pid, 0)\n    print(done)\n"
        "t = threading.Thread(target=body)\nt.start()\nt.join()\n"
    )
    assert result.stdout == b"([9], 1)\n[1, 2, 3]\n", result.stderr


def test_a_daemon_does_not_hold_the_program_up(k, run):
    """It is ended with the process; others are waited for, before atexit's functions."""
    start = k.time()
    result = run(
        "import threading, time, atexit\natexit.register(print, 'atexit')\n"
        "def sleep(n):\n    try:\n        time.sleep(n)\n    finally:\n        print(n)\n"
        "threading.Thread(target=sleep, args=(1000,), daemon=True).start()\n"
        "threading.Thread(target=sleep, args=(10,)).start()\nprint('main')\n"
    )
    assert result.stdout == b"main\n10\natexit\n"
    assert 10 <= k.time() - start < 20
    assert not k.kernel.lwps


def test_what_a_thread_raises_is_said(run):
    """By threading.excepthook, and for a bare _thread by sys.unraisablehook."""
    result = run(
        "import threading, _thread, time\n"
        "def bad():\n    raise ValueError('in a thread')\n"
        "t = threading.Thread(target=bad, name='worker')\nt.start()\nt.join()\n"
        "_thread.start_new_thread(bad, ())\ntime.sleep(1)\nprint('goes on')\n"
    )
    assert result.stdout == b"goes on\n"
    assert b"Exception in thread worker:\nTraceback" in result.stderr
    assert b"Exception ignored in thread started by" in result.stderr
    assert result.stderr.count(b"ValueError: in a thread") == 2


def test_ctrl_c_interrupts_a_wait(run):
    """A signal's handler runs in the main thread although others block nothing, either."""
    result = run(
        "import threading, os, signal, time\n"
        "def body():\n    time.sleep(1)\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(1)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "threading.Thread(target=body).start()\n"
        "try:\n    threading.Event().wait()\nexcept KeyboardInterrupt:\n"
        "    print(threading.current_thread() is threading.main_thread())\n"
    )
    assert result.stdout == b"True\n", result.stderr


def test_too_many_threads(run):
    """A limit on threads is a RuntimeError."""
    result = run(
        "from userland.libc import setrlimit, RLIMIT_NTHR, Rlimit\nimport threading, time\n"
        "setrlimit(RLIMIT_NTHR, Rlimit(2, 2))\n"
        "try:\n    for _ in range(5):\n"
        "        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        "except RuntimeError as error:\n    print(error)\n",
        uid=1000,
    )  # fmt: skip
    assert result.stdout == b"can't start new thread\n", result.stderr


def test_joinable_threads(run):
    """What newer releases of threading ask for: handles that are joined."""
    result = run(
        "import _thread, time\n"
        "done = []\n"
        "h = _thread.start_joinable_thread(lambda: (time.sleep(1), done.append(1)))\n"
        "h.join(0.1)\nprint(h.is_done(), done)\nh.join()\nprint(h.is_done(), done, h.ident != 0)\n"
        "_thread.start_joinable_thread(lambda: (time.sleep(1), done.append(2)), daemon=False)\n"
        "_thread._shutdown()\nprint(done)\n"
        "print(_thread._make_thread_handle(_thread._get_main_thread_ident()).ident == _thread.get_ident())\n"
    )
    assert result.stdout == b"False []\nTrue [1] True\n[1, 2]\nTrue\n", result.stderr


def test_executors(run):
    """concurrent.futures works, and is shut down at the end."""
    result = run(
        "from concurrent.futures import ThreadPoolExecutor, as_completed\nimport time\n"
        "pool = ThreadPoolExecutor(3)\n"
        "futures = [pool.submit(lambda n: (time.sleep(n), n)[1], n) for n in (3, 1, 2)]\n"
        "print([f.result() for f in as_completed(futures)])\n"
        "pool.submit(lambda: (time.sleep(1), print('last')))\n"
    )
    assert result.stdout == b"[1, 2, 3]\nlast\n", result.stderr


@pytest.mark.parametrize("seed", range(6))
def test_streams_are_shared(seed, tmp_path):
    """Threads that print at the same time, into a pipe that is full: no line is lost or torn."""
    (tmp_path / "p.py").write_text(
        "import threading, os, sys\n"
        "r, w = os.pipe()\n"
        "out = open(w, 'w', buffering=1)\n"
        "def prints(n):\n    for i in range(40):\n        print(str(n) * 200, file=out)\n"
        "threads = [threading.Thread(target=prints, args=(n,)) for n in range(4)]\n"
        "for t in threads: t.start()\n"
        "def reads():\n    with open(r, 'rb') as f:\n        data.append(f.read())\n"
        "data = []\nreader = threading.Thread(target=reads)\nreader.start()\n"
        "for t in threads: t.join()\nout.close()\nreader.join()\n"
        "lines = data[0].split()\n"
        "print(len(lines), {len(set(line)) for line in lines}, {len(line) for line in lines})\n"
    )
    with api.boot(seed=seed) as k:
        result = k.run(tmp_path / "p.py")
    assert result.stdout == b"160 {1} {200}\n", result.stderr


def test_a_thread_has_time_of_its_own(run):
    """time.thread_time counts what the thread has used, time.process_time what all have."""
    result = run(
        "import threading, time, os\n"
        "def body(n):\n    for _ in range(n):\n        os.getppid()\n"
        "    used.append(time.thread_time_ns())\n"
        "used = []\n"
        "for n in (100, 1000):\n"
        "    t = threading.Thread(target=body, args=(n,))\n    t.start()\n    t.join()\n"
        "print(used[0] < used[1] < time.process_time_ns() + 1, used[1] - used[0] >= 900_000)\n"
    )
    assert result.stdout == b"True True\n", result.stderr


def test_a_set_of_threads_has_the_same_order_in_a_replay(run):
    """Who is joined first, as executors do from a set, is joined first again."""
    result = run(
        "import os, threading, time\n"
        "threads = {threading.Thread(target=time.sleep, args=(n / 10,)) for n in range(8)}\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
        "pid = os.fork()\n"
        "if not pid: os._exit(3)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    assert (result.stdout, result.stderr) == (b"3\n", b"")


def test_what_a_thread_has_of_its_own_ends_with_it(run):
    """Its attributes of a threading.local are finalized in it, before it can be joined."""
    result = run(
        "import threading\nmain = threading.get_ident()\nlocal = threading.local()\n"
        "class Last:\n    def __del__(self):\n        print(threading.get_ident() != main)\n"
        "def body():\n    local.last = Last()\n"
        "thread = threading.Thread(target=body)\nthread.start()\nthread.join()\nprint('joined')\n"
    )
    assert (result.stdout, result.stderr) == (b"True\njoined\n", b"")
