# SPDX-License-Identifier: BSD-2-Clause
"""The thread library: threads, and what they wait for."""

from collections.abc import Callable
from typing import Any

import pytest

from kernel.sys.errno import Errno
from kernel.sys.signal import SIG_BLOCK, SIGUSR1, sigset
from kernel.sys.time import CLOCK_MONOTONIC, Timespec
from userland.libc import include as libc
from userland.libc.pthread_int import threads


@pytest.fixture
def root(k):
    """A process of the super-user."""
    return k.root()


def failing(function: Callable[..., Any], *args: Any) -> int | None:
    """The errno of a call, None if it succeeds."""
    try:
        function(*args)
    except OSError as error:
        return error.errno
    return None


def later(seconds: int) -> Timespec:
    """A time of day."""
    return Timespec(libc.clock_gettime(0).tv_sec + seconds, 0)


def test_join_returns_what_the_function_did(root):
    """Or what pthread_exit was given; each thread once."""

    def body() -> list[object]:
        made = [libc.pthread_create(lambda n: n * 2, n) for n in range(3)]
        made.append(libc.pthread_create(libc.pthread_exit, "exit"))
        got = [libc.pthread_join(thread) for thread in made]
        return [*got, failing(libc.pthread_join, made[0])]

    assert root.call(body) == [0, 2, 4, "exit", Errno.ESRCH]
    assert len(root.proc.p_lwps) == 1


def test_stacks_are_used_again(root):
    """A thousand threads one after the other need one."""

    def body() -> int:
        for n in range(1000):
            libc.pthread_join(libc.pthread_create(lambda n: n, n))
        return len(threads().stacks)

    assert root.call(body) == 1


def test_join_of_who_cannot_be_joined(root):
    """Oneself, and a detached thread."""

    def body() -> tuple[int | None, ...]:
        thread = libc.pthread_create(lambda _: libc.nanosleep(1))
        libc.pthread_detach(thread)
        return (
            failing(libc.pthread_join, libc.pthread_self()),
            failing(libc.pthread_join, thread),
            failing(libc.pthread_detach, thread),
        )

    assert root.call(body) == (Errno.EDEADLK, Errno.EINVAL, Errno.EINVAL)


def test_detached_threads_leave_nothing(root):
    """Made so, detached while they run, or after their end."""

    def body() -> tuple[int, int]:
        libc.pthread_create(lambda n: n, 1, libc.PTHREAD_CREATE_DETACHED)
        second = libc.pthread_create(lambda n: n, 2)
        third = libc.pthread_create(lambda _: libc.nanosleep(1))
        libc.nanosleep(0.1)
        libc.pthread_detach(second)
        libc.pthread_detach(third)
        libc.nanosleep(2)
        return len(threads().all), len(threads().stacks)

    assert root.call(body)[0] == 1
    assert not root.proc.p_zomblwps


def test_the_main_thread_may_end_first(run):
    """The process lives until its last thread ends; its status is 0."""
    result = run(
        "from userland.libc import *\n"
        "def body(_):\n    nanosleep(1)\n    write(1, b'still here')\n"
        "pthread_create(body)\npthread_exit()\n"
    )
    assert (result.status, result.stdout) == (0, b"still here")


@pytest.mark.parametrize(("end", "status"), [("exit(4)", 4), ("raise ValueError('x')", 1)])
def test_exit_in_a_thread_ends_the_process(run, end, status):
    """exit(3) runs atexit's functions and writes what is in buffers; an exception is told."""
    result = run(
        "from userland.libc import *\nimport atexit\natexit.register(print, 'atexit')\n"
        f"def body(_):\n    print('thread')\n    {end}\n"
        "pthread_create(body)\nnanosleep(9)\nprint('never')\n"
    )
    assert result.status == status
    assert result.stdout == (b"thread\natexit\n" if status == 4 else b"thread\n")
    assert (b"ValueError: x" in result.stderr) == (status == 1)


def test_fork_leaves_one_thread(run):
    """In the child the caller is the only one; it can make others, and wait."""
    result = run(
        "from userland.libc import *\n"
        "m = pthread_mutex_init()\n"
        "def child():\n"
        "    print(pthread_join(pthread_create(lambda n: n + 1, 4)))\n"
        "    t = pthread_create(lambda _: (nanosleep(1), pthread_mutex_unlock(m)))\n"
        "    pthread_mutex_lock(m)\n    m.owner = t\n    pthread_mutex_lock(m)\n    exit(0)\n"
        "def body(_):\n    pthread_mutex_init()\n    if fork() == 0:\n        child()\n    wait()\n"
        "pthread_create(lambda _: nanosleep(5))\npthread_join(pthread_create(body))\nexit(0)\n"
    )
    assert (result.status, result.stdout) == (0, b"5\n"), result.stderr


