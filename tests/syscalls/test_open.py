# SPDX-License-Identifier: BSD-2-Clause
"""open(2) and openat(2): how they fail, which error wins, and what a new file is like."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_FDCWD,
    F_GETFD,
    F_GETFL,
    FD_CLOEXEC,
    LOCK_EX,
    LOCK_NB,
    LOCK_SH,
    O_APPEND,
    O_CLOEXEC,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_EXEC,
    O_EXLOCK,
    O_NOFOLLOW,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
    O_REGULAR,
    O_SEARCH,
    O_SHLOCK,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.signal import SIGKILL, SIGUSR1
from kernel.sys.stat import S_IFBLK, S_IFCHR, S_IFREG, UF_APPEND, UF_IMMUTABLE
from kernel.sys.types import makedev
from kernel.sys.unistd import SEEK_SET
from tests.syscalls.errnos import errnos
from tests.syscalls.files import contents
from userland.libc.signal import Sigaction

NEW = O_CREAT | O_RDWR

# Both calls; flags, and a mode if the file is new.
OPENS = {
    "open": lambda path, *how: ("open", path, *how),
    "openat": lambda path, *how: ("openat", AT_FDCWD, path, *how),
}


def make(p, path=b"f", data=b"", mode=0o644):
    """Make a file with data in it."""
    fd = p.open(path, NEW, mode)
    p.write(fd, data)
    p.close(fd)


@errnos(Errno.EACCES, OPENS)
@pytest.mark.parametrize(
    ("mode", "flags"),
    [
        (0o300, O_RDONLY),
        (0o300, O_RDWR),
        (0o500, O_WRONLY),
        (0o500, O_RDWR),
        (0o500, O_RDONLY | O_TRUNC),
        (0o500, O_CREAT | O_WRONLY),
        (0o600, O_EXEC),
        (0o300, O_EXEC),
    ],
)
def test_not_permitted(fails, root, user, other, person, call, mode, flags):
    """The mode does not permit what is asked for: of the owner's, the group's, the others' bits, only those."""
    for shift, uid, gid, process in (
        (0, 1000, 7, user),
        (3, 0, 100, user),
        (6, 0, 7, user),
        (3, 0, 9, person(1000, 100, (8, 9))),
        (6, 1000, 100, other),
    ):
        make(root)
        root.chown(b"f", uid, gid)
        root.chmod(b"f", (mode >> shift) | (0o777 & ~(0o700 >> shift)))
        fails(process, *call(b"f", flags, 0o644))
        root.unlink(b"f")


@errnos(Errno.EEXIST, OPENS)
def test_exclusively(fails, root, user, call):
    """O_CREAT and O_EXCL, and there is something: over what else may be wrong with it."""
    make(root, mode=0)
    root.mkdir(b"d", 0o755)
    root.symlink(b"nowhere", b"l")
    flags = O_CREAT | O_EXCL
    for more in (O_RDONLY, O_WRONLY | O_TRUNC, O_RDWR | O_NOFOLLOW, O_REGULAR):
        for path in (b"f", b"d", b"d/", b"l", b".", b"/"):
            fails(user, *call(path, flags | more, 0o644))


@errnos(Errno.EFTYPE, OPENS)
def test_link_not_followed(fails, root, call):
    """The path is of a symbolic link, which O_NOFOLLOW forbids to follow, with O_CREAT, too."""
    make(root)
    root.symlink(b"f", b"l")
    root.symlink(b"nowhere", b"dangling")
    for path in (b"l", b"dangling"):
        for flags in (O_RDONLY, O_WRONLY, O_CREAT | O_RDWR, O_TRUNC, O_DIRECTORY):
            fails(root, *call(path, O_NOFOLLOW | flags, 0o644))
    root.symlink(b".", b"here")
    root.close(root.open(b"here/f", O_NOFOLLOW | O_RDONLY))
    root.close(root.open(b"here/", O_NOFOLLOW | O_RDONLY))


