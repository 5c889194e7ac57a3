# SPDX-License-Identifier: BSD-2-Clause
"""access(2) and faccessat(2): whose ids count, and what the bits of the mode allow."""

from itertools import product

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_EACCESS,
    AT_FDCWD,
    AT_SYMLINK_FOLLOW,
    AT_SYMLINK_NOFOLLOW,
    O_CREAT,
    O_RDWR,
)
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.stat import S_IFCHR, SF_APPEND, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE
from kernel.sys.types import makedev
from kernel.sys.unistd import F_OK, R_OK, W_OK, X_OK
from tests.syscalls.errnos import errnos
from tests.syscalls.files import SLEEPER

ACCESSES = {
    "access": lambda path, mode: ("access", path, mode),
    "faccessat": lambda path, mode: ("faccessat", AT_FDCWD, path, mode),
}
ASKED = range(1, 8)  # every union of R_OK, W_OK, X_OK


def touch(process, path, mode=0o644):
    """Make an empty file of just that mode."""
    process.close(process.open(path, O_CREAT | O_RDWR, 0o600))
    process.chmod(path, mode)


@pytest.fixture
def program(k, person):
    """/t/prog.py, which somebody runs."""
    k.install(b"/t/prog.py", SLEEPER)
    person(0, 0).begin("execve", b"/t/prog.py", ["prog.py"], {})


def allowed(process, path, mode):
    """Whether access(2) says yes; a no must be EACCES."""
    try:
        process.access(path, mode)
    except PermissionError as error:
        assert error.errno == Errno.EACCES  # noqa: PT017
        return False
    return True


@errnos(Errno.EINVAL, ACCESSES)
def test_no_such_access(fails, root, call):
    """What is asked for has other bits than R_OK, W_OK and X_OK: over all that is wrong with the path."""
    touch(root, b"f")
    for mode in (8, 15, -1, 1 << 30):
        fails(root, *call(b"f", mode))
        fails(root, *call(b"missing", mode))
        fails(root, *call(b"x" * 2000, mode))


@errnos(Errno.EACCES, ACCESSES)
def test_not_allowed(fails, user, root, call):
    """The file's mode does not allow what is asked for, be it one of several."""
    touch(root, b"f", 0o744)
    root.mkdir(b"d", 0o744)
    fails(user, *call(b"f", W_OK))
    fails(user, *call(b"f", X_OK))
    fails(user, *call(b"f", R_OK | X_OK))
    fails(user, *call(b"d", X_OK))
    fails(user, *call(b"d", W_OK))


@errnos(Errno.EACCES, ACCESSES)
def test_super_user_executes_what_somebody_may(fails, root, call):
    """The super-user asks to execute what nobody may: everything else is allowed it."""
    touch(root, b"f", 0)
    root.chown(b"f", 1000, 100)
    root.mkdir(b"d", 0)
    fails(root, *call(b"f", X_OK))
    fails(root, *call(b"f", R_OK | W_OK | X_OK))
    root.access(b"f", R_OK | W_OK)
    root.access(b"d", R_OK | W_OK | X_OK)
    for bit in (0o100, 0o010, 0o001):
        root.chmod(b"f", bit)
        root.access(b"f", R_OK | W_OK | X_OK)


@pytest.mark.parametrize("mode", range(8))
@pytest.mark.parametrize("directory", [False, True])
def test_every_mode(root, person, mode, directory):
    """The owner's bits for the owner, else the group's for its members, else the others': those alone."""
    owner = person(1000, 50)
    member = person(1001, 100)
    also = person(1002, 51, (7, 100))
    stranger = person(1003, 51, (7, 8))
    if directory:
        root.mkdir(b"f", 0o700)
    else:
        touch(root, b"f")
    root.chown(b"f", 1000, 100)
    for shift, asks in ((6, (owner,)), (3, (member, also)), (0, (stranger,))):
        root.chmod(b"f", (mode << shift) | (~(7 << shift) & 0o777))
        for process, asked in product(asks, ASKED):
            assert allowed(process, b"f", asked) == (asked & mode == asked), (shift, asked)


def test_owner_in_the_group(root, person):
    """An owner whom the mode denies gets nothing as member of the group."""
    owner = person(1000, 100)
    touch(root, b"f", 0o077)
    root.chown(b"f", 1000, 100)
    for asked in ASKED:
        assert not allowed(owner, b"f", asked)
    owner.access(b"f", F_OK)


def test_existence_needs_no_permission(root, user):
    """F_OK asks for no right of the file, only for the way there."""
    touch(root, b"f", 0)
    user.access(b"f", F_OK)
    user.access(b"/dev/null", F_OK)


def test_real_ids_count(root):
    """The real user and group are asked about, with AT_EACCESS the effective ones."""
    touch(root, b"f", 0o600)
    touch(root, b"g", 0o640)
    root.chown(b"g", 5, 77)
    root.setregid(77, 0)
    root.setreuid(1000, 0)
    assert not allowed(root, b"f", R_OK)
    assert allowed(root, b"g", R_OK)
    assert not allowed(root, b"g", W_OK)
    root.faccessat(AT_FDCWD, b"f", R_OK | W_OK, AT_EACCESS)
    root.faccessat(AT_FDCWD, b"g", R_OK | W_OK, AT_EACCESS)
    assert root.geteuid() == 0
    root.chown(b"f", 5, 5)