def test_names(root):
    """A thread has the name it was given, "" before; too long a one is refused."""

    def body() -> tuple[str, str, int | None, bytes]:
        me = libc.pthread_self()
        before = libc.pthread_getname_np(me)
        libc.pthread_setname_np(me, "worker %d", 3)
        error = failing(libc.pthread_setname_np, me, "x" * 32)
        return before, libc.pthread_getname_np(me), error, libc._lwp_getname()

    assert root.call(body) == ("", "worker 3", Errno.EINVAL, b"worker 3")


def test_kill_and_mask(root):
    """A signal to one thread; each has a mask of its own."""
    ran: list[object] = []

    def body(_: object) -> int:
        libc.pthread_sigmask(SIG_BLOCK, sigset(SIGUSR1))
        libc.nanosleep(1)
        return libc.pthread_sigmask(SIG_BLOCK)

    def main() -> int:
        libc.signal(SIGUSR1, lambda _: ran.append(libc.pthread_self()))
        blocks = libc.pthread_create(body)
        takes = libc.pthread_create(lambda _: failing(libc.pause))
        libc.nanosleep(0.1)
        libc.pthread_kill(blocks, SIGUSR1)
        libc.pthread_kill(takes, SIGUSR1)
        libc.pthread_join(takes)
        assert ran == [takes]
        mask: int = libc.pthread_join(blocks)
        return mask | libc.pthread_sigmask(SIG_BLOCK) << 64

    assert root.call(main) == sigset(SIGUSR1)


def test_suspend_and_resume(root):
    """A thread made suspended waits for pthread_resume_np; nobody suspends itself so."""

    def main() -> tuple[list[int], int | None]:
        ran: list[int] = []
        thread = libc.pthread_create(ran.append, 1, libc.PTHREAD_CREATE_SUSPENDED)
        libc.nanosleep(1)
        before = list(ran)
        libc.pthread_resume_np(thread)
        libc.pthread_join(thread)
        return before + ran, failing(libc.pthread_suspend_np, libc.pthread_self())

    assert root.call(main) == ([1], Errno.EDEADLK)


def test_keys(root):
    """Each thread has its own value; destructors see it at the end, and what they set, too."""
    destroyed: list[object] = []

    def main() -> tuple[object, ...]:
        def again(value: object) -> None:
            destroyed.append(value)
            if value == "first":
                libc.pthread_setspecific(key, "second")

        key = libc.pthread_key_create(again)
        libc.pthread_setspecific(key, "main")
        libc.pthread_join(libc.pthread_create(lambda v: libc.pthread_setspecific(key, v), "first"))
        mine = libc.pthread_getspecific(key)
        libc.pthread_key_delete(key)
        return (
            mine,
            libc.pthread_getspecific(key),
            failing(libc.pthread_setspecific, key, 1),
            failing(libc.pthread_key_delete, key),
        )

    assert root.call(main) == ("main", None, Errno.EINVAL, Errno.EINVAL)
    assert destroyed == ["first", "second"]


def test_too_many_keys(root):
    """EAGAIN after PTHREAD_KEYS_MAX."""

    def main() -> int | None:
        for _ in range(libc.PTHREAD_KEYS_MAX):
            libc.pthread_key_create()
        return failing(libc.pthread_key_create)

    assert root.call(main) == Errno.EAGAIN


def test_a_mutex_lets_one_in(root):
    """Whoever sleeps inside."""

    def main() -> int:
        mutex = libc.pthread_mutex_init()
        total = [0]

        def adds(_: object) -> None:
            for _ in range(5):
                libc.pthread_mutex_lock(mutex)
                seen = total[0]
                libc.nanosleep(0.001)
                total[0] = seen + 1
                libc.pthread_mutex_unlock(mutex)

        for thread in [libc.pthread_create(adds) for _ in range(4)]:
            libc.pthread_join(thread)
        libc.pthread_mutex_destroy(mutex)
        return total[0]

    assert root.call(main) == 20


