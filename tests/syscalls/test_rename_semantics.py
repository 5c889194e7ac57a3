# SPDX-License-Identifier: BSD-2-Clause
"""rename(2): what programs see of it: times, links, "..", two names of one file, open files."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR
from kernel.sys.stat import S_IFCHR, UF_APPEND, UF_IMMUTABLE
from kernel.sys.types import makedev

MAKERS = {
    "regular": lambda p, path: p.close(p.open(path, O_CREAT | O_RDWR, 0o644)),
    "fifo": lambda p, path: p.mkfifo(path, 0o644),
    "char": lambda p, path: p.mknod(path, S_IFCHR | 0o644, makedev(2, 2)),
    "symlink": lambda p, path: p.symlink(b"nowhere", path),
    "directory": lambda p, path: p.mkdir(path, 0o755),
}
any_kind = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
touch = MAKERS["regular"]


def bsd(process, old, new):
    process.rename(old, new)


def bsd_at(process, old, new):
    process.renameat(AT_FDCWD, old, AT_FDCWD, new)


def posix(process, old, new):
    process.call("__posix_rename", old, new)


any_rename = pytest.mark.parametrize("rename", [bsd, bsd_at, posix])


class Watch:
    """Tells which times of files have changed since."""

    def __init__(self, k, process, **files):
        self._process = process
        self._files = files
        self._before = self._times()
        k.advance(1)

    def _times(self):
        stats = {name: self._process.lstat(path) for name, path in self._files.items()}
        return {name: (st.st_atim, st.st_mtim, st.st_ctim) for name, st in stats.items()}

    def moved(self, **files):
        """Look again, at other paths of the same files; return letters of amc for each."""
        self._files.update(files)
        after = self._times()
        return {
            name: "".join(
                letter
                for letter, then, now in zip("amc", self._before[name], after[name], strict=True)
                if then != now
            )
            for name in self._files
        }


@any_kind
@any_rename
def test_times_in_one_directory(root, k, make, rename):
    """The file's change time, the directory's modification and change time, and no other."""
    root.mkdir(b"d", 0o755)
    make(root, b"d/f")
    watch = Watch(k, root, file=b"d/f", directory=b"d", above=b".")
    rename(root, b"d/f", b"d/g")
    assert watch.moved(file=b"d/g") == {"file": "c", "directory": "mc", "above": ""}


@any_kind
@any_rename
def test_times_in_two_directories(root, k, make, rename):
    """The file's change time, both directories' modification and change time; they are the same."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"e", 0o755)
    make(root, b"d/f")
    watch = Watch(k, root, file=b"d/f", old=b"d", new=b"e", above=b".")
    rename(root, b"d/f", b"e/g")
    assert watch.moved(file=b"e/g") == {"file": "c", "old": "mc", "new": "mc", "above": ""}


def test_times_of_what_is_replaced(root, k):
    """A file that had two names is told of by its change time."""
    touch(root, b"f")
    touch(root, b"g")
    root.link(b"g", b"kept")
    watch = Watch(k, root, file=b"f", replaced=b"g", directory=b".")
    root.rename(b"f", b"g")
    moved = watch.moved(file=b"g", replaced=b"kept")
    assert moved == {"file": "c", "replaced": "c", "directory": "mc"}
    assert root.stat(b"kept").st_nlink == 1


def test_times_of_two_names(root, k):
    """One of two names of a file goes away: only the directory that had it is told."""
    for name in (b"d", b"e"):
        root.mkdir(name, 0o755)
    touch(root, b"d/f")
    root.link(b"d/f", b"e/f")
    watch = Watch(k, root, file=b"e/f", old=b"d", new=b"e")
    root.rename(b"d/f", b"e/f")
    assert watch.moved() == {"file": "", "old": "mc", "new": ""}


@any_kind
@any_rename
def test_onto_itself(root, k, make, rename):
    """A name that is given the file of that name: nothing happens, nothing is told."""
    make(root, b"f")
    watch = Watch(k, root, file=b"f", directory=b".")
    rename(root, b"f", b"f")
    rename(root, b"f", b"../t/./f")
    assert watch.moved() == {"file": "", "directory": ""}


def test_onto_itself_with_a_slash(root, k):
    """So it is with a directory and slashes."""
    root.mkdir(b"d", 0o755)
    watch = Watch(k, root, file=b"d", directory=b".")
    root.rename(b"d", b"d/")
    root.rename(b"d/", b"d")
    assert watch.moved() == {"file": "", "directory": ""}


