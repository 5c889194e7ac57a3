# SPDX-License-Identifier: BSD-2-Clause
"""chown(2), lchown, fchown, fchownat, and POSIX's forms: who may, and which set-id bits go."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_RDWR
from kernel.sys.stat import (
    ALLPERMS,
    SF_APPEND,
    SF_IMMUTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
)
from tests.syscalls.errnos import errnos
from tests.syscalls.files import create, make_kind

BY_IDS = {
    "chown": lambda _fd, uid, gid: ("chown", b"f", uid, gid),
    "lchown": lambda _fd, uid, gid: ("lchown", b"f", uid, gid),
    "fchown": lambda fd, uid, gid: ("fchown", fd, uid, gid),
    "fchownat": lambda _fd, uid, gid: ("fchownat", AT_FDCWD, b"f", uid, gid),
    "posix_chown": lambda _fd, uid, gid: ("__posix_chown", b"f", uid, gid),
    "posix_lchown": lambda _fd, uid, gid: ("__posix_lchown", b"f", uid, gid),
    "posix_fchown": lambda fd, uid, gid: ("__posix_fchown", fd, uid, gid),
}
NETBSD = [name for name in BY_IDS if not name.startswith("posix")]
POSIX = [name for name in BY_IDS if name.startswith("posix")]


def ids(p, path=b"f"):
    st = p.lstat(path)
    return st.st_uid, st.st_gid


def mode(p, path=b"f"):
    return p.lstat(path).st_mode & ALLPERMS


@errnos(Errno.EPERM, BY_IDS)
def test_not_the_owner(fails, root, user, call):
    """The caller is neither the owner nor the super-user: it may not even set the ids that are there."""
    create(root, mode=0o666)
    root.chmod(b"f", 0o666)
    before = root.stat(b"f")
    fd = user.open(b"f", O_RDWR)
    for uid, gid in ((1000, 100), (1000, -1), (-1, 100), (0, 0), (-1, 0)):
        fails(user, *call(fd, uid, gid))
    assert root.stat(b"f") == before


@errnos(Errno.EPERM, BY_IDS)
def test_owner_gives_nothing_away(fails, root, user, call):
    """The owner is not the super-user and names another owner, or a group it is not in."""
    fd = create(user)
    root.chown(b"f", 1000, 100)
    for uid, gid in ((1001, -1), (0, -1), (1001, 100), (-1, 300), (1000, 300), (1001, 300)):
        fails(user, *call(fd, uid, gid))
    assert ids(root) == (1000, 100)


@errnos(Errno.EPERM, BY_IDS)
def test_protected_by_a_flag(fails, root, call):
    """The file is immutable or append-only; the super-user may not either."""
    fd = create(root)
    for flag in (UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE, SF_APPEND):
        root.chflags(b"f", flag)
        fails(root, *call(fd, 1, 1))


@pytest.mark.parametrize("name", BY_IDS)
def test_super_user(root, name):
    """The super-user sets either id, both, or none."""
    fd = create(root)
    for wanted, result in (
        ((123, 456), (123, 456)),
        ((-1, 7), (123, 7)),
        ((8, -1), (8, 7)),
        ((-1, -1), (8, 7)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (8, 7)),
        ((0xFFFFFFFE, 0x80000000), (0xFFFFFFFE, 0x80000000)),
        ((-2, -3), (0xFFFFFFFE, 0xFFFFFFFD)),
        ((0, 0), (0, 0)),
    ):
        root.call(*BY_IDS[name](fd, *wanted))
        assert ids(root) == result


@pytest.mark.parametrize("kind", ["regular", "directory", "fifo", "block", "char", "symlink"])
def test_every_type(root, kind):
    """Every type of file can change hands."""
    make_kind(root, kind)
    before = root.lstat(b"f")
    root.lchown(b"f", 123, 456)
    after = root.lstat(b"f")
    assert (after.st_uid, after.st_gid) == (123, 456)
    assert after.st_ctim > before.st_ctim
    assert after[:4] == before[:4]


@pytest.mark.parametrize("name", BY_IDS)
def test_owner_chooses_among_its_groups(root, person, name):
    """The owner gives the file to a group of its own, naming itself or nobody as owner."""
    p = person(1000, 100, (300, 301))
    fd = create(p)
    root.chown(b"f", 1000, 9)
    for gid in (100, 300, 301):
        p.call(*BY_IDS[name](fd, -1, gid))
        assert ids(root) == (1000, gid)
        p.call(*BY_IDS[name](fd, 1000, gid))
    root.chown(b"f", 1000, 9)
    p.call(*BY_IDS[name](fd, 1000, 9))  # the group it has, though not the owner's


@pytest.mark.parametrize("name", BY_IDS)
def test_nothing_asked_for(root, user, name):
    """-1 and -1 are refused to nobody, and change nothing, not even the change time."""
    create(root, mode=0o666)
    root.chmod(b"f", 0o666)
    fd = user.open(b"f", O_RDWR)
    before = root.stat(b"f")
    user.call(*BY_IDS[name](fd, -1, -1))
    root.chflags(b"f", UF_IMMUTABLE)
    root.call(*BY_IDS[name](root.open(b"f", 0), -1, -1))
    root.chflags(b"f", 0)
    assert root.stat(b"f")._replace(st_ctim=0) == before._replace(st_ctim=0)


def test_nothing_asked_for_leaves_the_times(root):
    """-1 and -1 are no change of status."""
    create(root)
    before = root.stat(b"f")
    root.chown(b"f", -1, -1)
    assert root.stat(b"f") == before


@pytest.mark.parametrize("name", NETBSD)
@pytest.mark.parametrize(
    ("uid", "gid", "left"),
    [(1, 1, 0o555), (1, -1, 0o2555), (-1, 1, 0o4555), (-1, -1, 0o6555), (0, 0, 0o555)],
)
def test_netbsd_clears_what_changes(root, name, uid, gid, left):
    """An owner that is given clears S_ISUID, a group S_ISGID, also for the super-user and the same ids."""
    fd = create(root)
    root.chmod(b"f", 0o6555)
    root.call(*BY_IDS[name](fd, uid, gid))
    assert mode(root) == left


@pytest.mark.parametrize("name", NETBSD)
def test_netbsd_clears_for_the_owner(root, user, name):
    """The owner's change of the group clears S_ISGID only."""
    fd = create(user)
    root.chown(b"f", 1000, 100)
    user.chmod(b"f", 0o6555)
    user.call(*BY_IDS[name](fd, -1, 100))
    assert mode(root) == 0o4555
    user.call(*BY_IDS[name](fd, 1000, -1))
    assert mode(root) == 0o555


