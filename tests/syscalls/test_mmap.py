# SPDX-License-Identifier: BSD-2-Clause
"""mmap(2) and the calls beside it: how they fail, and what they leave in a trace."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.mman import (
    MADV_DONTNEED,
    MADV_FREE,
    MADV_SPACEAVAIL,
    MADV_WILLNEED,
    MAP_ALIGNED,
    MAP_ANON,
    MAP_FIXED,
    MAP_INHERIT_NONE,
    MAP_PRIVATE,
    MAP_SHARED,
    MAP_WIRED,
    MCL_CURRENT,
    MCL_FUTURE,
    MS_ASYNC,
    MS_INVALIDATE,
    MS_SYNC,
    PROT_EXEC,
    PROT_MPROTECT,
    PROT_NONE,
    PROT_READ,
    PROT_WRITE,
)
from kernel.sys.mount import MNT_NOEXEC
from kernel.sys.resource import RLIMIT_AS, RLIMIT_DATA, RLIMIT_MEMLOCK, Rlimit
from kernel.sys.stat import UF_APPEND, UF_IMMUTABLE
from kernel.sys.syscall import sysno
from kernel.sys.vm import DATA_BASE, VM_LAYOUT
from tests.syscalls.errnos import Traced, errnos
from userland.libc import machine
from userland.libc.syscall import call as trap

PAGE = 4096
RW = PROT_READ | PROT_WRITE
ANON = MAP_ANON | MAP_PRIVATE
TOP = VM_LAYOUT[8].usrstack + PAGE  # the end of user memory
HOLE = 0x20_0000  # where nothing is mapped


@pytest.fixture
def page(root):
    """Two pages of memory of root's."""
    return root.mmap(0, 2 * PAGE, RW, ANON)


def file(p, mode=O_RDWR, data=b"data"):
    """A file of p's, open for mode."""
    p.close(p.open(b"f", O_CREAT | O_WRONLY, 0o644))
    fd = p.open(b"f", O_RDWR)
    p.write(fd, data)
    p.close(fd)
    return p.open(b"f", mode)


@pytest.mark.errno("mmap", Errno.EACCES)
def test_file_not_open_for_that(fails, root):
    """The file is not open for that; or memory is to be both writable and executable."""
    fails(root, "mmap", 0, PAGE, PROT_READ, MAP_SHARED, file(root, O_WRONLY))
    fails(root, "mmap", 0, PAGE, RW, MAP_SHARED, file(root, O_RDONLY))
    fails(root, "mmap", 0, PAGE, PROT_WRITE | PROT_EXEC, ANON)
    assert root.mmap(0, PAGE, RW, MAP_PRIVATE, file(root, O_RDONLY))


@pytest.mark.errno("mmap", Errno.EACCES)
def test_no_programs_here(fails, root, tmpfs):
    """The memory is to be executable and the file system is mounted noexec."""
    tmpfs(b"m").mnt_flag |= MNT_NOEXEC
    root.chdir(b"m")
    fails(root, "mmap", 0, PAGE, PROT_EXEC, MAP_PRIVATE, file(root, O_RDONLY))


@pytest.mark.errno("mmap", Errno.EBADF)
def test_no_descriptor(fails, root):
    """The descriptor is not open, and MAP_ANON is not given."""
    fails(root, "mmap", 0, PAGE, RW, MAP_PRIVATE, 99)


@pytest.mark.errno("mmap", Errno.EINVAL)
def test_arguments_of_mmap(fails, root):
    """Flags that exclude each other, a fixed address of no page, an odd alignment, an offset < 0.

    MAP_ANON goes with descriptor -1 only; page 0 is nobody's.
    """
    fails(root, "mmap", 0, PAGE, RW, MAP_ANON | MAP_SHARED | MAP_PRIVATE)
    fails(root, "mmap", 0, PAGE, RW, ANON, 0)
    fails(root, "mmap", HOLE + 1, PAGE, RW, ANON | MAP_FIXED)
    fails(root, "mmap", 0, PAGE, RW, ANON | MAP_FIXED)
    fails(root, "mmap", 0, PAGE, RW, ANON | MAP_ALIGNED(11))
    fails(root, "mmap", 0, PAGE, RW, ANON | MAP_ALIGNED(64))
    fails(root, "mmap", HOLE + PAGE, PAGE, RW, ANON | MAP_FIXED | MAP_ALIGNED(16))
    fails(root, "mmap", 0, PAGE, RW, MAP_PRIVATE, file(root), -PAGE)