@errnos(Errno.EFTYPE, OPENS)
def test_not_regular(fails, root, user, call):
    """O_REGULAR, and the file is of another kind: over its permissions."""
    root.mkdir(b"d", 0)
    root.mkfifo(b"p", 0)
    for path in (b"d", b"p", b"/dev/null"):
        fails(user, *call(path, O_REGULAR | O_RDONLY))
    fails(root, *call(b"d", O_REGULAR | O_WRONLY))
    make(root)
    root.close(root.open(b"f", O_REGULAR | O_RDWR))


@errnos(Errno.ENOTDIR, OPENS)
def test_not_a_directory(fails, root, user, call):
    """O_DIRECTORY, and the file is none: over its permissions."""
    make(root, mode=0)
    root.symlink(b"f", b"l")
    for path in (b"f", b"l", b"/dev/null"):
        fails(user, *call(path, O_DIRECTORY | O_RDONLY))
    fails(root, *call(b"f", O_DIRECTORY | O_REGULAR | O_WRONLY))


@errnos(Errno.EISDIR, OPENS)
def test_directory_to_write(fails, root, user, call):
    """The file is a directory, and would be written or cut; over its permissions."""
    root.mkdir(b"d", 0)
    for flags in (O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_CREAT | O_RDWR, O_CREAT | O_TRUNC):
        for path in (b"d", b"d/", b"."):
            fails(root, *call(path, flags, 0o644))
        fails(user, *call(b"d", flags, 0o644))
    for path in (b"/", b"/dev"):
        fails(root, *call(path, O_CREAT | O_WRONLY, 0o644))


@errnos(Errno.EINVAL, OPENS)
def test_nonsense(fails, root, call):
    """Neither to read nor to write, over ENOENT; or O_CREAT with O_DIRECTORY, be it there or not."""
    root.mkdir(b"d", 0o755)
    for path in (b"d", b"missing", b"missing/f", b""):
        fails(root, *call(path, 3))
        fails(root, *call(path, 3 | O_CREAT, 0o644))
        fails(root, *call(path, O_CREAT | O_DIRECTORY, 0o755))
        fails(root, *call(path, O_CREAT | O_DIRECTORY | O_EXCL | O_RDWR, 0o755))


@errnos(Errno.EINVAL, OPENS)
def test_mode_of_access_before_full_table(fails, root, call):
    """Neither to read nor to write: over EMFILE."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(3, 3))
    fails(root, *call(b"f", 3))


@errnos(Errno.EMFILE, OPENS)
def test_full_table(fails, root, call):
    """The process has no descriptor left: over all that the path could say; nothing is made."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(3, 3))
    for path in (b"new", b"missing/f", b"", b"x" * 256, b"."):
        fails(root, *call(path, NEW, 0o644))
        fails(root, *call(path, O_CREAT | O_DIRECTORY, 0o644))
    with pytest.raises(FileNotFoundError):
        root.stat(b"new")


@errnos(Errno.EBADF, {"openat": lambda fd: ("openat", fd, b"f", 3)})
def test_descriptor_before_flags(fails, root, call):
    """The descriptor is not open: over EINVAL of the flags."""
    fails(root, *call(99))


@errnos(Errno.ENFILE, OPENS)
def test_no_file_left(fails, k, root, call):
    """The system has no open file left."""
    k.kernel.limits.maxfiles = k.kernel.nfiles
    fails(root, *call(b"new", NEW, 0o644))
    with pytest.raises(FileNotFoundError):
        root.stat(b"new")


@errnos(Errno.ENXIO, OPENS)
def test_nobody_reads(fails, root, call):
    """A FIFO that nobody has open to read, to be written without waiting; or a device that is not there."""
    root.mkfifo(b"p", 0o644)
    fails(root, *call(b"p", O_WRONLY | O_NONBLOCK))
    root.mknod(b"c", S_IFCHR | 0o644, makedev(200, 7))
    fails(root, *call(b"c", O_RDONLY))
    root.mknod(b"b", S_IFBLK | 0o644, makedev(200, 7))
    fails(root, *call(b"b", O_RDONLY))


