# SPDX-License-Identifier: BSD-2-Clause
"""futex(2): who waits, who is woken or moved, and how it fails."""

from struct import Struct

import pytest

from kernel import api
from kernel.api import Process
from kernel.sys.errno import Errno
from kernel.sys.futex import (
    FUTEX_CLOCK_REALTIME,
    FUTEX_CMP_REQUEUE,
    FUTEX_FD,
    FUTEX_OP,
    FUTEX_OP_ADD,
    FUTEX_OP_ANDN,
    FUTEX_OP_CMP_EQ,
    FUTEX_OP_CMP_GE,
    FUTEX_OP_CMP_GT,
    FUTEX_OP_CMP_LE,
    FUTEX_OP_CMP_LT,
    FUTEX_OP_CMP_NE,
    FUTEX_OP_OPARG_SHIFT,
    FUTEX_OP_OR,
    FUTEX_OP_SET,
    FUTEX_OP_XOR,
    FUTEX_OWNER_DIED,
    FUTEX_PRIVATE_FLAG,
    FUTEX_REQUEUE,
    FUTEX_ROBUST_HEAD_SIZE,
    FUTEX_WAIT,
    FUTEX_WAIT_BITSET,
    FUTEX_WAITERS,
    FUTEX_WAKE,
    FUTEX_WAKE_BITSET,
    FUTEX_WAKE_OP,
)
from kernel.sys.ktrace import KTR_CSW, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.signal import SIGUSR1
from kernel.sys.time import Timespec
from tests.lwps import spawn
from tests.syscalls.errnos import Traced, errnos
from userland.libc import include as libc
from userland.libc.machine import map_buffer
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
INT = Struct("<i")
HEAD = Struct("<QqQ")


@pytest.fixture
def words(root: Process) -> int:
    """A page of the process, all zero; its address."""
    address: int = root.call(map_buffer, memoryview(bytearray(4096)), 3)
    return address


def word(p: Process, address: int) -> int:
    value: int = INT.unpack(p.call(libc.load, address, 4))[0]
    return value


def waiters(p: Process, address: int, count: int, op: int = FUTEX_WAIT) -> list[int]:
    """Let count LWPs wait there, one after the other; return a list that the woken add to."""
    woken: list[int] = []

    def wait(n: int) -> None:
        libc.futex(address, op, 0, val3=1 << n)
        woken.append(n)

    for n in range(count):
        p.call(spawn, wait, n)
        p.nanosleep(0.01)
    return woken


@pytest.mark.errno("futex", Errno.EAGAIN)
def test_another_value(fails, root, words):
    """FUTEX_WAIT: the word has not that value; or there is no word."""
    fails(root, "futex", words, FUTEX_WAIT, 5)
    fails(root, "futex", BAD, FUTEX_WAIT, 0)


@pytest.mark.errno("futex", Errno.EAGAIN)
def test_another_value_to_requeue(fails, root, words):
    """FUTEX_CMP_REQUEUE: the word has another value, and somebody waits."""
    waiters(root, words, 1)
    fails(root, "futex", words, FUTEX_CMP_REQUEUE, 1, None, words + 8, 1, 7)
    assert root.futex(words + 16, FUTEX_CMP_REQUEUE, 1, None, words + 8, 1, 7) == 0


@errnos(
    Errno.EFAULT,
    {
        "futex": lambda w: (trap, "__futex", w, FUTEX_WAIT, 0, BAD, 0, 0, 0),
        "futex+unknown": lambda _: (trap, "__futex", 0, 77, 0, BAD, 0, 0, 0),
        "futex+wake": lambda _: ("futex", BAD, FUTEX_WAKE, 1),
        "futex+op": lambda w: ("futex", w, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, None, BAD),
        "futex_get_robust_list": lambda w: (trap, "__futex_get_robust_list", 0, w, BAD),
        "futex_get_robust_list+head": lambda w: (trap, "__futex_get_robust_list", 0, BAD, w),
    },
)
def test_nowhere(fails, root, words, call):
    """A time, a word to be shared, or one to be changed is not in the caller's memory."""
    fails(root, *call(words))


def test_a_private_word_need_not_be_there(root):
    """To wake nobody at no word of one's own is no error."""
    assert root.futex(BAD, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1) == 0


