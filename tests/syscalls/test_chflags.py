# SPDX-License-Identifier: BSD-2-Clause
"""chflags(2), lchflags, fchflags, chflagsat: who sets which flags, and what each flag forbids."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_FDCWD,
    AT_SYMLINK_NOFOLLOW,
    O_APPEND,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.stat import (
    S_IFBLK,
    S_IFCHR,
    SF_APPEND,
    SF_ARCHIVED,
    SF_IMMUTABLE,
    SF_SETTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
    UF_NODUMP,
    UF_OPAQUE,
    UF_SETTABLE,
)
from kernel.sys.sysctl import CTL_KERN, KERN_SECURELVL
from kernel.sys.time import Timeval
from kernel.sys.types import makedev
from tests.syscalls.errnos import errnos
from tests.syscalls.files import create, make_kind
from userland.libc.sysctl import sysctl

BY_FLAGS = {
    "chflags": lambda _fd, flags: ("chflags", b"f", flags),
    "lchflags": lambda _fd, flags: ("lchflags", b"f", flags),
    "fchflags": lambda fd, flags: ("fchflags", fd, flags),
}
USER = UF_NODUMP | UF_IMMUTABLE | UF_APPEND | UF_OPAQUE
SYSTEM = SF_ARCHIVED | SF_IMMUTABLE | SF_APPEND
IMMUTABLE = (UF_IMMUTABLE, SF_IMMUTABLE)
APPEND = (UF_APPEND, SF_APPEND)


def flags(p, path=b"f"):
    return p.lstat(path).st_flags


def creating(path):
    return lambda p: p.close(p.open(path, O_CREAT | O_RDWR, 0o644))


def refused(p, function, *args):
    """Whether a call fails with EPERM."""
    try:
        function(p, *args) if callable(function) else p.call(function, *args)
    except PermissionError as exc:
        return exc.errno == Errno.EPERM
    return False


@errnos(Errno.EPERM, BY_FLAGS)
def test_not_the_owner(fails, root, user, call):
    """The caller is neither the owner nor the super-user."""
    create(root, mode=0o666)
    root.chmod(b"f", 0o666)
    before = root.stat(b"f")
    fd = user.open(b"f", O_RDWR)
    for bits in (UF_NODUMP, 0, SF_ARCHIVED):
        fails(user, *call(fd, bits))
    assert root.stat(b"f") == before


@errnos(Errno.EPERM, BY_FLAGS)
def test_system_flags(fails, root, user, call):
    """The owner, not the super-user, would set or clear flags of the system (SF_*)."""
    fd = create(user)
    for bits in (SF_ARCHIVED, SF_IMMUTABLE, SF_APPEND, UF_NODUMP | SF_ARCHIVED):
        fails(user, *call(fd, bits))
    assert flags(root) == 0
    root.chflags(b"f", SF_IMMUTABLE | SF_ARCHIVED | UF_NODUMP)
    for bits in (0, UF_NODUMP, SF_IMMUTABLE):
        fails(user, *call(fd, bits))
    assert flags(root) == SF_IMMUTABLE | SF_ARCHIVED | UF_NODUMP


@errnos(Errno.EACCES, {f"{name}+level": make for name, make in BY_FLAGS.items()})
def test_securelevel(fails, root, call):
    """kern.securelevel is above 0, and SF_* of a file that SF_IMMUTABLE or SF_APPEND protects would change; the super-user may not either."""
    fd = create(root)
    root.chflags(b"f", SF_APPEND)
    assert raise_securelevel(root, 0) == -1
    root.call(*call(fd, SF_APPEND | SF_ARCHIVED))
    assert raise_securelevel(root, 1) == 0
    for bits in (0, SF_APPEND, SF_APPEND | SF_ARCHIVED | SF_IMMUTABLE):
        fails(root, *call(fd, bits))
    root.call(*call(fd, SF_APPEND | SF_ARCHIVED | UF_NODUMP))
    assert flags(root) == SF_APPEND | SF_ARCHIVED | UF_NODUMP


def test_securelevel_only_rises(root, user):
    """Flags can still be set, and those of files that nothing protects changed; the level stays."""
    create(root)
    raise_securelevel(root, 1)
    root.chflags(b"f", SF_ARCHIVED)
    root.chflags(b"f", SF_IMMUTABLE)
    with pytest.raises(PermissionError):
        raise_securelevel(root, 0)
    with pytest.raises(PermissionError):
        raise_securelevel(user, 2)
    assert raise_securelevel(root, 2) == 1


def raise_securelevel(p, level):
    """Set kern.securelevel; return the level before."""
    old = p.call(sysctl, (CTL_KERN, KERN_SECURELVL), level.to_bytes(4, "little", signed=True))
    return int.from_bytes(old, "little", signed=True)


@pytest.mark.errno("chflags", Errno.EPERM)
@pytest.mark.parametrize("kind", [S_IFCHR, S_IFBLK])
def test_own_device(fails, root, user, kind):
    """The file is a device, whose flags only the super-user changes."""
    root.mknod(b"f", kind | 0o666, makedev(1, 2))
    root.chown(b"f", 1000, 100)
    fails(user, "chflags", b"f", UF_NODUMP)
    root.chflags(b"f", UF_NODUMP)
    assert flags(root) == UF_NODUMP


@errnos(
    Errno.EOPNOTSUPP,
    {
        "chflags": lambda p: ("chflags", b"/host/f", UF_NODUMP),
        "lchflags": lambda p: ("lchflags", b"/host/f", UF_NODUMP),
        "fchflags": lambda p: ("fchflags", p.open(b"/host/f", O_RDWR), UF_NODUMP),
    },
)
def test_no_flags_there(fails, k, root, tmp_path, call):
    """The file system has no flags: the host's files."""
    (tmp_path / "f").touch()
    k.mount(tmp_path, b"/host")
    fails(root, *call(root))


