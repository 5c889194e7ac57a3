# SPDX-License-Identifier: BSD-2-Clause
"""Loads and stores of a program: faults, memory that is shared, and what a fork's replay does."""

import pytest

from kernel.arch.python.access import load, store
from kernel.arch.python.trap import map_buffer, unmap_buffer
from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from userland.libc.include import SIGSEGV, WTERMSIG, signal

LAB = "from userland.libc import *\n"
ANON = "mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_ANON | %s)\n"


def test_a_program_loads_and_stores_its_own_memory(k):
    """And what it maps is memory in place until it is unmapped."""
    p = k.root()
    memory = bytearray(b"abc")

    def program() -> bytes:
        address = map_buffer(memoryview(memory), VM_PROT_READ | VM_PROT_WRITE)
        store(address + 1, b"X")
        data = load(address, 3)
        unmap_buffer(address)
        unmap_buffer(address)  # nothing left to undo
        return data

    assert p.call(program) == b"aXc"
    assert memory == b"aXc"


@pytest.mark.parametrize("access", [lambda: load(8, 1), lambda: store(8, b"x")])
def test_a_wild_pointer_is_sigsegv(k, access):
    """It kills; nobody else notices."""
    p = k.process()
    p.call(access)
    assert not p.alive
    assert WTERMSIG(p.status) == SIGSEGV
    assert k.root().getpid() == k.root().pid


def test_a_store_into_read_only_memory_is_sigsegv(k):
    """A string constant stays what it is."""
    p = k.process()
    p.call(lambda: store(map_buffer(memoryview(b"const"), VM_PROT_READ), b"X"))
    assert WTERMSIG(p.status) == SIGSEGV


def test_a_handler_of_sigsegv_may_mend_the_access(k):
    """The access is made again when the handler returns."""
    p = k.process()

    def program() -> bytes:
        address = map_buffer(memoryview(bytearray(8)), VM_PROT_READ)
        unmap_buffer(address)
        kind = VM_PROT_READ | VM_PROT_WRITE
        signal(SIGSEGV, lambda signo: map_buffer(memoryview(bytearray(b"late")), kind))
        return load(address, 4)

    assert p.call(program) == b"late"


@pytest.mark.parametrize(
    "how", ["signal(SIGSEGV, SIG_IGN)", "sigprocmask(SIG_BLOCK, sigset(SIGSEGV))"]
)
def test_a_fault_can_neither_be_ignored_nor_blocked(run, how):
    """The program has nowhere to go on: it is killed."""
    result = run(LAB + f"{how}\nload(16, 1)\n")
    assert result.status == 128 + SIGSEGV, result.stderr


def test_siginfo_tells_what_was_wrong(run):
    """Nothing there, not allowed, behind the end of a file; and the first address at fault."""
    result = run(
        LAB
        + "at = mmap(0, 8192, PROT_READ, MAP_ANON | MAP_PRIVATE)\n"
        + "fd = open('f', O_CREAT | O_RDWR)\nwrite(fd, b'x')\n"
        + "def handler(signo, info, _):\n"
        + "    print(signo, info.si_code, info.si_addr - at)\n"
        + "    mmap(info.si_addr & ~4095, 4096, 3, MAP_ANON | MAP_PRIVATE | MAP_FIXED)\n"
        + "sigaction(SIGSEGV, Sigaction(handler, 0, SA_SIGINFO))\n"
        + "sigaction(SIGBUS, Sigaction(handler, 0, SA_SIGINFO))\n"
        + "store(at + 1, b'X')\n"
        + "store(at + 4090, b'0123456789')\n"
        + "munmap(at, 4096)\n"
        + "load(at, 1)\n"
        + "at = mmap(0, 8192, 3, MAP_SHARED, fd)\n"
        + "load(at, 5000)\n"
    )
    assert result.stdout == b"11 2 1\n11 2 4096\n11 1 0\n10 2 4096\n", result.stderr


def test_shared_memory_is_shared(run):
    """Across forks, whoever adds; what was read before the fork is what the child has read."""
    result = run(
        LAB
        + f"at = {ANON % 'MAP_SHARED'}"
        + "atomic_add_32(at, 5)\nbefore = load(at, 4)\n"
        + "for number in range(4):\n"
        + "    if fork() == 0:\n"
        + "        for _ in range(10):\n            atomic_add_32(at, 1)\n"
        + "        assert before == b'\\5\\0\\0\\0'\n        _exit(0)\n"
        + "    store(at + 100 + number, b'x')\n"
        + "for _ in range(4):\n    assert wait()[1] == 0\n"
        + "print(load(at, 1)[0])\n"
    )
    assert result.stdout == b"45\n", result.stderr


def test_private_memory_is_not(run):
    """A child has what was there at the fork, and changes its own."""
    result = run(
        LAB
        + f"at = {ANON % 'MAP_PRIVATE'}"
        + "store(at, b'before')\n"
        + "if fork() == 0:\n    print(load(at, 6))\n    store(at, b'child!')\n    exit(0)\n"
        + "wait()\nprint(load(at, 6))\n"
    )
    assert result.stdout == b"b'before'\nb'before'\n", result.stderr