@errnos(
    Errno.EINVAL,
    {
        "futex": lambda w: ("futex", w + 2, FUTEX_WAIT, 0),
        "futex+wake": lambda w: ("futex", w + 2, FUTEX_WAKE, 1),
        "futex+bits": lambda w: ("futex", w, FUTEX_WAIT_BITSET, 0, None, 0, 0, 0),
        "futex+time": lambda w: ("futex", w, FUTEX_WAIT, 0, Timespec(0, 1_000_000_000)),
        "futex+until": lambda w: ("futex", w, FUTEX_WAIT_BITSET, 0, Timespec(-1, 0), 0, 0, 1),
        "futex+negative": lambda w: ("futex", w, FUTEX_WAKE, -1),
        "futex+requeue": lambda w: ("futex", w, FUTEX_REQUEUE, 0, None, w, -1),
        "futex+op-negative": lambda w: ("futex", w, FUTEX_WAKE_OP, 0, None, w, -1),
        "futex+op-what": lambda w: ("futex", w, FUTEX_WAKE_OP, 0, None, w, 0, FUTEX_OP(5, 0, 0, 0)),
        "futex+op-compare": lambda w: (
            "futex", w, FUTEX_WAKE_OP, 0, None, w, 0, FUTEX_OP(0, 0, 6, 0),
        ),
        "futex+op-shift": lambda w: (
            "futex", w, FUTEX_WAKE_OP, 0, None, w, 0, FUTEX_OP(FUTEX_OP_OPARG_SHIFT, 32, 0, 0),
        ),
        "futex_set_robust_list": lambda w: ("futex_set_robust_list", w, 16),
        "futex_set_robust_list+odd": lambda w: ("futex_set_robust_list", w + 4),
    },
)  # fmt: skip
def test_not_possible(fails, root, words, call):
    """An address that no int has, no bits, a time, a count or an operation that is none."""
    fails(root, *call(words))


@pytest.mark.errno("futex", Errno.ENOSYS)
@pytest.mark.parametrize("op", [FUTEX_FD, 6, 77])
def test_no_such_operation(fails, root, words, op):
    """There is no such operation: none by descriptor, none that inherits priorities."""
    fails(root, "futex", words, op, 0)


@pytest.mark.errno("futex", Errno.ETIMEDOUT)
@pytest.mark.parametrize(
    ("op", "time", "seconds"),
    [
        (FUTEX_WAIT, Timespec(2, 0), 2),
        (FUTEX_WAIT, Timespec(0, 0), 0),
        (FUTEX_WAIT, Timespec(-1, 0), 0),
        (FUTEX_WAIT_BITSET, Timespec(3, 0), 3),
        (FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, Timespec(1_060_274_715, 0), 10),
    ],
    ids=["interval", "none", "negative", "monotonic", "realtime"],
)
def test_times_out(k, fails, root, words, op, time, seconds):
    """Nobody has woken it in that time, or before that time of a clock."""
    start = k.time()
    fails(root, "futex", words, op, 0, time, 0, 0, 1)
    assert seconds - 1 <= k.time() - start < seconds + 1


@pytest.mark.errno("futex", Errno.EINTR)
def test_interrupted(begins, root, other, words):
    """A signal has come; the call is not restarted, whatever the handler says."""
    root.signal(SIGUSR1, print)
    finish = begins(root, "futex", words, FUTEX_WAIT, 0)
    other.proc.p_cred = root.proc.p_cred
    other.kill(root.pid, SIGUSR1)
    finish()


@pytest.mark.errno("futex_get_robust_list", Errno.ESRCH)
def test_no_such_lwp(fails, root):
    """The process has no LWP of that number."""
    fails(root, "futex_get_robust_list", 29_999)


def test_a_wakeup_and_a_signal(root, other, words):
    """Who was woken has been, even if a signal came before it ran: somebody counts on it."""
    root.signal(SIGUSR1, print)
    root.begin("futex", words, FUTEX_WAIT, 0)

    other.proc.p_cred = root.proc.p_cred
    other.proc.p_vmspace.vm_map.update(root.proc.p_vmspace.vm_map)
    both = other.call(lambda: (libc.futex(words, FUTEX_WAKE, 1), libc.kill(root.pid, SIGUSR1)))
    assert both == (1, 0)
    assert root.finish() == 0