@pytest.mark.parametrize("name", POSIX)
def test_posix_leaves_to_the_super_user(root, name):
    """In POSIX's form the super-user keeps both bits."""
    fd = create(root)
    root.chmod(b"f", 0o6555)
    root.call(*BY_IDS[name](fd, 1, 1))
    assert mode(root) == 0o6555


@pytest.mark.parametrize("name", POSIX)
@pytest.mark.parametrize(("uid", "gid"), [(1000, -1), (-1, 100), (1000, 100), (-1, -1)])
def test_posix_clears_both(root, user, name, uid, gid):
    """In POSIX's form whoever else changes whatever clears both bits."""
    fd = create(user)
    root.chown(b"f", 1000, 100)
    user.chmod(b"f", 0o6555)
    user.call(*BY_IDS[name](fd, uid, gid))
    assert mode(root) == 0o555


@pytest.mark.errno("posix_chown", Errno.EPERM)
def test_posix_changes_the_mode_of_others_not(fails, root, user):
    """Ids of -1 and -1 leave the set-id bits to be cleared, which only the owner may."""
    create(root)
    root.chmod(b"f", 0o6755)
    fails(user, "__posix_chown", b"f", -1, -1)
    assert mode(root) == 0o6755


def test_links_are_followed_but_by_lchown(root):
    """chown changes what the link leads to, lchown and AT_SYMLINK_NOFOLLOW the link."""
    create(root)
    root.symlink(b"f", b"l")
    root.chown(b"l", 1, 2)
    assert (ids(root), ids(root, b"l")) == ((1, 2), (0, 0))
    root.lchown(b"l", 3, 4)
    assert (ids(root), ids(root, b"l")) == ((1, 2), (3, 4))
    root.fchownat(AT_FDCWD, b"l", 5, 6)
    root.fchownat(AT_FDCWD, b"l", 7, 8, AT_SYMLINK_NOFOLLOW)
    assert (ids(root), ids(root, b"l")) == ((5, 6), (7, 8))
    root.call("__posix_chown", b"l", 9, -1)
    root.call("__posix_lchown", b"l", 10, -1)
    assert (ids(root), ids(root, b"l")) == ((9, 6), (10, 8))


def test_who_gives_away_has_lost(root, user):
    """The former owner is one of the others."""
    create(user, mode=0o600)
    root.chown(b"f", 1001, 101)
    with pytest.raises(PermissionError):
        user.open(b"f", O_RDWR)
    with pytest.raises(PermissionError):
        user.chmod(b"f", 0o666)