@pytest.mark.errno("mmap", Errno.ENODEV)
def test_what_cannot_be_mapped(fails, root):
    """The descriptor is a directory's, a pipe's, or that of a device without memory."""
    for fd in (root.open(b".", O_RDONLY), root.pipe()[0], root.open(b"/dev/null", O_RDWR)):
        fails(root, "mmap", 0, PAGE, PROT_READ, MAP_PRIVATE, fd)


@pytest.mark.errno("mmap", Errno.ENOMEM)
def test_no_room(fails, root):
    """There is no such room; RLIMIT_AS, or with MAP_WIRED RLIMIT_MEMLOCK, would be passed."""
    fails(root, "mmap", 0, TOP, RW, ANON)
    fails(root, "mmap", 0, (1 << 64) - 1, RW, ANON)
    fails(root, "mmap", 0, PAGE, RW, ANON | MAP_ALIGNED(62))
    fails(root, "mmap", TOP - 2 * PAGE, PAGE, RW, ANON | MAP_FIXED)
    root.setrlimit(RLIMIT_MEMLOCK, Rlimit(PAGE, PAGE))
    fails(root, "mmap", 0, 2 * PAGE, RW, ANON | MAP_WIRED)
    root.setrlimit(RLIMIT_AS, Rlimit(1 << 20, 1 << 20))
    fails(root, "mmap", 0, 1 << 20, RW, ANON)
    assert root.mmap(0, 1 << 19, RW, ANON)


@pytest.mark.errno("mmap", Errno.EFBIG)
def test_too_high(fails, root):
    """A fixed mapping would end behind the end of user memory."""
    fails(root, "mmap", TOP - PAGE, 2 * PAGE, RW, ANON | MAP_FIXED)


@pytest.mark.errno("mmap", Errno.EOVERFLOW)
def test_beyond_all(fails, root):
    """It would go around the end of the addresses, or beyond the largest offset of a file."""
    fails(root, "mmap", PAGE, (1 << 64) - PAGE, RW, ANON | MAP_FIXED)
    fails(root, "mmap", 0, 2 * PAGE, RW, MAP_PRIVATE, file(root), (1 << 63) - PAGE)


@pytest.mark.errno("mmap", Errno.EPERM)
@pytest.mark.parametrize("flag", [UF_IMMUTABLE, UF_APPEND])
def test_a_file_that_may_not_change(fails, root, flag):
    """MAP_SHARED memory is to be written, and the file is immutable or append-only."""
    fd = file(root)
    root.chflags(b"f", flag)
    fails(root, "mmap", 0, PAGE, RW, MAP_SHARED, fd)


@errnos(
    Errno.EINVAL,
    {
        "munmap": lambda at, size: ("munmap", at, size),
        "mprotect": lambda at, size: ("mprotect", at, size, PROT_READ),
        "minherit": lambda at, size: ("minherit", at, size, MAP_INHERIT_NONE),
        "madvise": lambda at, size: ("madvise", at, size, MADV_WILLNEED),
        "msync": lambda at, size: ("msync", at, size, MS_SYNC),
        "mlock": lambda at, size: ("mlock", at, size),
        "munlock": lambda at, size: ("munlock", at, size),
    },
)
def test_no_user_memory(fails, root, call):
    """The range is not in user memory: page 0, beyond the end, or around it."""
    fails(root, *call(0, PAGE))
    fails(root, *call(TOP, PAGE))
    fails(root, *call(HOLE, (1 << 64) - PAGE))