def test_wakes_in_order(root, words):
    """As many as are asked for, the first who came first."""
    woken = waiters(root, words, 4)
    assert root.futex(words, FUTEX_WAKE, 2) == 2
    root.nanosleep(0.1)
    assert woken == [0, 1]
    assert root.futex(words, FUTEX_WAKE, 9) == 2
    root.nanosleep(0.1)
    assert woken == [0, 1, 2, 3]
    assert root.futex(words, FUTEX_WAKE, 9) == 0


def test_bits_choose(root, words):
    """FUTEX_WAKE_BITSET wakes those who wait for one of the bits."""
    woken = waiters(root, words, 4, FUTEX_WAIT_BITSET)
    assert root.futex(words, FUTEX_WAKE_BITSET, 9, None, 0, 0, 0b1010) == 2
    root.nanosleep(0.1)
    assert woken == [1, 3]
    assert root.futex(words, FUTEX_WAKE, 9) == 2


@pytest.mark.parametrize(("op", "value"), [(FUTEX_REQUEUE, 1), (FUTEX_CMP_REQUEUE, 3)])
def test_requeue_moves(root, words, op, value):
    """Some are woken, some moved to the second word; FUTEX_CMP_REQUEUE counts both."""
    woken = waiters(root, words, 4)
    assert root.futex(words, op, 1, None, words + 8, 2, 0) == value
    root.nanosleep(0.1)
    assert woken == [0]
    assert root.futex(words + 8, FUTEX_WAKE, 9) == 2
    root.nanosleep(0.1)
    assert woken == [0, 1, 2]
    assert root.futex(words, FUTEX_WAKE, 9) == 1


@pytest.mark.parametrize(
    ("op", "arg", "new"),
    [
        (FUTEX_OP_SET, 9, 9),
        (FUTEX_OP_ADD, 3, 15),
        (FUTEX_OP_OR, 3, 15),
        (FUTEX_OP_ANDN, 4, 8),
        (FUTEX_OP_XOR, 10, 6),
        (FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT, 31, -(1 << 31)),
    ],
)
def test_wake_op_changes_the_second(root, words, op, arg, new):
    """The word at the second address, 12, is changed."""
    root.call(libc.store, words + 4, INT.pack(12))
    root.futex(words, FUTEX_WAKE_OP, 0, None, words + 4, 0, FUTEX_OP(op, arg, 0, 0))
    assert word(root, words + 4) == new


@pytest.mark.parametrize(
    ("compare", "holds"),
    [
        (FUTEX_OP_CMP_EQ, (False, True, False)),
        (FUTEX_OP_CMP_NE, (True, False, True)),
        (FUTEX_OP_CMP_LT, (False, False, True)),
        (FUTEX_OP_CMP_LE, (False, True, True)),
        (FUTEX_OP_CMP_GT, (True, False, False)),
        (FUTEX_OP_CMP_GE, (True, True, False)),
    ],
)
def test_wake_op_compares_the_old_value(root, words, compare, holds):
    """Who waits at the first is woken; at the second, if its old value, 12, compares so."""
    for arg, both in zip((11, 12, 13), holds, strict=True):
        root.call(libc.store, words + 4, INT.pack(0))
        woken = waiters(root, words, 1)
        waiters(root, words + 4, 1)
        root.call(libc.store, words + 4, INT.pack(12))
        count = root.futex(
            words, FUTEX_WAKE_OP, 9, None, words + 4, 9, FUTEX_OP(FUTEX_OP_SET, 0, compare, arg)
        )
        root.nanosleep(0.01)
        assert (count, woken) == (1 + both, [0])
        root.futex(words + 4, FUTEX_WAKE, 9)


def test_private_and_shared_are_two(root, words):
    """Who waits privately is not woken by who wakes all."""
    woken = waiters(root, words, 1, FUTEX_WAIT | FUTEX_PRIVATE_FLAG)
    assert root.futex(words, FUTEX_WAKE, 1) == 0
    assert root.futex(words, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1) == 1
    root.nanosleep(0.1)
    assert woken == [0]


def test_processes_share_a_word(run):
    """Of a child made by __clone, which has the same memory."""
    result = run(
        "from userland.libc import *\nfrom userland.libc.machine import map_buffer\n"
        "at = map_buffer(memoryview(bytearray(8)), 3)\n"
        "def child(_):\n    futex(at, FUTEX_WAIT, 0)\n    return 3\n"
        "pid = clone(child, SIGCHLD)\nnanosleep(0.1)\n"
        "print(futex(at, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1), futex(at, FUTEX_WAKE, 1))\n"
        "print(waitpid(pid)[1] >> 8)\n"
    )
    assert result.stdout == b"0 1\n3\n", result.stderr


