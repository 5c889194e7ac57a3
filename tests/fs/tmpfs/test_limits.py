# SPDX-License-Identifier: BSD-2-Clause
"""tmpfs and descriptors at their limits, through system calls: nothing is lost, nothing leaks."""

from random import Random

import pytest

from kernel import api
from kernel.kern.vfs_vnops import vn_rdwr
from kernel.sys.dirent import dirents
from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_DUPFD, O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR
from kernel.sys.kernel import Limits
from kernel.sys.param import KERNEL_NAME_MAX, PAGE_SIZE, PATH_MAX
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.uio import UIO_WRITE
from kernel.sys.unistd import SEEK_END, SEEK_SET
from kernel.sys.vnode import VREG, Vattr

SIZE_MAX = (1 << 63) - PAGE_SIZE  # bytes of the largest file


class Place:
    """A process in an empty directory, and what is in use of everything."""

    def __init__(self, k):
        self.k = k
        self.p = k.root()
        self.p.mkdir(b"/t", 0o755)
        self.p.chdir(b"/t")
        self.dvp = k.kernel.rootvnode.v_op.vop_lookup(k.kernel.rootvnode, b"t", ROOT_CRED)
        self.tmp = k.kernel.rootvnode.v_mount.mnt_data

    def used(self):
        """Bytes, inodes, open files and descriptors."""
        descriptors = sum(fp is not None for fp in self.p.proc.p_fd.fd_ofiles)
        return self.tmp.tm_mem_used, self.tmp.tm_nodes_cnt, self.k.kernel.nfiles, descriptors

    def make(self, name):
        """Make a file without a system call: for those there are very many of."""
        return self.dvp.v_op.vop_create(self.dvp, name, Vattr(VREG, 0o644), ROOT_CRED)

    def remove(self, name):
        vp = self.dvp.v_op.vop_lookup(self.dvp, name, ROOT_CRED)
        self.dvp.v_op.vop_remove(self.dvp, vp, name, ROOT_CRED)

    def error(self, function, *args):
        """The error of a call that must fail."""
        with pytest.raises(OSError, match="Errno") as info:
            self.p.call(function, *args)
        return info.value.errno

    def touch(self, name):
        self.p.close(self.p.open(name, O_CREAT | O_RDWR, 0o644))


@pytest.fixture
def place():
    """Makes a place in a kernel with the limits given."""
    systems = []

    def make(**limits):
        systems.append(api.boot(limits=Limits(**limits)))
        return Place(systems[-1])

    yield make
    for system in systems:
        system.shutdown()


def test_a_directory_of_100_000_entries_that_come_and_go(place):
    """Listed in blocks of 512 bytes while others remove and add: what stays is seen once (3 s)."""
    there = place(fs_size=1 << 30, fs_nodes=300_000)
    p, random = there.p, Random(0)
    before = there.used()
    alive = {b"%d" % n for n in range(100_000)}
    for name in sorted(alive):
        there.make(name)
    fd = p.open(b".", O_RDONLY | O_DIRECTORY)
    assert p.fstat(fd).st_size == 100_000 * 48
    stays, seen, added = set(alive), [], 0
    victims = random.sample(sorted(alive), 50_000)
    while data := p.getdents(fd, 512):
        seen += [entry.d_name for entry in dirents(data)]
        for _ in range(10):
            if victims:
                name = victims.pop()
                there.remove(name)
                stays.discard(name)
                alive.discard(name)
        if added < 1000:
            there.make(b"new%d" % added)
            alive.add(b"new%d" % added)
            added += 1
    assert len(seen) == len(set(seen))
    assert stays < set(seen)
    assert added == 1000
    p.lseek(fd, 0, SEEK_SET)
    again = []
    while data := p.getdents(fd, 65536):
        again += [entry.d_name for entry in dirents(data)]
    assert set(again) == {b".", b"..", *alive}
    assert len(again) == len(alive) + 2
    for name in random.sample(sorted(alive), 100):
        assert p.stat(name).st_nlink == 1
    assert there.error("stat", b"none") == Errno.ENOENT
    assert there.error("rmdir", b"/t") == Errno.ENOTEMPTY
    for name in alive:
        there.remove(name)
    p.close(fd)
    assert there.used() == before