@errnos(Errno.EINTR, OPENS)
def test_interrupted(begins, root, person, call):
    """A signal is caught while it waits for the other end of a FIFO."""
    root.mkfifo(b"p", 0o644)
    caught = []
    root.sigaction(SIGUSR1, Sigaction(lambda signum, *_: caught.append(signum)))
    finish = begins(root, *call(b"p", O_RDONLY))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()
    assert caught == [SIGUSR1]


@errnos(Errno.EAGAIN, OPENS)
def test_locked(fails, root, user, call):
    """O_SHLOCK or O_EXLOCK, and another's flock(2) stands in the way, and O_NONBLOCK."""
    make(root, mode=0o666)
    root.chmod(b"f", 0o666)
    fd = root.open(b"f", O_RDWR | O_EXLOCK)
    fails(user, *call(b"f", O_RDWR | O_EXLOCK | O_NONBLOCK))
    fails(user, *call(b"f", O_RDWR | O_SHLOCK | O_NONBLOCK))
    root.flock(fd, LOCK_SH)
    fails(user, *call(b"f", O_RDWR | O_EXLOCK | O_NONBLOCK))
    other = user.open(b"f", O_RDWR | O_SHLOCK | O_NONBLOCK)
    root.close(fd)
    user.flock(other, LOCK_EX | LOCK_NB)


@errnos(Errno.EPERM, OPENS)
def test_immutable(fails, root, user, call):
    """The file is immutable and would be written, over EACCES; or append-only, and not to be appended to."""
    make(root, data=b"data", mode=0o600)
    root.chflags(b"f", UF_IMMUTABLE)
    for flags in (O_WRONLY, O_RDWR, O_RDWR | O_APPEND, O_RDONLY | O_TRUNC):
        fails(root, *call(b"f", flags))
        fails(user, *call(b"f", flags))
    root.chflags(b"f", UF_APPEND)
    for flags in (O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_RDWR | O_APPEND | O_TRUNC):
        fails(root, *call(b"f", flags))
    root.close(root.open(b"f", O_RDWR | O_APPEND))
    assert contents(root) == b"data"


@errnos(Errno.EPERM, OPENS)
def test_immutable_directory(fails, root, call):
    """The file is new, and its directory immutable."""
    root.mkdir(b"d", 0o755)
    root.chflags(b"d", UF_IMMUTABLE)
    fails(root, *call(b"d/new", NEW, 0o644))
    root.chflags(b"d", UF_APPEND)
    root.close(root.open(b"d/new", NEW, 0o644))
    root.chflags(b"d", 0)


@errnos(Errno.ETXTBSY, OPENS)
def test_running_program(fails, root, user, runs, call):
    """The file is a program that runs, and would be written or cut: over its permissions."""
    for flags in (O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_CREAT | O_WRONLY):
        fails(root, *call(b"sleeper.py", flags, 0o644))
        fails(user, *call(b"sleeper.py", flags, 0o644))
    root.close(root.open(b"sleeper.py", O_RDONLY | O_EXEC))
    root.kill(runs.pid, SIGKILL)


@errnos(Errno.ENOSPC, OPENS)
def test_full(fails, root, tmpfs, call):
    """The file is new, and its file system has no room, or no inode, for it."""
    tmpfs(b"m", 1 << 16, 4)
    make(root, b"m/a")
    make(root, b"m/b")
    fails(root, *call(b"m/c", NEW, 0o644))
    root.close(root.open(b"m/a", NEW, 0o644))
    root.unlink(b"m/b")
    root.close(root.open(b"m/c", NEW, 0o644))


def test_new_file(person, root):
    """Its mode lacks the umask and the sticky bit, its owner is the effective user, its group the directory's."""
    p = person(1000, 100)
    root.mkdir(b"d", 0o777)
    root.chmod(b"d", 0o777)
    root.chown(b"d", 5, 77)
    for umask, mode, expected in (
        (0o022, 0o777, 0o755),
        (0o070, 0o345, 0o305),
        (0o501, 0o345, 0o244),
        (0, 0o7777, 0o6777),
        (0o022, 0, 0),
        (0o7022, 0o7777, 0o755),
        (0, 0o170644, 0o644),
    ):
        p.umask(umask)
        p.close(p.open(b"d/f", NEW, mode))
        st = root.stat(b"d/f")
        assert (st.st_mode, st.st_uid, st.st_gid) == (S_IFREG | expected, 1000, 77)
        assert (st.st_size, st.st_nlink, st.st_flags, st.st_blocks) == (0, 1, 0, 0)
        root.unlink(b"d/f")


