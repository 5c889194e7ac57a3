# SPDX-License-Identifier: BSD-2-Clause
"""Mappings of memory and of files: what is seen where, and that nothing of them stays behind."""

import pytest

from kernel.kern.init_main import boot_lookup
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.mman import (
    MADV_FREE,
    MAP_ALIGNED,
    MAP_ANON,
    MAP_FIXED,
    MAP_PRIVATE,
    MAP_REMAPDUP,
    MAP_SHARED,
    MAP_TRYFIXED,
    MCL_FUTURE,
    MS_SYNC,
    PROT_READ,
    PROT_WRITE,
)
from userland.libc import SIGBUS, WTERMSIG

PAGE = 4096
RW = PROT_READ | PROT_WRITE
ANON = MAP_ANON | MAP_PRIVATE


@pytest.fixture
def p(k):
    """A process."""
    return k.process()


def opened(p, size=0):
    """A file of size bytes."""
    fd = p.open(b"/tmp/f", O_CREAT | O_RDWR, 0o644)
    if size:
        p.ftruncate(fd, size)
    return fd


def test_a_shared_mapping_is_the_file(p):
    """What is stored can be read(2), what is written can be loaded, in every mapping."""
    fd = opened(p, 3 * PAGE)
    one = p.mmap(0, 2 * PAGE, RW, MAP_SHARED, fd)
    two = p.mmap(0, PAGE, RW, MAP_SHARED, fd, PAGE)
    p.store(one + PAGE - 2, b"mapped")
    assert p.load(two, 4) == b"pped"
    assert p.pread(fd, 6, PAGE - 2) == b"mapped"
    p.pwrite(fd, b"written", PAGE)
    assert p.load(two, 7) == p.load(one + PAGE, 7) == b"written"


def test_a_private_mapping_has_its_own_pages(p):
    """They are the file's until they are stored into."""
    fd = opened(p, 2 * PAGE)
    at = p.mmap(0, 2 * PAGE, RW, MAP_PRIVATE, fd)
    p.pwrite(fd, b"first", 0)
    assert p.load(at, 5) == b"first"
    p.store(at, b"mine!")
    p.pwrite(fd, b"second", 0)
    p.pwrite(fd, b"second", PAGE)
    assert p.load(at, 6) == b"mine!\0"
    assert p.load(at + PAGE, 6) == b"second"
    assert p.pread(fd, 6, 0) == b"second"


def test_the_end_of_a_file_moves(p, k):
    """Behind its last page is a bus error, until the file grows; what is cut off is gone."""
    fd = opened(p, 10)
    at = p.mmap(0, 2 * PAGE, RW, MAP_SHARED, fd)
    p.store(at + 8, b"0123")
    assert p.fstat(fd).st_size == 10
    assert p.pread(fd, 100, 0) == bytes(8) + b"01"
    p.ftruncate(fd, PAGE + 1)
    p.store(at + PAGE, b"x")
    p.ftruncate(fd, 4)
    p.ftruncate(fd, PAGE + 1)
    assert p.load(at + PAGE, 1) == b"\0"
    p.ftruncate(fd, PAGE)
    p.call("load", at + PAGE, 1)
    assert WTERMSIG(p.status) == SIGBUS


def test_a_file_that_has_no_name_lives_in_its_mapping(p, k):
    """Its memory is given back with the last of them."""
    mount = boot_lookup(k.kernel, b"/tmp").v_mount.mnt_data
    before = mount.tm_mem_used, mount.tm_nodes_cnt
    fd = opened(p, PAGE)
    at = p.mmap(0, PAGE, RW, MAP_SHARED, fd)
    p.store(at, b"still here")
    p.close(fd)
    p.unlink(b"/tmp/f")
    assert p.load(at, 10) == b"still here"
    assert mount.tm_nodes_cnt == before[1] + 1
    p.munmap(at, PAGE)
    assert (mount.tm_mem_used, mount.tm_nodes_cnt) == before