@pytest.mark.parametrize("name", BY_FLAGS)
def test_super_user_sets_all(root, name):
    """The super-user sets and clears every flag, of a file that is protected, too."""
    fd = create(root)
    for bits in (USER | SYSTEM, USER, SYSTEM, UF_NODUMP, 0):
        root.call(*BY_FLAGS[name](fd, bits))
        assert flags(root) == bits


@pytest.mark.parametrize("name", BY_FLAGS)
def test_owner_sets_the_owners(root, user, name):
    """The owner sets UF_* and leaves SF_* as they are by naming them."""
    fd = create(user)
    for bits in (USER, UF_NODUMP, 0):
        user.call(*BY_FLAGS[name](fd, bits))
        assert flags(root) == bits
    root.chflags(b"f", SF_ARCHIVED)
    user.call(*BY_FLAGS[name](fd, SF_ARCHIVED | UF_NODUMP))
    assert flags(root) == SF_ARCHIVED | UF_NODUMP


def test_unknown_flags_are_kept(root, user):
    """Every bit of either half is somebody's."""
    create(user)
    user.chflags(b"f", UF_SETTABLE & ~(UF_IMMUTABLE | UF_APPEND))
    assert flags(root) == UF_SETTABLE & ~(UF_IMMUTABLE | UF_APPEND)
    root.chflags(b"f", UF_SETTABLE | SF_SETTABLE)
    assert flags(root) == 0xFFFFFFFF


@pytest.mark.parametrize("everything", [-1, (1 << 64) - 1])
def test_all_ones_is_no_value(root, user, everything):
    """The u_long of all ones is how the kernel says that no flags are given: nothing happens."""
    create(root)
    root.chflags(b"f", UF_NODUMP)
    before = root.stat(b"f")
    root.chflags(b"f", everything)
    user.chflags(b"f", everything)
    assert root.stat(b"f") == before


@pytest.mark.parametrize("kind", ["regular", "directory", "fifo", "block", "char", "symlink"])
def test_every_type(root, kind):
    """Every type of file has flags; setting them, also those it has, changes its change time."""
    make_kind(root, kind)
    before = root.lstat(b"f")
    assert before.st_flags == 0
    for bits in (USER | SYSTEM, UF_NODUMP, UF_NODUMP, 0):
        root.lchflags(b"f", bits)
        after = root.lstat(b"f")
        assert after.st_ctim > before.st_ctim
        assert after._replace(st_ctim=0, st_flags=0) == before._replace(st_ctim=0, st_flags=0)
        assert after.st_flags == bits
        before = after._replace(st_flags=0)


def test_links_are_followed_but_by_lchflags(root):
    """chflags changes what the link leads to, lchflags the link."""
    create(root)
    root.symlink(b"f", b"l")
    root.chflags(b"l", UF_NODUMP)
    root.lchflags(b"l", SF_ARCHIVED)
    assert (flags(root), flags(root, b"l")) == (UF_NODUMP, SF_ARCHIVED)