def test_effective_user(person):
    """Who has given up the super-user's rights for a while makes files of the other user."""
    p = person(0, 0)
    p.setegid(100)
    p.seteuid(1000)
    p.close(p.open(b"f", NEW, 0o644))
    assert p.stat(b"f").st_uid == 1000


def test_maker_may_do_what_it_asked_for(user):
    """A new file is open as asked for, whatever its mode; the next open asks the mode."""
    fd = user.open(b"f", NEW, 0)
    assert user.write(fd, b"data") == 4
    assert user.pread(fd, 9, 0) == b"data"
    with pytest.raises(PermissionError):
        user.open(b"f", O_RDONLY)


def test_existing_file(root):
    """With O_CREAT a file that is there keeps mode, owner and contents."""
    make(root, data=b"data", mode=0o600)
    root.chown(b"f", 5, 6)
    before = root.stat(b"f")
    root.close(root.open(b"f", NEW, 0o777))
    assert root.stat(b"f") == before
    assert contents(root) == b"data"


def test_existing_directory(root):
    """With O_CREAT, but not O_EXCL, a directory opens to be read, a root of a file system, too."""
    root.mkdir(b"d", 0o755)
    for path in (b"d", b"d/", b".", b"..", b"/", b"/dev"):
        fd = root.open(path, O_CREAT | O_RDONLY, 0o644)
        assert root.fstat(fd) == root.stat(path)
        root.close(fd)


def test_through_dangling_link(root):
    """O_CREAT makes what a symbolic link names, as far as it leads, where the link is."""
    root.mkdir(b"d", 0o755)
    root.symlink(b"second", b"d/first")
    root.symlink(b"real", b"d/second")
    root.close(root.open(b"d/first", NEW, 0o640))
    assert root.lstat(b"d/real").st_mode == S_IFREG | 0o640


@pytest.mark.parametrize("flags", [O_WRONLY, O_RDWR, O_RDONLY, O_CREAT | O_WRONLY])
def test_truncate(root, flags):
    """O_TRUNC empties a file, also one that is opened to be read; what is open sees it."""
    make(root, data=b"data")
    fd = root.open(b"f", O_RDWR | O_APPEND)
    root.close(root.open(b"f", flags | O_TRUNC, 0o644))
    assert root.fstat(fd).st_size == 0
    assert root.pread(fd, 9, 0) == b""
    assert root.write(fd, b"more") == 4
    assert contents(root) == b"more"


def test_truncate_leaves_devices_and_fifos(root):
    """O_TRUNC is nothing to a device or a FIFO."""
    root.mkfifo(b"p", 0o644)
    fd = root.open(b"p", O_RDWR)
    root.write(fd, b"kept")
    root.close(root.open(b"p", O_RDWR | O_TRUNC))
    assert root.read(fd, 9) == b"kept"
    root.close(root.open(b"/dev/null", O_WRONLY | O_TRUNC))


def test_flags_that_stay(root):
    """F_GETFL tells how a file was opened: not what was for opening only; F_GETFD O_CLOEXEC."""
    flags = O_RDWR | O_APPEND | O_NONBLOCK
    fd = root.open(b"f", flags | O_CREAT | O_TRUNC | O_EXCL | O_CLOEXEC | O_REGULAR, 0o644)
    assert root.fcntl(fd, F_GETFL) == flags
    assert root.fcntl(fd, F_GETFD) == FD_CLOEXEC
    assert root.fcntl(root.open(b"f", O_WRONLY), F_GETFL) == O_WRONLY
    root.chmod(b"f", 0o755)
    assert root.fcntl(root.open(b"f", O_EXEC), F_GETFL) == O_EXEC


