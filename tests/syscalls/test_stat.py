# SPDX-License-Identifier: BSD-2-Clause
"""stat(2), lstat, fstat, fstatat: each field of struct stat, for each type of file of a tmpfs."""

import pytest

from kernel.fs.tmpfs.tmpfs import SIZEOF_TMPFS_DIRENT
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.stat import (
    S_IFBLK,
    S_IFCHR,
    S_IFDIR,
    S_IFIFO,
    S_IFLNK,
    S_IFMT,
    S_IFREG,
    S_ISBLK,
    S_ISCHR,
    S_ISDIR,
    S_ISFIFO,
    S_ISLNK,
    S_ISREG,
    Stat,
)
from kernel.sys.types import NODEV, makedev

PAGE = 4096
DEVICE = makedev(7, 300)
MAKE = {
    "regular": (lambda p: p.close(p.open(b"f", O_CREAT | O_RDWR, 0o640)), S_IFREG | 0o640, S_ISREG),
    "directory": (lambda p: p.mkdir(b"f", 0o750), S_IFDIR | 0o750, S_ISDIR),
    "fifo": (lambda p: p.mkfifo(b"f", 0o640), S_IFIFO | 0o640, S_ISFIFO),
    "symlink": (lambda p: p.symlink(b"target", b"f"), S_IFLNK | 0o755, S_ISLNK),
    "char": (lambda p: p.mknod(b"f", S_IFCHR | 0o640, DEVICE), S_IFCHR | 0o640, S_ISCHR),
    "block": (lambda p: p.mknod(b"f", S_IFBLK | 0o640, DEVICE), S_IFBLK | 0o640, S_ISBLK),
}


@pytest.mark.parametrize("kind", MAKE)
def test_fields(k, root, person, kind):
    """All that is known of a file that has just been made."""
    root.chown(b".", 0, 77)
    make, mode, is_it = MAKE[kind]
    p = root if kind in {"char", "block"} else person(1000, 100)
    before = round(k.time() * 1e9)
    make(p)
    st = p.lstat(b"f")
    size = 6 if kind == "symlink" else 0
    assert st == Stat(
        st_dev=root.stat(b".").st_dev,
        st_mode=mode,
        st_ino=st.st_ino,
        st_nlink=2 if kind == "directory" else 1,
        st_uid=p.geteuid(),
        st_gid=77,  # the directory's
        st_rdev=DEVICE if kind in {"char", "block"} else NODEV,
        st_atim=st.st_mtim,
        st_mtim=st.st_mtim,
        st_ctim=st.st_mtim,
        st_birthtim=st.st_mtim,
        st_size=size,
        st_blocks=8 if size else 0,
        st_blksize=PAGE,
        st_flags=0,
        st_gen=0,
    )
    assert is_it(st.st_mode)
    assert st.st_mtim >= before - 1000
    assert st.st_ino not in {0, root.stat(b".").st_ino, root.stat(b"/").st_ino}


@pytest.mark.parametrize(
    ("size", "blocks"), [(0, 0), (1, 8), (PAGE, 8), (PAGE + 1, 16), (10 * PAGE, 80)]
)
def test_blocks(root, size, blocks):
    """Blocks are of 512 bytes, and as many as the pages of the size have, holes or not."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"x" * size)
    assert (root.fstat(fd).st_size, root.fstat(fd).st_blocks) == (size, blocks)
    root.ftruncate(fd, 0)
    root.ftruncate(fd, size)
    assert (root.fstat(fd).st_size, root.fstat(fd).st_blocks) == (size, blocks)


def test_directories(root):
    """A directory's size is that of its entries; its links are its name, "." and each subdirectory."""
    root.mkdir(b"d", 0o755)

    def told():
        st = root.stat(b"d")
        return st.st_size // SIZEOF_TMPFS_DIRENT, st.st_nlink, st.st_blocks

    assert told() == (0, 2, 0)
    root.mkdir(b"d/sub", 0o755)
    assert told() == (1, 3, 8)
    root.symlink(b"x", b"d/link")
    assert told() == (2, 3, 8)
    root.rmdir(b"d/sub")
    assert told() == (1, 2, 8)
    root.unlink(b"d/link")
    assert told() == (0, 2, 0)
    assert root.stat(b"d/.") == root.stat(b"d") == root.stat(b"d/")
    assert root.stat(b"d/..") == root.stat(b".")