def test_mutex_types(root):
    """Locked once more by its owner: an error, a level, or a deadlock."""

    def main() -> tuple[object, ...]:
        check = libc.pthread_mutex_init(libc.PTHREAD_MUTEX_ERRORCHECK)
        again = libc.pthread_mutex_init(libc.PTHREAD_MUTEX_RECURSIVE)
        plain = libc.pthread_mutex_init()
        for mutex in (check, again, plain):
            libc.pthread_mutex_lock(mutex)
        libc.pthread_mutex_lock(again)
        libc.pthread_mutex_trylock(again)
        libc.pthread_mutex_unlock(again)
        libc.pthread_mutex_unlock(again)
        return (
            failing(libc.pthread_mutex_lock, check),
            failing(libc.pthread_mutex_trylock, plain),
            failing(libc.pthread_mutex_timedlock, plain, later(2)),
            failing(libc.pthread_mutex_timedlock, plain, Timespec(1 << 40, -1)),
            failing(libc.pthread_mutex_destroy, again),
            failing(libc.pthread_mutex_unlock, again),
            failing(libc.pthread_mutex_unlock, again),
            failing(libc.pthread_mutex_init, 9),
        )

    assert root.call(main) == (
        Errno.EDEADLK, Errno.EBUSY, Errno.ETIMEDOUT, Errno.EINVAL, Errno.EBUSY, None, Errno.EPERM,
        Errno.EINVAL,
    )  # fmt: skip


def test_condition_variables(root):
    """One is woken by a signal, the first; all by a broadcast; nobody by nothing."""

    def main() -> tuple[object, ...]:
        mutex, cond = libc.pthread_mutex_init(), libc.pthread_cond_init()
        woken: list[int] = []

        def waits(n: int) -> None:
            libc.pthread_mutex_lock(mutex)
            libc.pthread_cond_wait(cond, mutex)
            woken.append(n)
            libc.pthread_mutex_unlock(mutex)

        made = [libc.pthread_create(waits, n) for n in range(4)]
        libc.nanosleep(0.1)
        busy = failing(libc.pthread_cond_destroy, cond)
        libc.pthread_cond_signal(cond)
        libc.nanosleep(0.1)
        first = list(woken)
        libc.pthread_cond_broadcast(cond)
        for thread in made:
            libc.pthread_join(thread)
        libc.pthread_cond_signal(cond)
        libc.pthread_cond_destroy(cond)
        return busy, first, woken

    assert root.call(main) == (Errno.EBUSY, [0], [0, 1, 2, 3])


@pytest.mark.parametrize("clock", [0, CLOCK_MONOTONIC])
def test_waiting_until_a_time(k, root, clock):
    """ETIMEDOUT, by the clock of the condition variable; the mutex is held again."""

    def main() -> tuple[object, ...]:
        mutex, cond = libc.pthread_mutex_init(), libc.pthread_cond_init(clock)
        until = Timespec(libc.clock_gettime(clock).tv_sec + 5, 0)
        libc.pthread_mutex_lock(mutex)
        error = failing(libc.pthread_cond_timedwait, cond, mutex, until)
        libc.pthread_mutex_unlock(mutex)
        libc.pthread_cond_destroy(cond)
        return error, failing(libc.pthread_cond_wait, cond, mutex)

    start = k.time()
    assert root.call(main) == (Errno.ETIMEDOUT, Errno.EPERM)
    assert 4 <= k.time() - start < 6
    assert failing(libc.pthread_cond_init, 77) == Errno.EINVAL


def test_readers_and_writers(root):
    """Many read, one writes; a writer who waits keeps new readers out."""

    def main() -> list[str]:
        lock = libc.pthread_rwlock_init()
        log: list[str] = []

        def reads(n: int) -> None:
            libc.pthread_rwlock_rdlock(lock)
            log.append(f"+r{n}")
            libc.nanosleep(1)
            log.append(f"-r{n}")
            libc.pthread_rwlock_unlock(lock)

        def writes(n: int) -> None:
            libc.pthread_rwlock_wrlock(lock)
            log.append(f"+w{n}")
            libc.nanosleep(1)
            log.append(f"-w{n}")
            libc.pthread_rwlock_unlock(lock)

        made = []
        for what, n in ((reads, 1), (reads, 2), (writes, 1), (reads, 3), (writes, 2)):
            made.append(libc.pthread_create(what, n))
            libc.nanosleep(0.01)
        for thread in made:
            libc.pthread_join(thread)
        libc.pthread_rwlock_destroy(lock)
        return log

    log = root.call(main)
    assert log[:6] == ["+r1", "+r2", "-r1", "-r2", "+w1", "-w1"]
    assert log[6:] == ["+r3", "-r3", "+w2", "-w2"]