# What is done to a file, or in a directory; the last word says which flags refuse it.
TO_FILE = {
    "write": (lambda p: p.write(p.open(b"d/f", O_WRONLY), b"x"), "ia"),
    "read-write": (lambda p: p.open(b"d/f", O_RDWR), "ia"),
    "append": (lambda p: p.write(p.open(b"d/f", O_WRONLY | O_APPEND), b"x"), "i"),
    "cut while opening": (lambda p: p.open(b"d/f", O_WRONLY | O_TRUNC), "ia"),
    "cut while appending": (lambda p: p.open(b"d/f", O_WRONLY | O_APPEND | O_TRUNC), "ia"),
    "cut what is read": (lambda p: p.open(b"d/f", O_RDONLY | O_TRUNC), "ia"),
    "truncate": (lambda p: p.truncate(b"d/f", 0), "ia"),
    "truncate to the same": (lambda p: p.truncate(b"d/f", 4), "ia"),
    "chmod": (lambda p: p.chmod(b"d/f", 0o600), "ia"),
    "chown": (lambda p: p.chown(b"d/f", 0, 0), "ia"),
    "utimes": (lambda p: p.utimes(b"d/f", (Timeval(1, 0), Timeval(2, 0))), "ia"),
    "utimes now": (lambda p: p.utimes(b"d/f"), "ia"),
    "unlink": (lambda p: p.unlink(b"d/f"), "ia"),
    "link": (lambda p: p.link(b"d/f", b"d/new"), "ia"),
    "rename": (lambda p: p.rename(b"d/f", b"d/new"), "ia"),
    "replace": (lambda p: p.rename(b"d/g", b"d/f"), "ia"),
    "read": (lambda p: p.read(p.open(b"d/f", O_RDONLY), 9), ""),
    "chflags": (lambda p: p.chflags(b"d/f", 0), ""),
    "stat": (lambda p: p.stat(b"d/f"), ""),
    "access": (lambda p: p.access(b"d/f", 4), ""),
    "access to write": (lambda p: p.access(b"d/f", 2), "i"),
}
TO_DIRECTORY = {
    "create": (creating(b"d/new"), "i"),
    "mkdir": (lambda p: p.mkdir(b"d/new", 0o755), "i"),
    "symlink": (lambda p: p.symlink(b"x", b"d/new"), "i"),
    "mkfifo": (lambda p: p.mkfifo(b"d/new", 0o644), "i"),
    "mknod": (lambda p: p.mknod(b"d/new", S_IFCHR | 0o644, makedev(1, 2)), "i"),
    "link in": (lambda p: p.link(b"e/f", b"d/new"), "i"),
    "rename in": (lambda p: p.rename(b"e/f", b"d/new"), "i"),
    "unlink": (lambda p: p.unlink(b"d/f"), "ia"),
    "rmdir of an entry": (lambda p: p.rmdir(b"d/sub"), "ia"),
    "rename within": (lambda p: p.rename(b"d/f", b"d/new"), "ia"),
    "rename out": (lambda p: p.rename(b"d/f", b"e/new"), "ia"),
    "replace an entry": (lambda p: p.rename(b"e/f", b"d/f"), "ia"),
    "rename of itself": (lambda p: p.rename(b"d", b"new"), "ia"),
    "chmod": (lambda p: p.chmod(b"d", 0o700), "ia"),
    "chown": (lambda p: p.chown(b"d", 1, 1), "ia"),
    "utimes": (lambda p: p.utimes(b"d"), "ia"),
    "change an entry": (lambda p: p.chmod(b"d/f", 0o600), ""),
    "write an entry": (lambda p: p.write(p.open(b"d/f", O_WRONLY), b"x"), ""),
    "list": (lambda p: p.getdents(p.open(b"d", O_RDONLY), 512), ""),
    "go there": (lambda p: p.chdir(b"d"), ""),
}


@pytest.mark.parametrize("what", TO_FILE)
@pytest.mark.parametrize("flag", [*IMMUTABLE, *APPEND, UF_NODUMP | UF_OPAQUE | SF_ARCHIVED])
def test_flag_of_a_file(root, what, flag):
    """Immutable: nothing but being read; append-only: nothing but being read and appended to."""
    root.mkdir(b"d", 0o755)
    root.write(create(root, b"d/f"), b"data")
    create(root, b"d/g")
    root.chflags(b"d/f", flag)
    before = root.stat(b"d/f")
    act, by = TO_FILE[what]
    letter = "i" if flag in IMMUTABLE else "a" if flag in APPEND else "-"
    assert refused(root, act) == (letter in by)
    if letter in by:
        assert root.stat(b"d/f") == before