@pytest.mark.parametrize("new", [b"g", b"d/g"])
def test_two_names_of_one_file(root, new):
    """BSD's rename takes the old name away, POSIX's leaves both."""
    root.mkdir(b"d", 0o755)
    touch(root, b"f")
    root.link(b"f", new)
    inode = root.stat(b"f").st_ino
    posix(root, b"f", new)
    assert root.stat(b"f") == root.stat(new)
    assert root.stat(new).st_nlink == 2
    bsd(root, b"f", new)
    with pytest.raises(FileNotFoundError):
        root.lstat(b"f")
    assert (root.stat(new).st_ino, root.stat(new).st_nlink) == (inode, 1)
    root.link(new, b"f")
    bsd_at(root, b"f", new)
    assert root.stat(new).st_nlink == 1


@pytest.mark.errno("rename", Errno.EPERM)
@pytest.mark.parametrize("flag", [UF_IMMUTABLE, UF_APPEND])
def test_two_names_of_one_file_under_a_flag(fails, root, flag):
    """Two names of one file, the old one's directory or the file under a flag: only for BSD's rename."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    root.link(b"d/f", b"g")
    root.chflags(b"g", flag)
    fails(root, "rename", b"d/f", b"g")
    posix(root, b"d/f", b"g")
    root.rename(b"g", b"g")
    root.chflags(b"g", 0)
    root.chflags(b"d", UF_APPEND)
    fails(root, "rename", b"d/f", b"g")


def test_links_of_directories(root):
    """A directory's ".." is one link of its parent: it goes along, and again when one is replaced."""
    for name in (b"a", b"b", b"a/d", b"b/d"):
        root.mkdir(name, 0o755)

    def links():
        return root.stat(b"a").st_nlink, root.stat(b"b").st_nlink

    assert links() == (3, 3)
    root.rename(b"a/d", b"b/new")
    assert links() == (2, 4)
    assert root.stat(b"b/new/..").st_ino == root.stat(b"b").st_ino
    root.rename(b"b/new", b"b/d")
    assert links() == (2, 3)
    root.rename(b"b/d", b"b/same")
    assert links() == (2, 3)
    root.rename(b"b/same", b"same")
    assert links() == (2, 2)
    assert root.stat(b"same/..").st_ino == root.stat(b".").st_ino
    assert root.stat(b"same").st_nlink == 2


def test_subtree_goes_along(root):
    """All in a directory keeps its inode and is found under the new path, and ".." leads up the new way."""
    root.mkdir(b"a", 0o755)
    root.mkdir(b"a/b", 0o755)
    root.mkdir(b"a/b/c", 0o755)
    touch(root, b"a/b/c/f")
    root.mkdir(b"x", 0o755)
    inode = root.stat(b"a/b/c/f").st_ino
    root.rename(b"a/b", b"x/y")
    assert root.stat(b"x/y/c/f").st_ino == inode
    assert root.stat(b"x/y/c/../../..").st_ino == root.stat(b".").st_ino
    with pytest.raises(FileNotFoundError):
        root.stat(b"a/b")
    root.rename(b"x", b"a/x")
    assert root.stat(b"a/x/y/c/f").st_ino == inode


def test_current_directory_moves(root, user):
    """A process stays in its directory, wherever that goes, and is told the new path."""
    for name in (b"a", b"b", b"a/d"):
        root.mkdir(name, 0o755)
    user.chdir(b"a/d")
    assert user.getcwd() == "/t/a/d"
    root.rename(b"a/d", b"b/e")
    assert user.getcwd() == "/t/b/e"
    assert user.stat(b"..").st_ino == root.stat(b"b").st_ino


def test_mount_point_goes_along(root, tmpfs):
    """A directory with a mount point in it moves, and what is mounted is found at the new path."""
    root.mkdir(b"d", 0o755)
    tmpfs(b"d/m")
    touch(root, b"d/m/f")
    root.mkdir(b"e", 0o755)
    root.rename(b"d", b"e/d")
    assert root.stat(b"e/d/m/f").st_nlink == 1
    root.chdir(b"e/d/m")
    assert root.getcwd() == "/t/e/d/m"
    root.rename(b"f", b"../m/g")
    assert root.listdir(b"../../d/m") == ["g"]


def test_current_directory_is_replaced(root, user):
    """A process whose directory is replaced is nowhere: nothing is found, nothing can be made."""
    root.mkdir(b"a", 0o777)
    root.mkdir(b"b", 0o777)
    root.chmod(b"b", 0o777)
    user.chdir(b"b")
    fd = user.open(b".", O_RDONLY | O_DIRECTORY)
    root.rename(b"a", b"b")
    assert user.fstat(fd).st_nlink == 0
    for act in (
        lambda: user.stat(b"."),
        lambda: user.stat(b".."),
        lambda: user.open(b"f", O_CREAT | O_RDWR, 0o644),
        lambda: user.mkdir(b"d", 0o755),
        lambda: user.rename(b"/t/b", b"d"),
        user.getcwd,
    ):
        with pytest.raises(FileNotFoundError):
            act()