@pytest.mark.parametrize("end", ["exit", "exec"])
def test_nothing_stays_behind(k, run, end):
    """Exit and exec let go of what was mapped, by the process and by its children."""
    mount = boot_lookup(k.kernel, b"/tmp").v_mount.mnt_data
    run("")
    before = mount.tm_nodes_cnt
    result = run(
        "from userland.libc import *\n"
        "fd = open('/tmp/f', O_CREAT | O_RDWR)\nunlink('/tmp/f')\nftruncate(fd, 8192)\n"
        "at = mmap(0, 8192, 3, MAP_SHARED, fd)\nclose(fd)\nmunmap(at, 4096)\n"
        "for _ in range(3):\n    if fork() == 0:\n        store(at + 4096, b'x')\n        _exit(0)\n"
        "while True:\n    try:\n        wait()\n    except OSError:\n        break\n"
        + ("execv('/usr/bin/true', ['true'])\n" if end == "exec" else "")
    )
    assert result.status == 0, result.stderr
    assert mount.tm_nodes_cnt == before


def test_a_hole_of_a_file_takes_room_when_it_is_stored_into(p, tmp_path, k):
    """Loads see zeroes and cost nothing; where the file system is full a store is a bus error."""
    root = k.root()
    root.mkdir(b"/small", 0o777)
    from kernel.fs.tmpfs.tmpfs import TmpfsArgs
    from kernel.fs.tmpfs.tmpfs_vfsops import tmpfs_vfsops
    from kernel.kern.vfs_mount import domount

    covered = boot_lookup(k.kernel, b"/small")
    args = TmpfsArgs(16 * PAGE, 100)
    mount = domount(k.kernel, tmpfs_vfsops, covered, args, onname=b"/small").mnt_data
    p = k.process()
    fd = p.open(b"/small/f", O_CREAT | O_RDWR, 0o644)
    p.ftruncate(fd, 64 * PAGE)
    at = p.mmap(0, 64 * PAGE, RW, MAP_SHARED, fd)
    used = mount.tm_mem_used
    assert p.load(at, 64 * PAGE) == bytes(64 * PAGE)
    assert mount.tm_mem_used == used
    p.store(at + PAGE + 1, b"x")
    assert mount.tm_mem_used == used + PAGE
    p.call("store", at, bytes(64 * PAGE))
    assert WTERMSIG(p.status) == SIGBUS


def test_a_file_is_written_from_its_own_mapping(p):
    """write(2) of what is mapped, to the same file: also at its end."""
    fd = opened(p, 10)
    at = p.mmap(0, 2 * PAGE, RW, MAP_SHARED, fd)
    p.store(at, b"0123456789")

    def copy(offset):
        return p.syscall(174, fd, at, 10, offset)

    assert [copy(offset) for offset in (10, 5, PAGE - 3, 3)] == [10] * 4
    assert p.pread(fd, 25, 0) == b"012" + b"0123401234" + b"89" + b"56789" + bytes(5)
    assert p.pread(fd, 10, PAGE - 3) == b"0123401234"


def test_host_files_can_be_mapped(k, tmp_path):
    """The host sees what is stored once the file is used again, synchronized or unmapped."""
    (tmp_path / "f").write_bytes(b"host" + bytes(PAGE))
    k.mount(tmp_path, b"/mnt")
    p = k.root()
    fd = p.open(b"/mnt/f", O_RDWR)
    at = p.mmap(0, 2 * PAGE, RW, MAP_SHARED, fd)
    assert p.load(at, 4) == b"host"
    p.store(at + 4, b"!")
    assert p.pread(fd, 5, 0) == b"host!"
    p.store(at + PAGE, b"guest")
    p.msync(at, 2 * PAGE, MS_SYNC)
    assert (tmp_path / "f").read_bytes() == b"host!" + bytes(PAGE - 5) + b"gues"
    (tmp_path / "f").write_bytes(b"HOST" + bytes(PAGE))
    assert p.load(at, 4) == b"HOST"
    p.close(fd)
    p.store(at, b"last")
    p.munmap(at, 2 * PAGE)
    assert (tmp_path / "f").read_bytes()[:4] == b"last"


def test_dev_zero_is_memory_without_a_name(p):
    """As SunOS had it."""
    at = p.mmap(0, PAGE, RW, MAP_PRIVATE, p.open(b"/dev/zero", O_RDWR))
    p.store(at, b"x")
    assert p.load(at, 2) == b"x\0"