@pytest.mark.parametrize("what", TO_DIRECTORY)
@pytest.mark.parametrize("flag", [*IMMUTABLE, *APPEND, UF_NODUMP | UF_OPAQUE | SF_ARCHIVED])
def test_flag_of_a_directory(root, what, flag):
    """Immutable: its entries stay as they are; append-only: entries come, but none goes."""
    for path in (b"d", b"d/sub", b"e"):
        root.mkdir(path, 0o755)
    create(root, b"d/f")
    create(root, b"e/f")
    root.chflags(b"d", flag)
    before = root.stat(b"d")
    act, by = TO_DIRECTORY[what]
    letter = "i" if flag in IMMUTABLE else "a" if flag in APPEND else "-"
    assert refused(root, act) == (letter in by)
    if letter in by:
        assert root.stat(b"d") == before


@pytest.mark.parametrize("flag", [*IMMUTABLE, *APPEND])
def test_protected_empty_directory(root, flag):
    """A directory that may not change is not removed either; one with entries is first not empty."""
    root.mkdir(b"d", 0o755)
    root.chflags(b"d", flag)
    assert refused(root, "rmdir", b"d")
    root.chflags(b"d", 0)
    create(root, b"d/f")
    root.chflags(b"d", flag)
    with pytest.raises(OSError, match="Directory not empty"):
        root.rmdir(b"d")


@pytest.mark.parametrize("flag", IMMUTABLE)
def test_what_is_open_is_written(root, flag):
    """A flag is asked for when a file is opened; an open one can be written, but not cut."""
    fd = create(root)
    root.chflags(b"f", flag)
    assert root.write(fd, b"x") == 1
    assert refused(root, "ftruncate", fd, 0)
    assert refused(root, "fchmod", fd, 0o600)
    root.fchflags(fd, 0)
    root.ftruncate(fd, 0)


@pytest.mark.parametrize("flag", [*IMMUTABLE, *APPEND])
def test_protected_link(root, flag):
    """A symbolic link's own flag protects the link, not what it leads to."""
    create(root)
    root.symlink(b"f", b"l")
    root.lchflags(b"l", flag)
    assert refused(root, "unlink", b"l")
    assert refused(root, "lchmod", b"l", 0o700)
    assert refused(root, "rename", b"l", b"m")
    root.chmod(b"l", 0o600)
    assert root.readlink(b"l", 9) == b"f"


def test_chflagsat(root, user):
    """A path is relative to an open directory; a link is followed unless AT_SYMLINK_NOFOLLOW."""
    root.mkdir(b"d", 0o755)
    create(root, b"d/f", 0)
    root.symlink(b"f", b"d/l")
    fd = root.open(b"d", O_RDONLY)
    root.chflagsat(fd, b"l", UF_NODUMP)
    root.chflagsat(fd, b"l", SF_ARCHIVED, AT_SYMLINK_NOFOLLOW)
    assert (flags(root, b"d/f"), flags(root, b"d/l")) == (UF_NODUMP, SF_ARCHIVED)
    assert root.getcwd() == "/t"
    root.chflagsat(AT_FDCWD, b"d/f", 0)
    root.chflagsat(99, b"/t/d/l", 0, AT_SYMLINK_NOFOLLOW)
    assert (flags(root, b"d/f"), flags(root, b"d/l")) == (0, 0)
    below = user.open(b"d", O_RDONLY)
    assert refused(user, "chflagsat", below, b"f", UF_NODUMP)
    assert user.getcwd() == "/t"


@pytest.mark.parametrize(
    ("fd", "path", "atflag", "errno"),
    [
        (AT_FDCWD, b"f", 1 << 20, Errno.EINVAL),
        (AT_FDCWD, b"missing", 0, Errno.ENOENT),
        (99, b"f", 0, Errno.EBADF),
        (0, b"f", 0, Errno.ENOTDIR),
    ],
)
def test_chflagsat_fails(root, fd, path, atflag, errno):
    """Its errors are those of its family."""
    create(root)
    with pytest.raises(OSError) as caught:  # noqa: PT011
        root.chflagsat(fd, path, 0, atflag)
    assert caught.value.errno == errno
    assert root.getcwd() == "/t"
