# SPDX-License-Identifier: BSD-2-Clause
"""chmod(2), lchmod, fchmod, fchmodat: who may, what is kept, what is cleared."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.stat import (
    ALLPERMS,
    SF_APPEND,
    SF_IMMUTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
    UF_NODUMP,
    UF_OPAQUE,
)
from tests.syscalls.errnos import errnos
from tests.syscalls.files import make_kind

BY_MODE = {
    "chmod": lambda _fd, mode: ("chmod", b"f", mode),
    "lchmod": lambda _fd, mode: ("lchmod", b"f", mode),
    "fchmod": lambda fd, mode: ("fchmod", fd, mode),
    "fchmodat": lambda _fd, mode: ("fchmodat", AT_FDCWD, b"f", mode),
}
TYPES = ("regular", "directory", "fifo", "block", "char", "symlink")


def mode(p, path):
    return p.lstat(path).st_mode & ALLPERMS


@errnos(Errno.EPERM, BY_MODE)
def test_not_the_owner(fails, root, user, call):
    """The caller is neither the owner nor the super-user, even if it may write the file."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o666)
    root.chmod(b"f", 0o666)
    before = root.stat(b"f")
    fails(user, *call(user.open(b"f", O_RDWR), 0o666))
    assert root.fstat(fd) == before


@errnos(Errno.EPERM, BY_MODE)
def test_group_of_others(fails, root, user, call):
    """S_ISGID is set for a group that the caller is not in."""
    fd = user.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.chown(b"f", 1000, 300)
    fails(user, *call(fd, 0o2755))
    assert mode(root, b"f") == 0o644


@errnos(Errno.EPERM, BY_MODE)
def test_protected_by_a_flag(fails, root, call):
    """The file is immutable or append-only; the super-user may not either."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    for flag in (UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE, SF_APPEND):
        root.chflags(b"f", flag)
        fails(root, *call(fd, 0o600))
    root.chflags(b"f", UF_NODUMP | UF_OPAQUE)
    root.call(*call(fd, 0o600))


@errnos(Errno.EFTYPE, BY_MODE)
def test_sticky_file(fails, user, call):
    """S_ISVTX is set by other than the super-user, and the file is no directory."""
    fd = user.open(b"f", O_CREAT | O_RDWR, 0o644)
    fails(user, *call(fd, 0o1644))
    assert mode(user, b"f") == 0o644


@pytest.mark.errno("lchmod", Errno.EFTYPE)
def test_sticky_link(fails, user):
    """S_ISVTX is set by other than the super-user, and the file is no directory."""
    user.symlink(b"x", b"l")
    fails(user, "lchmod", b"l", 0o1755)


@pytest.mark.errno("chmod", Errno.EPERM)
def test_not_the_owner_before_sticky(fails, root, user):
    """Of another's file the caller may not even hear that S_ISVTX is for directories."""
    make_kind(root, "regular", b"f")
    fails(user, "chmod", b"f", 0o1644)


@pytest.mark.errno("chmod", Errno.EFTYPE)
def test_sticky_before_the_group(fails, root, user):
    """S_ISVTX of a file comes before S_ISGID of a group that is not the caller's."""
    make_kind(user, "regular", b"f")
    root.chown(b"f", 1000, 300)
    fails(user, "chmod", b"f", 0o3644)


@pytest.mark.errno("chmod", Errno.EPERM)
def test_flag_before_the_owner(fails, root, user):
    """A flag protects the file before anybody asks whose it is."""
    make_kind(user, "regular", b"f")
    user.chflags(b"f", UF_IMMUTABLE)
    fails(user, "chmod", b"f", 0o1644)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type(root, kind):
    """The permissions of any type of file change, and its change time with them; the type stays."""
    make_kind(root, kind, b"f")
    before = root.lstat(b"f")
    for bits in (0o111, 0o7777, 0, 0o1621):
        root.lchmod(b"f", bits)
        assert root.lstat(b"f").st_mode == before.st_mode & ~ALLPERMS | bits
    after = root.lstat(b"f")
    assert after.st_ctim > before.st_ctim
    assert (after.st_atim, after.st_mtim) == (before.st_atim, before.st_mtim)