def test_where_mappings_go(p):
    """The highest place below the hint; the hint itself if it is free; with MAP_FIXED there."""
    first = p.mmap(0, PAGE, RW, ANON)
    assert p.mmap(0, PAGE, RW, ANON) == first - PAGE
    assert p.mmap(0x40_0000, PAGE, RW, ANON) == 0x40_0000
    assert p.mmap(0x40_0001, PAGE, RW, ANON) == 0x40_1000
    assert p.mmap(0x40_0000, PAGE, RW, ANON) == 0x3F_F000
    high = 0x7F7F_F800_0000
    assert p.mmap(high, PAGE, RW, ANON) < first
    assert p.mmap(high, PAGE, RW, ANON | MAP_TRYFIXED) == high
    assert p.mmap(high, PAGE, RW, ANON | MAP_TRYFIXED) < first
    assert p.mmap(0, PAGE, RW, ANON | MAP_ALIGNED(24)) % (1 << 24) == 0
    p.store(first, b"old")
    assert p.mmap(first, PAGE, RW, ANON | MAP_FIXED) == first
    assert p.load(first, 3) == b"\0\0\0"


def test_an_offset_within_a_page_is_kept_in_the_address(p):
    """The mapping starts with the page; the address is that of the byte that was asked for."""
    fd = opened(p, PAGE)
    p.pwrite(fd, b"here", 100)
    at = p.mmap(0, 4, PROT_READ, MAP_SHARED, fd, 100)
    assert at % PAGE == 100
    assert p.load(at, 4) == b"here"


def test_mremap(p):
    """Grows in place if it can, moves if it must, or is seen twice."""
    at = p.mmap(0x40_0000, 2 * PAGE, RW, ANON)
    p.store(at, b"data")
    assert p.mremap(at, 2 * PAGE, 0, 3 * PAGE) == at
    assert p.mremap(at, 3 * PAGE, 0, PAGE) == at
    p.mmap(at + PAGE, PAGE, RW, ANON | MAP_FIXED)
    moved = p.mremap(at, PAGE, 0, 2 * PAGE)
    assert moved != at
    assert p.load(moved, PAGE + 4) == b"data" + bytes(PAGE)
    shared = p.mmap(0, PAGE, RW, MAP_ANON | MAP_SHARED)
    twin = p.mremap(shared, PAGE, 0, PAGE, MAP_REMAPDUP)
    p.store(shared, b"both")
    assert p.load(twin, 4) == b"both"
    grown = p.mremap(shared, PAGE, 0, 2 * PAGE)
    p.store(grown + PAGE, b"more")
    assert p.load(grown, 4) == b"both"


def test_mincore_tells_what_was_touched(p):
    """A page without a name is there from its first access on; MADV_FREE gives it back."""
    at = p.mmap(0, 3 * PAGE, RW, ANON)
    assert p.mincore(at, 3 * PAGE) == b"\0\0\0"
    p.store(at + PAGE, b"x")
    p.mlock(at + 2 * PAGE, PAGE)
    assert p.mincore(at, 3 * PAGE) == b"\0\1\1"
    p.madvise(at, 2 * PAGE, MADV_FREE)
    assert p.mincore(at, 2 * PAGE) == b"\0\0"
    assert p.load(at + PAGE, 1) == b"\0"


def test_mlockall_of_the_future(p):
    """What is mapped from now on is locked; children do not inherit that."""
    p.mlockall(MCL_FUTURE)
    at = p.mmap(0, PAGE, RW, ANON)
    p.munlock(at, PAGE)
    p.munlockall()
    at = p.mmap(0, PAGE, RW, ANON)
    with pytest.raises(OSError, match="Invalid") as failure:
        p.munlock(at, PAGE)
    assert failure.value.errno == Errno.EINVAL


def test_shm_open_names_memory(k, p):
    """Two processes meet by a name below /var/shm; it goes, they stay."""
    fd = p.shm_open("/queue", O_CREAT | O_RDWR, 0o666)
    p.ftruncate(fd, PAGE)
    other = k.process()
    mine = p.mmap(0, PAGE, RW, MAP_SHARED, fd)
    its = other.mmap(0, PAGE, RW, MAP_SHARED, other.shm_open("queue", O_RDWR))
    p.atomic_add_32(mine, 2)
    assert other.atomic_add_32_nv(its, 3) == 5
    p.shm_unlink("/queue")
    with pytest.raises(FileNotFoundError):
        other.shm_open("/queue", O_RDWR)
    for name, error in (("/a/b", Errno.EINVAL), ("x" * 600, Errno.ENAMETOOLONG)):
        with pytest.raises(OSError) as failure:  # noqa: PT011
            p.shm_open(name, O_RDWR)
        assert failure.value.errno == error