def test_readers_and_writers_refused(root):
    """What would wait does not, or not for ever."""

    def main() -> tuple[object, ...]:
        lock = libc.pthread_rwlock_init()
        nobody = failing(libc.pthread_rwlock_unlock, lock)
        libc.pthread_rwlock_tryrdlock(lock)
        reading = (
            failing(libc.pthread_rwlock_trywrlock, lock),
            failing(libc.pthread_rwlock_timedwrlock, lock, later(1)),
            failing(libc.pthread_rwlock_destroy, lock),
        )
        libc.pthread_rwlock_unlock(lock)
        libc.pthread_rwlock_trywrlock(lock)
        mine = (
            failing(libc.pthread_rwlock_rdlock, lock),
            failing(libc.pthread_rwlock_wrlock, lock),
        )

        def other(_: object) -> tuple[int | None, ...]:
            return (
                failing(libc.pthread_rwlock_tryrdlock, lock),
                failing(libc.pthread_rwlock_timedrdlock, lock, later(1)),
                failing(libc.pthread_rwlock_unlock, lock),
            )

        return nobody, reading, mine, libc.pthread_join(libc.pthread_create(other))

    assert root.call(main) == (
        Errno.EPERM,
        (Errno.EBUSY, Errno.ETIMEDOUT, Errno.EBUSY),
        (Errno.EDEADLK, Errno.EDEADLK),
        (Errno.EBUSY, Errno.ETIMEDOUT, Errno.EPERM),
    )


def test_barriers(root):
    """Nobody passes before all have come; one is told apart; it serves again."""

    def main() -> tuple[object, ...]:
        barrier = libc.pthread_barrier_init(3)
        came: list[int] = []

        def body(n: int) -> list[int]:
            said = []
            for _ in range(2):
                libc.nanosleep(0.1 * n)
                came.append(n)
                said.append(libc.pthread_barrier_wait(barrier))
                assert len(came) % 3 == 0 or len(came) > 3
            return said

        made = [libc.pthread_create(body, n) for n in range(3)]
        said = [libc.pthread_join(thread) for thread in made]
        libc.pthread_barrier_destroy(barrier)
        return said, failing(libc.pthread_barrier_init, 0)

    serial = libc.PTHREAD_BARRIER_SERIAL_THREAD
    assert root.call(main) == ([[0, 0], [0, 0], [serial, serial]], Errno.EINVAL)


def test_once(root):
    """Whoever comes first does it; the others wait until it is done."""

    def main() -> tuple[list[str], list[str]]:
        once = libc.PthreadOnce()
        log: list[str] = []

        def init() -> None:
            libc.nanosleep(1)
            log.append("done")

        def body(_: object) -> str:
            libc.pthread_once(once, init)
            return log[0]

        made = [libc.pthread_create(body) for _ in range(3)]
        return [libc.pthread_join(thread) for thread in made], log

    assert root.call(main) == (["done"] * 3, ["done"])


def test_no_wakeup_is_lost_to_who_gives_up(root):
    """A handler that raises in a waiter that was just woken: the next one gets the mutex."""

    def main() -> list[str]:
        mutex = libc.pthread_mutex_init()
        got: list[str] = []

        def raises(_: int) -> None:
            raise ValueError

        def first(_: object) -> None:
            try:
                libc.pthread_mutex_lock(mutex)
                got.append("first")
            except ValueError:
                got.append("gave up")

        def second(_: object) -> None:
            libc.pthread_mutex_lock(mutex)
            got.append("second")

        libc.signal(SIGUSR1, raises)
        libc.pthread_mutex_lock(mutex)
        one = libc.pthread_create(first)
        libc.nanosleep(0.1)
        two = libc.pthread_create(second)
        libc.nanosleep(0.1)
        libc.pthread_mutex_unlock(mutex)
        libc.pthread_kill(one, SIGUSR1)
        libc.pthread_join(one)
        libc.pthread_join(two)
        return got

    assert root.call(main) == ["gave up", "second"]


def test_contention_is_traced(run):
    """A free mutex costs no call; one that is held is waited for in _lwp_park."""
    result = run(
        "from userland.libc import *\nm = pthread_mutex_init()\n"
        "pthread_mutex_lock(m)\npthread_mutex_unlock(m)\ngetppid()\n"
        "def body(_):\n    pthread_mutex_lock(m)\n"
        "pthread_mutex_lock(m)\nt = pthread_create(body)\nnanosleep(0.1)\n"
        "pthread_mutex_unlock(m)\npthread_join(t)\n",
        ktrace=True,
    )
    codes = [r.body().ktr_code for r in result.records() if r.type == 1]
    assert codes[codes.index(39) - 1] != 478
    assert 478 in codes
    assert 321 in codes