def test_a_replay_does_not_store_again(run):
    """What a sibling has changed since is left alone; what the kernel stored is, too."""
    result = run(
        LAB
        + f"at = {ANON % 'MAP_SHARED'}"
        + "store(at, b'one')\nr, w = pipe()\nwrite(w, b'two')\n"
        + "assert syscall(3, r, at + 8, 3) == 3\n"
        + "pid = fork()\n"
        + "store(at, b'new') if pid else None\n"
        + "store(at + 8, b'NEW') if pid else None\n"
        + "if pid == 0:\n    print(load(at, 3), load(at + 8, 3))\n    exit(0)\n"
        + "wait()\n"
    )
    assert result.stdout == b"b'new' b'NEW'\n", result.stderr


def test_a_replay_takes_the_same_faults(run):
    """Handlers of faults ran before the fork, and have left their marks in the child."""
    result = run(
        LAB
        + "seen = []\nat = 0x200000\n"
        + "def handler(signo):\n"
        + "    seen.append(signo)\n"
        + "    mmap(at, 4096, 3, MAP_ANON | MAP_FIXED | (MAP_SHARED if len(seen) == 1 else MAP_PRIVATE))\n"
        + "signal(SIGSEGV, handler)\n"
        + "store(at, b'shared')\nmunmap(at, 4096)\nstore(at, b'private')\n"
        + "if fork() == 0:\n    print(seen, load(at, 7))\n    exit(0)\n"
        + "wait()\n"
    )
    assert result.stdout == b"[11, 11] b'private'\n", result.stderr


@pytest.mark.parametrize(
    ("how", "child"),
    [
        ("MAP_INHERIT_SHARE", b"parent child!"),
        ("MAP_INHERIT_COPY", b"parent parent"),
        ("MAP_INHERIT_ZERO", b"\0\0\0\0\0\0 parent"),
        ("MAP_INHERIT_NONE", b"none parent"),
    ],
)
def test_minherit_says_what_children_get(run, how, child):
    """The same memory, a copy, zeroes, or nothing."""
    result = run(
        LAB
        + f"at = {ANON % 'MAP_PRIVATE'}"
        + f"store(at, b'parent')\nminherit(at, 4096, {how})\n"
        + "if fork() == 0:\n"
        + "    signal(SIGSEGV, lambda _: (write(1, b'none'), _exit(0)))\n"
        + "    write(1, load(at, 6))\n    store(at, b'child!')\n    _exit(0)\n"
        + "wait()\nwrite(1, b' ' + load(at, 6))\n"
    )
    assert result.stdout == child, result.stderr


def test_a_window_reads_and_writes(run):
    """mapped: slices and single bytes, as a bytearray of fixed size has them."""
    result = run(
        LAB
        + f"page = mapped({ANON.strip() % 'MAP_PRIVATE'}, 4096)\n"
        + "page[0:5] = b'hello'\npage[1] = ord('E')\npage[-1] = 7\n"
        + "page[10:16:2] = b'abc'\n"
        + "print(page[:5], page[4095], page[10:16], page[14:9:-2], len(page), sum(page) > 0)\n"
        + "for bad in (4096, -4097):\n"
        + "    try:\n        page[bad]\n    except IndexError as exc:\n        print(exc)\n"
        + "try:\n    page[0:2] = b'x'\nexcept ValueError as exc:\n    print(exc)\n"
    )
    assert result.stdout == (
        b"b'hEllo' 7 b'a\\x00b\\x00c\\x00' b'cba' 4096 True\n"
        b"address out of range\naddress out of range\nmemory cannot change its size\n"
    ), result.stderr


def test_atomic_operations(run):
    """Each returns what atomic_ops(3) says, and wraps around at its size."""
    result = run(
        LAB
        + f"at = {ANON % 'MAP_PRIVATE'}"
        + "print(atomic_cas_32(at, 0, 7), atomic_cas_32(at, 0, 8), atomic_swap_32(at, 2**32 - 1))\n"
        + "print(atomic_add_32_nv(at, 2), atomic_cas_64(at, 1, 2**40), atomic_swap_64(at, 5))\n"
        + "atomic_add_64(at, -6)\natomic_add_32(at, 1)\nprint(load(at, 8), atomic_add_64_nv(at, 1))\n"
    )
    assert result.stdout == (
        b"0 7 7\n1 1 1099511627776\nb'\\x00\\x00\\x00\\x00\\xff\\xff\\xff\\xff' 18446744069414584321\n"
    ), result.stderr


def test_a_word_of_shared_memory_is_waited_for(run):
    """A futex in memory that is shared is one for parent and child."""
    result = run(
        LAB
        + f"at = {ANON % 'MAP_SHARED'}"
        + "pid = fork()\n"
        + "if pid == 0:\n    futex(at, FUTEX_WAIT, 0)\n    exit(load(at, 1)[0])\n"
        + "sched_yield()\nsched_yield()\nstore(at, b'\\7')\n"
        + "print(futex(at, FUTEX_WAKE, 1), waitpid(pid)[1] >> 8)\n"
    )
    assert result.stdout == b"1 7\n", result.stderr


def test_a_signal_stack_of_mapped_memory(run):
    """Handlers run on it, also in a child that forks while one does."""
    result = run(
        LAB
        + "at = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_ANON | MAP_PRIVATE)\n"
        + "sigaltstack(Sigstk(at, 65536, 0))\n"
        + "def handler(signo):\n"
        + "    if fork() == 0:\n        write(1, b'child ')\n        _exit(0)\n"
        + "    wait()\n    write(1, b'%d' % any(load(at, 65536)))\n"
        + "sigaction(SIGUSR1, Sigaction(handler, 0, SA_ONSTACK))\n"
        + "raise_(SIGUSR1)\n"
    )
    assert result.stdout == b"child 1", result.stderr