@errnos(
    Errno.EINVAL,
    {
        "mincore+odd": lambda at: ("mincore", at + 1, PAGE),
        "mincore+none": lambda at: ("mincore", at, 0),
        "minherit": lambda at: ("minherit", at, PAGE, 9),
        "madvise": lambda at: ("madvise", at, PAGE, MADV_SPACEAVAIL),
        "msync+none": lambda at: ("msync", at, PAGE, 0),
        "msync+both": lambda at: ("msync", at, PAGE, MS_SYNC | MS_ASYNC),
        "msync+other": lambda at: ("msync", at, PAGE, 0x10),
        "msync+where": lambda _at: ("msync", HOLE, 0, MS_SYNC),
        "mlock+hole": lambda at: ("mlock", at, 3 * PAGE),
        "munlock+unlocked": lambda at: ("munlock", at, PAGE),
        "mlockall+none": lambda _at: ("mlockall", 0),
        "mlockall+other": lambda _at: ("mlockall", 4),
        "mremap+flags": lambda at: ("mremap", at, PAGE, 0, PAGE, MAP_PRIVATE),
        "mremap+none": lambda at: ("mremap", at, PAGE, 0, 0),
        "mremap+odd": lambda at: ("mremap", at + 1, PAGE, 0, PAGE),
        "mremap+beyond": lambda at: ("mremap", at, 1 << 64, 0, PAGE),
    },
)
def test_arguments(fails, root, page, call):
    """Advice or flags that there are none of, a length of 0, a hole, memory that is not locked."""
    root.munmap(page + 2 * PAGE, PAGE)
    fails(root, *call(page))


@errnos(
    Errno.ENOMEM,
    {
        "mlock": lambda: ("mlock", HOLE, PAGE),
        "munlock": lambda: ("munlock", HOLE, PAGE),
        "mincore": lambda: ("mincore", HOLE, PAGE),
    },
)
def test_nothing_there(fails, root, call):
    """Nothing is mapped at the address."""
    fails(root, *call())


@pytest.mark.errno("mlock", Errno.ENOMEM)
def test_what_cannot_be_touched(fails, root, page):
    """The page's protection is PROT_NONE."""
    root.mprotect(page, PAGE, PROT_NONE)
    fails(root, "mlock", page, PAGE)


@pytest.mark.errno("mlockall", Errno.ENOMEM)
def test_all_is_too_much(fails, root, page):
    """RLIMIT_MEMLOCK is less than what there is."""
    root.setrlimit(RLIMIT_MEMLOCK, Rlimit(PAGE, PAGE))
    fails(root, "mlockall", MCL_CURRENT)


@pytest.mark.errno("mlock", Errno.EAGAIN)
def test_too_much_to_lock(fails, root, page):
    """RLIMIT_MEMLOCK would be passed, with what is locked already."""
    root.setrlimit(RLIMIT_MEMLOCK, Rlimit(PAGE, PAGE))
    root.mlock(page, PAGE)
    fails(root, "mlock", page + PAGE, PAGE)


@errnos(
    Errno.EFAULT,
    {
        "msync": lambda at: ("msync", at, 3 * PAGE, MS_SYNC),
        "madvise": lambda at: ("madvise", at, 3 * PAGE, MADV_DONTNEED),
        "mremap": lambda at: ("mremap", at, 3 * PAGE, 0, 4 * PAGE),
        "mincore": lambda at: (trap, "mincore", at, PAGE, 16),
    },
)
def test_holes(fails, root, page, call):
    """Some of the range is not mapped; of mincore, where the answer is to go."""
    at = root.mremap(page, 2 * PAGE, HOLE, 2 * PAGE, MAP_FIXED)
    fails(root, *call(at))


@errnos(
    Errno.EBUSY,
    {
        "msync": lambda at: ("msync", at, PAGE, MS_INVALIDATE),
        "madvise": lambda at: ("madvise", at, PAGE, MADV_FREE),
    },
)
def test_locked(fails, root, page, call):
    """Pages would be given up that are locked in memory."""
    root.mlock(page, PAGE)
    fails(root, *call(page))


@pytest.mark.errno("mprotect", Errno.EACCES)
def test_more_than_was_asked_for(fails, root, page):
    """More than the file was opened for; or writable and executable, at once or in turn.

    What PROT_MPROTECT asked for at mmap may be had later.
    """
    at = root.mmap(0, PAGE, PROT_READ, MAP_SHARED, file(root, O_RDONLY))
    fails(root, "mprotect", at, PAGE, RW)
    fails(root, "mprotect", page, PAGE, RW | PROT_EXEC)
    fails(root, "mprotect", page, PAGE, PROT_READ | PROT_EXEC)
    at = root.mmap(0, PAGE, RW | PROT_MPROTECT(PROT_EXEC), ANON)
    assert root.mprotect(at, PAGE, PROT_READ | PROT_EXEC) == 0