def hold(head: int, lock: int, bits: int) -> None:
    """Hold a lock, whose word is 16 bytes after its entry, on a robust list at head."""
    libc.store(lock + 16, (libc._lwp_self() | bits).to_bytes(4, "little"))
    libc.store(head, HEAD.pack(lock, 16, 0))
    libc.store(lock, HEAD.pack(head, 0, 0)[:8])
    libc.futex_set_robust_list(head)
    assert libc.futex_get_robust_list() == head


@pytest.mark.parametrize("bits", [0, FUTEX_WAITERS])
def test_an_owner_ends(root, words, bits):
    """A robust futex says that its owner died, and one who waits for it is woken."""
    head, lock = words + 64, words + 96
    woken: list[int] = []

    def owner(_: int) -> None:
        hold(head, lock, bits)
        libc.nanosleep(1)

    def waiter(_: int) -> None:
        value = INT.unpack(libc.load(lock + 16, 4))[0]
        libc.futex(lock + 16, FUTEX_WAIT, value)
        woken.append(value)

    lid = root.call(spawn, owner)
    root.nanosleep(0.1)
    if bits:
        root.call(spawn, waiter)
    root._lwp_wait(lid)
    root.nanosleep(0.1)
    assert len(woken) == bool(bits)
    assert word(root, lock + 16) & 0xFFFF_FFFF == lid | bits | FUTEX_OWNER_DIED


def test_the_owner_is_a_process(root, words):
    """The same at exit(2)."""
    lock = words + 96

    def owner() -> None:
        hold(words + 64, lock, 0)
        libc._exit(0)

    root.call(owner)
    memory = root.proc.p_vmspace.vm_map[words].mem
    assert INT.unpack_from(memory, lock + 16 - words)[0] == root.pid | FUTEX_OWNER_DIED


def test_a_robust_list_that_is_nonsense(root, words):
    """The kernel gives up: a list in a circle, one that leads nowhere, none at all."""
    for head in (HEAD.pack(BAD, 0, 0), HEAD.pack(words, 3, 7), HEAD.pack(words + 24, -4, 0)):
        root.call(libc.store, words, head)
        lid = root.call(spawn, lambda _: libc.futex_set_robust_list(words))
        root._lwp_wait(lid)
    lid = root.call(spawn, lambda _: libc.futex_set_robust_list(BAD))
    root._lwp_wait(lid)
    assert HEAD.size == FUTEX_ROBUST_HEAD_SIZE


@pytest.mark.trace("futex", "CALL CSW CSW RET")
def test_trace_of_a_wait(k: api.System, root: Process, words: int) -> None:
    """A wait is a pair of context switches."""

    def wake(_: int) -> None:
        libc.futex(words, FUTEX_WAKE, 1)

    trace = Traced(k, root)
    root.call(spawn, wake)
    root.futex(words, FUTEX_WAIT, 0)
    records = [r for r in trace.records() if r.lid == root.pid][-4:]
    assert [r.type for r in records] == [KTR_SYSCALL, KTR_CSW, KTR_CSW, KTR_SYSRET]


@pytest.mark.trace("futex_set_robust_list", "CALL RET")
@pytest.mark.trace("futex_get_robust_list", "CALL RET")
def test_trace_of_robust_lists(k: api.System, root: Process, words: int) -> None:
    """The calls and their results."""
    trace = Traced(k, root)
    root.futex_set_robust_list(words)
    root.futex_get_robust_list()
    root.futex_set_robust_list(0)
    assert [r.type for r in trace.records()] == [KTR_SYSCALL, KTR_SYSRET] * 3


def test_shared_memory_has_one_word(run):
    """Of a parent and its child by fork, wherever each has mapped it."""
    result = run(
        "from userland.libc import *\n"
        "at = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_ANON | MAP_SHARED, -1, 0)\n"
        "if fork() == 0:\n    futex(at, FUTEX_WAIT, 0)\n    _exit(3)\n"
        "nanosleep(0.1)\n"
        "print(futex(at, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1), futex(at, FUTEX_WAKE, 1))\n"
        "print(wait()[1] >> 8)\n"
    )
    assert result.stdout == b"0 1\n3\n", result.stderr