def test_a_file_of_a_million_extents(place):
    """Every other page written, then read, filled, cut and removed anywhere at once (5 s)."""
    there = place(fs_size=16 << 30)
    p = there.p
    before = there.used()
    vp = there.make(b"f")
    empty = there.tmp.tm_mem_used
    for page in range(0, 2_000_000, 2):
        vn_rdwr(None, UIO_WRITE, vp, b"x", page * PAGE_SIZE, 0, ROOT_CRED)
    assert there.tmp.tm_mem_used - empty == 1_000_000 * PAGE_SIZE
    fd = p.open(b"f", O_RDWR)
    size = 1_999_998 * PAGE_SIZE + 1
    state = p.fstat(fd)
    assert (state.st_size, state.st_blocks) == (size, 1_999_999 * PAGE_SIZE // 512)
    for page in Random(0).sample(range(1_999_998), 1000):
        expected = b"x" if page % 2 == 0 else b"\0"
        assert p.pread(fd, PAGE_SIZE, page * PAGE_SIZE) == expected + bytes(PAGE_SIZE - 1)
    middle = 1_000_001 * PAGE_SIZE
    assert p.pwrite(fd, b"m" * PAGE_SIZE, middle) == PAGE_SIZE
    assert p.pread(fd, 3 * PAGE_SIZE, middle - PAGE_SIZE)[PAGE_SIZE : 2 * PAGE_SIZE + 1] == (
        b"m" * PAGE_SIZE + b"x"
    )
    assert p.pread(fd, 10, size - 1) == b"x"
    assert there.error("fdiscard", fd, 0, size) == Errno.EOPNOTSUPP
    p.ftruncate(fd, size - 2 * PAGE_SIZE)
    p.ftruncate(fd, middle + 1)
    assert there.tmp.tm_mem_used - empty == 500_002 * PAGE_SIZE
    assert p.pread(fd, 10, middle) == b"m"
    p.ftruncate(fd, 0)
    assert there.tmp.tm_mem_used == empty
    p.unlink(b"f")
    p.close(fd)
    assert there.used() == before


def test_sparse_files(place):
    """Terabytes of hole cost nothing, up to the size that no file may have."""
    there = place()
    p = there.p
    before = there.used()
    for n in range(20):
        fd = p.open(b"f%d" % n, O_CREAT | O_RDWR, 0o644)
        p.ftruncate(fd, 1 << 50)
        assert p.pwrite(fd, b"end", (1 << 50) + 5) == 3
        assert p.lseek(fd, -4, SEEK_END) == (1 << 50) + 4
        assert p.read(fd, 100) == b"\0end"
        assert p.pread(fd, 100_000, 1 << 49) == bytes(100_000)
        assert p.fstat(fd).st_blocks == ((1 << 50) + PAGE_SIZE) // 512
    assert there.tmp.tm_mem_used - before[0] < 20 * 2 * PAGE_SIZE
    assert there.error("ftruncate", fd, SIZE_MAX + 1) == Errno.EFBIG
    assert there.error("truncate", b"f0", (1 << 63) - 1) == Errno.EFBIG
    p.ftruncate(fd, SIZE_MAX)
    assert p.lseek(fd, 0, SEEK_END) == SIZE_MAX
    assert there.error("write", fd, b"x") == Errno.EFBIG
    assert p.pwrite(fd, b"last", SIZE_MAX - 4) == 4
    assert p.pread(fd, 10, SIZE_MAX - 5) == b"\0last"
    p.ftruncate(fd, 1)
    for n in range(20):
        p.close(fd - n)
        p.unlink(b"f%d" % n)
    assert there.used() == before


def test_names_and_paths(place):
    """Names of 255 bytes, paths of 1023, trees deeper than any path: all made, found, removed."""
    there = place()
    p = there.p
    before = there.used()
    longest = b"n" * KERNEL_NAME_MAX
    there.touch(longest)
    p.rename(longest, b"m" * KERNEL_NAME_MAX)
    p.link(b"m" * KERNEL_NAME_MAX, longest)
    assert p.stat(longest).st_nlink == 2
    for function, *args in (("open", O_CREAT, 0o644), ("mkdir", 0o755), ("mkfifo", 0o644)):
        assert there.error(function, longest + b"n", *args) == Errno.ENAMETOOLONG
    assert there.error("rename", longest, longest + b"n") == Errno.ENAMETOOLONG
    p.unlink(longest)
    p.unlink(b"m" * KERNEL_NAME_MAX)
    component = b"d" * 99
    depth = 30  # 30 * 100 bytes: no path leads to the last
    for _ in range(depth):
        p.mkdir(component, 0o755)
        p.chdir(component)
    there.touch(b"f")
    for _ in range(depth):
        p.chdir(b"..")
    assert p.stat(b".").st_ino == p.stat(b"/t").st_ino
    path = b"/".join([component] * 10) + b"/" * 24
    assert len(path) == PATH_MAX - 1
    assert p.stat(path).st_nlink == 3
    assert there.error("stat", path + b"/") == Errno.ENAMETOOLONG
    for _ in range(depth):
        p.chdir(component)
    p.unlink(b"f")
    for _ in range(depth):
        p.chdir(b"..")
        p.rmdir(component)
    assert there.used() == before


def test_full_of_data(place):
    """A write that does not fit fails whole; sizes and bytes stay right; cuts give room again."""
    there = place(fs_size=4 << 20)
    p = there.p
    before = there.used()
    fd, other = (p.open(name, O_CREAT | O_RDWR, 0o644) for name in (b"f", b"g"))
    chunk = bytes(range(256)) * 40
    written = 0
    while True:
        try:
            written += p.write(fd, chunk)
        except OSError as failed:
            if failed.errno == Errno.ENOSPC:
                break
            raise
    assert written % len(chunk) == 0
    assert written > ((4 << 20) - before[0]) * 9 // 10
    assert p.fstat(fd).st_size == p.lseek(fd, 0, SEEK_END) == written
    full = there.used()
    assert there.error("pwrite", other, b"x" * 3 * PAGE_SIZE, 0) == Errno.ENOSPC
    assert there.error("writev", other, [b"x"] + [b"y" * PAGE_SIZE] * 3) == Errno.ENOSPC
    assert p.fstat(other).st_size == 0
    assert there.used() == full
    assert p.pwrite(fd, b"over", 1000) == 4  # what there are pages for
    p.pwrite(fd, chunk[1000:1004], 1000)
    p.lseek(fd, 0, SEEK_SET)
    assert p.read(fd, written + 1) == chunk * (written // len(chunk))
    p.ftruncate(other, 1 << 40)  # a hole takes nothing
    p.ftruncate(fd, written // 2)
    assert p.pwrite(other, b"x" * 3 * PAGE_SIZE, 1 << 30) == 3 * PAGE_SIZE
    p.unlink(b"g")
    p.close(other)
    p.unlink(b"f")
    assert there.used()[0] > before[0] + (1 << 20)
    p.close(fd)
    assert there.used() == before


def test_full_of_inodes(place):
    """No kind of file can be made; links and what is there still work; removal makes room."""
    there = place(fs_nodes=400)
    p = there.p
    before = there.used()
    made = 0
    while there.tmp.tm_nodes_cnt + 1 < there.tmp.tm_nodes_max:
        there.touch(b"%d" % made)
        made += 1
    full = there.used()
    assert p.statvfs(b".").f_ffree == 1
    for function, *args in (
        ("open", b"x", O_CREAT | O_RDWR, 0o644),
        ("mkdir", b"x", 0o755),
        ("symlink", b"target", b"x"),
        ("mkfifo", b"x", 0o644),
    ):
        assert there.error(function, *args) == Errno.ENOSPC
        assert there.error("lstat", b"x") == Errno.ENOENT
    assert there.used() == full
    p.link(b"0", b"x")
    p.rename(b"x", b"y")
    p.unlink(b"y")
    fd = p.open(b"0", O_RDWR)
    p.unlink(b"0")
    assert there.error("mkdir", b"x", 0o755) == Errno.ENOSPC  # it is still open
    p.close(fd)
    p.mkdir(b"x", 0o755)
    p.rmdir(b"x")
    for n in range(1, made):
        p.unlink(b"%d" % n)
    assert there.used() == before


def test_full_of_names(place):
    """Without memory for a name nothing is made, renamed to a longer one, or lost."""
    there = place(fs_size=2 << 20)
    p = there.p
    before = there.used()
    there.touch(b"f")
    made = 0
    while True:
        try:
            p.link(b"f", b"%d" % made)
        except OSError as failed:
            if failed.errno == Errno.ENOSPC:
                break
            raise
        made += 1
    full = there.used()
    for function, *args in (
        ("open", b"x" * 100, O_CREAT | O_RDWR, 0o644),
        ("mkdir", b"x" * 100, 0o755),
        ("symlink", b"t" * 1000, b"x"),
        ("rename", b"f", b"x" * 200),
        ("link", b"f", b"x" * 200),
    ):
        assert there.error(function, *args) == Errno.ENOSPC
        assert there.used() == full
    assert p.stat(b"f").st_nlink == made + 1
    for n in range(made):
        p.unlink(b"%d" % n)
    p.unlink(b"f")
    assert there.used() == before


def test_full_table_of_descriptors(place):
    """EMFILE: whatever would open another fails and leaves nothing; those that are open work."""
    there = place()
    p = there.p
    there.touch(b"f")
    p.setrlimit(RLIMIT_NOFILE, Rlimit(16, 16))
    before = there.used()
    opened = [p.open(b"f", O_RDWR) for _ in range(3, 16)]  # 0, 1 and 2 are the console
    assert opened == list(range(3, 16))
    full = there.used()
    for function, *args in (
        ("open", b"f", O_RDONLY),
        ("open", b"new", O_CREAT | O_RDWR, 0o644),
        ("openat", opened[0], b"/t/f", O_RDONLY),
        ("open", b"missing", O_RDONLY),  # over ENOENT
        ("dup", 3),
        ("fcntl", 3, F_DUPFD, 5),
        ("pipe",),
        ("pipe2", 0),
    ):
        assert there.error(function, *args) == Errno.EMFILE
        assert there.used() == full
    assert there.error("dup2", 3, 16) == Errno.EBADF
    assert there.error("fcntl", 3, F_DUPFD, 16) == Errno.EINVAL
    assert there.error("stat", b"new") == Errno.ENOENT
    assert p.dup2(3, 5) == 5
    assert p.write(5, b"works") == 5
    assert p.pread(15, 10, 0) == b"works"
    p.close(7)
    assert there.error("pipe") == Errno.EMFILE  # there is one, but it takes two
    assert p.dup(3) == 7
    for fd in opened:
        p.close(fd)
    p.truncate(b"f", 0)
    assert there.used() == before


def test_full_table_of_files(place):
    """ENFILE: no process opens another file, though dup still works; a close makes room."""
    there = place(maxfiles=30)
    p, kernel, holder = there.p, there.k.kernel, there.k.process(0, 0)
    there.touch(b"f")
    before = there.used()
    held = []
    while kernel.nfiles < 29:
        held.append(holder.open(b"/t/f", O_RDWR))
    full = there.used()
    assert there.error("pipe") == Errno.ENFILE  # there is one, but it takes two
    assert there.used() == full
    held.append(holder.open(b"/t/f", O_RDWR))
    full = there.used()
    for function, *args in (
        ("open", b"f", O_RDONLY),
        ("open", b"new", O_CREAT | O_RDWR, 0o644),
        ("open", b"missing", O_RDONLY),  # over ENOENT
        ("pipe",),
        ("pipe2", 0),
    ):
        assert there.error(function, *args) == Errno.ENFILE
        assert there.used() == full
    assert there.error("stat", b"new") == Errno.ENOENT
    assert p.write(p.dup(1), b"works") == 5
    p.close(3)
    holder.close(held.pop())
    assert p.open(b"f", O_RDWR) == 3
    p.close(3)
    for fd in held:
        holder.close(fd)
    assert there.used() == before