@pytest.mark.errno("mremap", Errno.ENOMEM)
def test_no_room_to_move(fails, root, page):
    """With MAP_FIXED something is mapped there; or there is no room of that size."""
    other = root.mmap(0, PAGE, RW, ANON)
    fails(root, "mremap", page, 2 * PAGE, other, PAGE, MAP_FIXED)
    fails(root, "mremap", other, PAGE, other, 3 * PAGE, MAP_FIXED)
    fails(root, "mremap", page, 2 * PAGE, 0, TOP - PAGE)
    fails(root, "mremap", page, PAGE, 0, PAGE, MAP_ALIGNED(62))


@pytest.mark.errno("break", Errno.ENOMEM)
def test_data_segment_cannot_grow(fails, root):
    """RLIMIT_DATA, or something is mapped where it would grow."""
    root.sbrk(PAGE)
    root.mmap(DATA_BASE + 2 * PAGE, PAGE, RW, ANON | MAP_FIXED)
    fails(root, "sbrk", 2 * PAGE)
    root.setrlimit(RLIMIT_DATA, Rlimit(PAGE, PAGE))
    fails(root, "sbrk", PAGE)
    root.sbrk(-PAGE)
    assert root.sbrk(0) == DATA_BASE


@errnos(Errno.ENOSYS, {"sbrk": lambda: (trap, "sbrk", 0), "sstk": lambda: (trap, "sstk", 0)})
def test_never_made(fails, root, call):
    """There is such a number, and no such call."""
    fails(root, *call())


CALLS = {
    "mmap": lambda _at: ("mmap", 0, PAGE, RW, ANON),
    "munmap": lambda at: ("munmap", at, PAGE),
    "mprotect": lambda at: ("mprotect", at, PAGE, PROT_READ),
    "minherit": lambda at: ("minherit", at, PAGE, MAP_INHERIT_NONE),
    "madvise": lambda at: ("madvise", at, PAGE, MADV_WILLNEED),
    "msync": lambda at: ("msync", at, PAGE, MS_SYNC),
    "mincore": lambda at: ("mincore", at, PAGE),
    "mlock": lambda at: ("mlock", at, PAGE),
    "munlock": lambda at: ("munlock", at + PAGE, PAGE),
    "mlockall": lambda _at: ("mlockall", MCL_CURRENT | MCL_FUTURE),
    "munlockall": lambda _at: ("munlockall",),
    "mremap": lambda at: ("mremap", at, PAGE, 0, 5 * PAGE),
    "break": lambda _at: ("sbrk", PAGE),
}


@pytest.mark.parametrize(
    ("name", "act"),
    [
        pytest.param(name, act, id=name, marks=pytest.mark.trace(name, "CALL RET"))
        for name, act in CALLS.items()
    ],
)
def test_the_trace_of_a_call(k, root, page, name, act):
    """The call and its return: memory that is mapped leaves no other record."""
    root.mlock(page + PAGE, PAGE)
    trace = Traced(k, root)
    root.call(*act(page))
    records = trace.records()
    assert len(records) == 2, name
    assert records[1].body().ktr_error == 0


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.trace(name, "CALL RET")) for name in ("sbrk", "sstk")],
)
def test_the_trace_of_a_refusal(k, root, name):
    """It is recorded as any return is, and no SIGSYS comes."""
    trace = Traced(k, root)
    with pytest.raises(OSError, match="not implemented"):
        root.call(trap, name, 0)
    call, ret = trace.records()
    assert ret.body().ktr_error == Errno.ENOSYS
    assert call.body().ktr_code == ret.body().ktr_code


def test_sizes_below_zero_are_huge(root):
    """A register that was passed as a negative number is a size that nothing has."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    at = root.mmap(0, 2 * PAGE, RW, ANON)
    huge = -(1 << 47)

    def calls():
        return [
            machine.trap(sysno("mmap"), at, huge, PROT_READ, MAP_PRIVATE, fd, 0)[0],
            machine.trap(sysno("mremap"), at, PAGE, 0, huge, 0)[0],
            machine.trap(sysno("mincore"), at, huge, at)[0],
        ]

    assert root.call(calls) == [Errno.ENOMEM, Errno.EINVAL, Errno.EINVAL]
    assert root.load(at, 1) == b"\0"