def test_real_super_user(root):
    """A super-user who acts as somebody else is asked about as the super-user."""
    touch(root, b"f", 0o600)
    root.setreuid(0, 1000)
    root.access(b"f", R_OK | W_OK)
    with pytest.raises(PermissionError):
        root.faccessat(AT_FDCWD, b"f", R_OK, AT_EACCESS)
    with pytest.raises(PermissionError):
        root.open(b"f", O_RDWR)


@errnos(Errno.EACCES, {"access": lambda path: ("access", path, F_OK)})
def test_real_ids_on_the_way(fails, root, call):
    """The real user may not search a directory on the way, whatever the effective user may."""
    root.mkdir(b"d", 0o700)
    touch(root, b"d/f", 0o666)
    root.setreuid(1000, 0)
    root.stat(b"d/f")
    root.faccessat(AT_FDCWD, b"d/f", F_OK, AT_EACCESS)
    fails(root, *call(b"d/f"))


@errnos(Errno.EROFS, ACCESSES)
def test_read_only(fails, root, user, tmpfs, call):
    """The file system is read-only, and it is asked to write: over EACCES, and EPERM of an immutable file."""
    mp = tmpfs(b"m")
    touch(root, b"m/f", 0o600)
    touch(root, b"m/i", 0o666)
    root.chflags(b"m/i", UF_IMMUTABLE)
    root.mkdir(b"m/d", 0o700)
    mp.mnt_flag |= MNT_RDONLY
    for path in (b"m/f", b"m/i", b"m/d", b"m"):
        for process in (root, user):
            fails(process, *call(path, W_OK))
            fails(process, *call(path, R_OK | W_OK | X_OK))
    root.access(b"m/f", R_OK)
    assert not allowed(user, b"m/f", R_OK)


def test_read_only_leaves_what_is_elsewhere(root, tmpfs):
    """FIFOs and devices on a read-only file system may be written: their data are not there."""
    mp = tmpfs(b"m")
    root.mkfifo(b"m/p", 0o644)
    root.mknod(b"m/c", S_IFCHR | 0o644, makedev(2, 2))
    root.symlink(b"/t", b"m/l")
    mp.mnt_flag |= MNT_RDONLY
    root.access(b"m/p", R_OK | W_OK)
    root.access(b"m/c", R_OK | W_OK)
    root.access(b"m/l", R_OK | W_OK)


@errnos(
    Errno.EROFS,
    {
        "faccessat": lambda path: ("faccessat", AT_FDCWD, path, W_OK, AT_SYMLINK_NOFOLLOW),
    },
)
def test_read_only_link(fails, root, tmpfs, call):
    """It is asked to write a symbolic link itself, on a read-only file system."""
    mp = tmpfs(b"m")
    root.symlink(b"/t", b"m/l")
    mp.mnt_flag |= MNT_RDONLY
    fails(root, *call(b"m/l"))


@pytest.mark.parametrize("flag", [UF_IMMUTABLE, SF_IMMUTABLE])
@errnos(Errno.EPERM, ACCESSES)
def test_immutable(fails, root, user, call, flag):
    """The file is immutable, and it is asked to write: over EACCES; one that is append-only is not refused."""
    touch(root, b"f", 0o600)
    root.mkdir(b"d", 0o700)
    for path in (b"f", b"d"):
        root.chflags(path, flag)
        fails(root, *call(path, W_OK))
        fails(user, *call(path, W_OK))
        root.access(path, R_OK)
        root.chflags(path, UF_APPEND | SF_APPEND)
        root.access(path, W_OK)


@errnos(Errno.ETXTBSY, ACCESSES)
def test_running_program(fails, root, program, call):
    """It is asked to write a program that runs."""
    fails(root, *call(b"prog.py", W_OK))
    root.access(b"prog.py", R_OK | X_OK)


@errnos(Errno.EACCES, ACCESSES)
def test_permission_comes_before_running(fails, user, program, call):
    """The mode does not let the caller write: over ETXTBSY of a program that runs."""
    fails(user, *call(b"prog.py", W_OK))


@errnos(
    Errno.EACCES,
    {
        "faccessat": lambda path: ("faccessat", AT_FDCWD, path, R_OK, AT_SYMLINK_NOFOLLOW),
    },
)
def test_link_itself(fails, root, user, call):
    """A symbolic link is asked about itself, and its own mode does not allow it."""
    touch(root, b"f", 0o666)
    root.symlink(b"f", b"l")
    root.lchmod(b"l", 0o700)
    fails(user, *call(b"l"))
    user.access(b"l", R_OK | W_OK)


def test_flags_of_faccessat(root):
    """A link is followed unless AT_SYMLINK_NOFOLLOW is given; unknown flags are not looked at."""
    root.symlink(b"nowhere", b"l")
    with pytest.raises(FileNotFoundError):
        root.faccessat(AT_FDCWD, b"l", F_OK, 0)
    root.faccessat(AT_FDCWD, b"l", F_OK, AT_SYMLINK_NOFOLLOW)
    root.faccessat(AT_FDCWD, b"l", F_OK, AT_SYMLINK_NOFOLLOW | AT_SYMLINK_FOLLOW | 1 << 20)


def test_nothing_changes(root, k):
    """Asking leaves no trace in the file or its directory."""
    touch(root, b"f")
    before = root.stat(b"f"), root.stat(b".")
    k.advance(1)
    root.access(b"f", R_OK | W_OK)
    assert (root.stat(b"f"), root.stat(b".")) == before