def test_search(root, user):
    """O_SEARCH opens a directory as O_RDONLY does: it must be readable, and is searched at each use."""
    root.mkdir(b"d", 0o755)
    make(root, b"d/f", b"data")
    fd = user.open(b"d", O_SEARCH | O_DIRECTORY)
    user.close(user.openat(fd, b"f", O_RDONLY))
    root.chmod(b"d", 0o744)
    with pytest.raises(PermissionError):
        user.openat(fd, b"f", O_RDONLY)
    root.chmod(b"d", 0o711)
    with pytest.raises(PermissionError):
        user.open(b"d", O_SEARCH | O_DIRECTORY)


def test_lowest_descriptor(root):
    """The lowest descriptor that is free; a failure leaves none taken."""
    make(root)
    first, second = (root.open(b"f", O_RDONLY) for _ in range(2))
    assert second == first + 1
    with pytest.raises(FileNotFoundError):
        root.open(b"missing", O_RDONLY)
    root.close(first)
    assert root.open(b"f", O_RDONLY) == first


def test_each_open_has_its_own_offset(root):
    """Two opens of a file have an offset each, from 0 on."""
    make(root, data=b"0123456789")
    first, second = (root.open(b"f", O_RDONLY) for _ in range(2))
    assert root.read(first, 4) == b"0123"
    assert root.read(second, 2) == b"01"
    root.lseek(first, 9, SEEK_SET)
    assert root.read(second, 2) == b"23"


def test_descriptor_outlives_permissions_and_names(root, user):
    """What is open stays so when the mode, the owner or the last name goes."""
    make(user, data=b"data", mode=0o600)
    fd = user.open(b"f", O_RDWR)
    root.chown(b"f", 0, 0)
    root.chmod(b"f", 0)
    root.unlink(b"f")
    assert user.pread(fd, 9, 0) == b"data"
    assert user.pwrite(fd, b"DA", 0) == 2
    st = user.fstat(fd)
    assert (st.st_nlink, st.st_size, st.st_mode) == (0, 4, S_IFREG)
    make(root, data=b"another")
    assert user.pread(fd, 9, 0) == b"DAta"


def test_locks_taken(root, user):
    """O_EXLOCK and O_SHLOCK take a flock(2), also of a new file, until it is closed."""
    fd = root.open(b"f", NEW | O_EXLOCK, 0o666)
    root.chmod(b"f", 0o666)
    other = user.open(b"f", O_RDWR)
    with pytest.raises(BlockingIOError):
        user.flock(other, LOCK_SH | LOCK_NB)
    root.close(fd)
    user.flock(other, LOCK_SH | LOCK_NB)
    root.close(root.open(b"f", O_RDONLY | O_SHLOCK | O_NONBLOCK))


@pytest.mark.errno("open", Errno.EINTR)
def test_interrupted_before_the_lock(begins, root, user, person):
    """A signal is caught while it waits for another's flock(2); a new descriptor does not stay."""
    fd = root.open(b"f", NEW | O_EXLOCK, 0o666)
    root.chmod(b"f", 0o666)
    user.sigaction(SIGUSR1, Sigaction(lambda signum, *_: None))
    finish = begins(user, "open", b"f", O_RDWR | O_SHLOCK)
    person(0, 0).kill(user.pid, SIGUSR1)
    finish()
    root.close(fd)
    first = user.open(b"f", O_RDWR | O_EXLOCK | O_NONBLOCK)
    user.close(first)
    assert user.open(b"f", O_RDWR) == first


def test_waits_for_the_lock(k, root, user):
    """O_EXLOCK waits until the last lock that stands in the way is given up."""
    fd = root.open(b"f", NEW | O_SHLOCK, 0o666)
    root.chmod(b"f", 0o666)
    user.begin("open", b"f", O_RDWR | O_EXLOCK)
    k.settle()
    root.close(fd)
    theirs = user.finish()
    fd = root.open(b"f", O_RDWR)
    with pytest.raises(BlockingIOError):
        root.flock(fd, LOCK_SH | LOCK_NB)
    user.close(theirs)
    root.flock(fd, LOCK_EX | LOCK_NB)