def test_links_are_followed_but_by_lchmod(root):
    """chmod changes what the link leads to, lchmod and AT_SYMLINK_NOFOLLOW the link."""
    root.umask(0)
    make_kind(root, "regular", b"f")
    root.symlink(b"f", b"l")
    assert mode(root, b"l") == 0o777
    root.chmod(b"l", 0o222)
    assert (mode(root, b"f"), mode(root, b"l")) == (0o222, 0o777)
    root.lchmod(b"l", 0o700)
    assert (mode(root, b"f"), mode(root, b"l")) == (0o222, 0o700)
    root.fchmodat(AT_FDCWD, b"l", 0o711, AT_SYMLINK_NOFOLLOW)
    root.fchmodat(AT_FDCWD, b"l", 0o444)
    assert (mode(root, b"f"), mode(root, b"l")) == (0o444, 0o711)


def test_bits_of_the_owner(root, user):
    """The owner sets the set-id bits, of a group it is in, and makes its directories sticky."""
    make_kind(user, "regular", b"f")
    root.chown(b"f", 1000, 100)
    user.chmod(b"f", 0o6755)
    assert mode(root, b"f") == 0o6755
    make_kind(user, "directory", b"d")
    user.chmod(b"d", 0o1777)
    assert mode(root, b"d") == 0o1777


def test_group_that_is_supplementary(person, root):
    """Membership in the file's group may be supplementary."""
    p = person(1000, 100, (300,))
    make_kind(p, "regular", b"f")
    root.chown(b"f", 1000, 300)
    p.chmod(b"f", 0o2755)
    assert mode(root, b"f") == 0o2755


def test_super_user_sets_every_bit(root):
    """The super-user is in every group, and makes files sticky."""
    make_kind(root, "regular", b"f")
    root.chown(b"f", 1000, 300)
    root.chmod(b"f", 0o7777)
    assert mode(root, b"f") == 0o7777


def test_other_bits_are_cut(root):
    """What is no permission is not looked at."""
    make_kind(root, "regular", b"f")
    root.chmod(b"f", 0o177600 | 1 << 40)
    assert root.stat(b"f").st_mode == 0o107600


def test_same_mode(root):
    """A mode that is there already still changes the change time."""
    make_kind(root, "regular", b"f")
    before = root.stat(b"f")
    root.chmod(b"f", 0o644)
    assert root.stat(b"f").st_ctim > before.st_ctim


def test_open_files_keep_their_rights(root, user):
    """What is open stays readable and writable when the mode no longer allows it."""
    fd = user.open(b"f", O_CREAT | O_RDWR, 0o600)
    user.chmod(b"f", 0)
    assert user.write(fd, b"x") == 1
    assert user.pread(fd, 1, 0) == b"x"
    with pytest.raises(PermissionError):
        user.open(b"f", O_RDONLY)


@pytest.mark.parametrize("bits", [0o4777, 0o2777, 0o6777])
@pytest.mark.parametrize("flags", [O_WRONLY, O_RDWR])
def test_write_clears_set_id(root, user, bits, flags):
    """A byte written by other than the super-user clears the set-id bits; none written does not."""
    make_kind(root, "regular", b"f")
    root.chmod(b"f", bits)
    fd = user.open(b"f", flags)
    assert user.write(fd, b"") == 0
    assert mode(root, b"f") == bits
    assert root.write(root.open(b"f", O_WRONLY), b"x") == 1
    assert mode(root, b"f") == bits
    user.ftruncate(fd, 0)
    assert mode(root, b"f") == bits
    user.write(fd, b"x")
    assert user.fstat(fd).st_mode & ALLPERMS == 0o777
    assert mode(root, b"f") == 0o777