def test_symbolic_links(root):
    """stat is about what a link leads to, lstat and AT_SYMLINK_NOFOLLOW about the link itself."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    root.symlink(b"f", b"l")
    root.symlink(b"l", b"m")
    file = root.lstat(b"f")
    assert root.stat(b"l") == root.stat(b"m") == root.fstatat(AT_FDCWD, b"m") == file
    assert root.lstat(b"l").st_mode & S_IFMT == S_IFLNK
    link = root.fstatat(AT_FDCWD, b"l", AT_SYMLINK_NOFOLLOW)
    assert link == root.lstat(b"l")
    assert (link.st_ino != file.st_ino, link.st_size) == (True, 1)


def test_a_slash_follows_the_link(root):
    """lstat of a link with a slash after it is about the directory that it leads to."""
    root.mkdir(b"d", 0o755)
    root.symlink(b"d", b"l")
    assert root.lstat(b"l/") == root.stat(b"d")


def test_hard_links(root):
    """Names of one file tell the same, and how many there are."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    root.link(b"f", b"g")
    assert root.stat(b"f") == root.stat(b"g")
    assert root.stat(b"f").st_nlink == 2
    root.unlink(b"f")
    assert root.stat(b"g").st_nlink == 1


def test_unlinked_file(root):
    """A file without a name still tells all it did, but for the link."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"data")
    before = root.fstat(fd)
    root.unlink(b"f")
    assert root.fstat(fd) == before._replace(st_nlink=0)


def test_removed_directory(root):
    """A directory that is open when it goes has no links left."""
    root.mkdir(b"d", 0o755)
    fd = root.open(b"d", O_RDONLY)
    root.rmdir(b"d")
    assert (root.fstat(fd).st_nlink, root.fstat(fd).st_size) == (0, 0)


def test_inode_numbers(root):
    """A file keeps its number whatever happens to it; getdents tells the same one; no two share it."""
    root.mkdir(b"d", 0o755)
    fd = root.open(b"d/f", O_CREAT | O_RDWR, 0o644)
    number = root.fstat(fd).st_ino
    root.write(fd, b"x")
    root.chmod(b"d/f", 0o600)
    root.chown(b"d/f", 1, 1)
    root.link(b"d/f", b"d/g")
    root.rename(b"d/f", b"h")
    assert {root.stat(b"h").st_ino, root.stat(b"d/g").st_ino, root.fstat(fd).st_ino} == {number}
    root.unlink(b"h")
    root.unlink(b"d/g")
    for name in (b"d/1", b"d/2", b"d/3"):
        root.close(root.open(name, O_CREAT | O_RDWR, 0o644))
    others = [root.stat(name).st_ino for name in (b"d/1", b"d/2", b"d/3")]
    assert len({number, *others}) == 4


def test_devices_of_file_systems(root):
    """st_dev is the same all over a file system, and that of no other."""
    assert root.stat(b"/").st_dev == root.stat(b"/t").st_dev == root.stat(b"/etc/passwd").st_dev
    assert root.stat(b"/dev").st_dev == root.stat(b"/dev/null").st_dev != root.stat(b"/").st_dev


def test_stat_needs_no_permission(root, user):
    """The file's own mode does not matter; the directories' does."""
    root.mkdir(b"d", 0o711)
    root.close(root.open(b"d/f", O_CREAT | O_RDWR, 0))
    assert user.stat(b"d/f") == root.stat(b"d/f")


def test_stat_changes_nothing(root):
    """Asking leaves no trace in what is told."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    first = root.stat(b"f"), root.stat(b".")
    assert (root.stat(b"f"), root.stat(b".")) == first


def test_descriptors(root):
    """fstat of what was opened for anything tells what stat tells."""
    root.mkfifo(b"p", 0o644)
    for path in (b"p", b".", b"/dev/null"):
        fd = root.open(path, O_RDONLY if path == b"." else O_RDWR)
        assert root.fstat(fd) == root.stat(path)


def test_pipe(root):
    """A pipe is a FIFO of the caller's without a name."""
    st = root.fstat(root.pipe()[0])
    assert S_ISFIFO(st.st_mode)
    assert (st.st_uid, st.st_gid, st.st_nlink) == (0, 0, 0)