def test_over_an_open_file(root):
    """A file that is replaced while it is open can be read and written on, and is gone when closed."""
    fd = root.open(b"g", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"old")
    new = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.write(new, b"new")
    root.rename(b"f", b"g")
    assert root.fstat(fd).st_nlink == 0
    assert root.fstat(new).st_nlink == 1
    assert root.pread(fd, 10, 0) == b"old"
    root.pwrite(fd, b"odd", 0)
    assert root.pread(root.open(b"g", O_RDONLY), 10, 0) == b"new"
    root.close(fd)


def test_an_open_file(root):
    """A descriptor is of the file, not of its name."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.mkdir(b"d", 0o755)
    root.rename(b"f", b"d/g")
    root.write(fd, b"contents")
    assert root.fstat(fd) == root.stat(b"d/g")
    assert root.stat(b"d/g").st_size == 8


def test_an_open_directory(root):
    """A descriptor of a directory finds names in it under its new path, and ".." there."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"e", 0o755)
    fd = root.open(b"d", O_RDONLY | O_DIRECTORY)
    root.rename(b"d", b"e/d")
    touch(root, b"e/d/f")
    assert root.fstatat(fd, b"f").st_nlink == 1
    assert root.fstatat(fd, b"..").st_ino == root.stat(b"e").st_ino


def test_links_are_not_followed(root):
    """Symbolic links are renamed and replaced themselves; those on the way are followed."""
    root.mkdir(b"d", 0o755)
    touch(root, b"f")
    root.symlink(b"f", b"l")
    root.symlink(b"d", b"way")
    link, file = root.lstat(b"l"), root.lstat(b"f")
    root.rename(b"l", b"way/l2")
    assert root.lstat(b"d/l2").st_ino == link.st_ino
    assert root.lstat(b"f") == file
    touch(root, b"g")
    root.rename(b"g", b"d/l2")
    assert root.readlink(b"way", 9) == b"d"
    with pytest.raises(OSError, match="Invalid argument"):
        root.readlink(b"d/l2", 9)
    assert root.lstat(b"f") == file


def test_link_to_a_directory_with_a_slash(root):
    """With a slash after it a link is the directory it leads to, which is renamed."""
    root.mkdir(b"d", 0o755)
    root.symlink(b"d", b"l")
    root.rename(b"l/", b"e")
    assert root.lstat(b"e").st_nlink == 2
    assert root.readlink(b"l", 9) == b"d"
    root.mkdir(b"d", 0o755)
    root.rename(b"e", b"l/")
    assert root.listdir(b".") == ["d", "l"]


def test_longest_names(root):
    """Names of 255 bytes, paths of 1023; places in the directory are kept."""
    longest = b"x" * 255
    touch(root, b"f")
    touch(root, b"z")
    root.rename(b"f", longest)
    assert root.listdir(b".") == [longest.decode(), "z"]
    path = b"./" * ((1023 - 255) // 2) + longest
    root.rename(path, b"./" * 511 + b"f")
    assert root.listdir(b".") == ["f", "z"]


def test_permissions_go_along(root, user):
    """Owner, group, mode and flags stay, also in a directory of another group."""
    root.mkdir(b"d", 0o777)
    root.chown(b"d", 0, 7)
    root.chmod(b"d", 0o2777)
    user.close(user.open(b"f", O_CREAT | O_RDWR, 0o640))
    user.chmod(b"f", 0o4751)
    before = user.stat(b"f")
    user.rename(b"f", b"d/g")
    after = user.stat(b"d/g")
    assert after == before._replace(st_ctim=after.st_ctim)


def test_any_byte_in_a_name(root):
    """A name may have any byte but NUL and slash."""
    touch(root, b"f")
    name = b"f"
    for value in range(1, 256):
        if value not in b"./":
            root.rename(name, bytes([value]))
            name = bytes([value])
    assert root.lstat(b"\xff").st_nlink == 1
    root.rename(name, b"...")
    root.rename(b"...", b".f")
    assert root.listdir(b".") == [".f"]


def test_chain_of_moves(root):
    """A directory tree turned inside out: each ".." is right after each move."""
    path = b"."
    for name in (b"a", b"b", b"c", b"d"):
        path += b"/" + name
        root.mkdir(path, 0o755)
    root.rename(b"a/b/c", b"c")
    root.rename(b"a/b", b"c/d/b")
    root.rename(b"a", b"c/d/b/a")
    assert root.listdir(b".") == ["c"]
    up = root.stat(b"c/d/b/a/../../../..")
    assert up == root.stat(b".")
    assert up.st_nlink == 3
    for path in (b"c", b"c/d", b"c/d/b"):
        assert root.stat(path).st_nlink == 3
    assert root.stat(b"c/d/b/a").st_nlink == 2
