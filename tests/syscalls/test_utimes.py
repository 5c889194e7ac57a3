# SPDX-License-Identifier: BSD-2-Clause
"""utimes(2), lutimes, futimes, utimensat, futimens: which times are set, to what, and by whom."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_RDONLY, O_RDWR
from kernel.sys.stat import (
    SF_APPEND,
    SF_IMMUTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
    UTIME_NOW,
    UTIME_OMIT,
)
from kernel.sys.time import Timespec, Timeval
from tests.syscalls.errnos import errnos
from tests.syscalls.files import create, make_kind
from userland.libc.syscall import call as trap

BAD = 0x1000
SECOND = 10**9
NOW = Timespec(0, UTIME_NOW)
OMIT = Timespec(0, UTIME_OMIT)

# By the name of the call: the arguments, of times in (seconds, nanoseconds) or None.
MICRO = {
    "utimes": lambda _fd, tvs: ("utimes", b"f", tvs),
    "lutimes": lambda _fd, tvs: ("lutimes", b"f", tvs),
    "futimes": lambda fd, tvs: ("futimes", fd, tvs),
}
NANO = {
    "utimensat": lambda _fd, tss: ("utimensat", AT_FDCWD, b"f", tss),
    "futimens": lambda fd, tss: ("futimens", fd, tss),
}
ALL = {**MICRO, **NANO}


def pair(name, atime, mtime):
    """Two times in ns as the call of that name takes them."""
    if name in NANO:
        return Timespec.from_ns(atime), Timespec.from_ns(mtime)
    return tuple(Timeval(ns // SECOND, ns % SECOND // 1000) for ns in (atime, mtime))


def times(p, path=b"f"):
    st = p.lstat(path)
    return st.st_atim, st.st_mtim


@errnos(Errno.EPERM, ALL)
def test_not_the_owner(request, fails, root, user, call):
    """Times are given, and the caller is neither the owner nor the super-user, though it may write."""
    create(root, mode=0o666)
    root.chmod(b"f", 0o666)
    before = root.stat(b"f")
    name = request.node.callspec.id
    fails(user, *call(user.open(b"f", O_RDWR), pair(name, SECOND, SECOND)))
    assert root.stat(b"f") == before


@errnos(Errno.EPERM, NANO)
def test_half_of_now_is_not_now(fails, root, user, call):
    """Only one of the times is UTIME_NOW, and the caller is neither the owner nor the super-user."""
    create(root, mode=0o666)
    root.chmod(b"f", 0o666)
    fd = user.open(b"f", O_RDWR)
    for tss in ((NOW, OMIT), (OMIT, NOW), (NOW, Timespec(1, 0)), (OMIT, Timespec(1, 0))):
        fails(user, *call(fd, tss))


@errnos(Errno.EACCES, ALL)
def test_now_without_write_permission(request, fails, root, user, call):
    """The time is now, and the caller is neither the owner nor the super-user nor may it write."""
    create(root)
    fd = user.open(b"f", O_RDONLY)
    fails(user, *call(fd, None))
    if request.node.callspec.id in NANO:
        fails(user, *call(fd, (NOW, NOW)))


@errnos(Errno.EPERM, {f"{name}+flag": make for name, make in ALL.items()})
def test_protected_by_a_flag(request, fails, root, call):
    """The file is immutable or append-only; the super-user may not either."""
    fd = create(root)
    name = request.node.callspec.id.partition("+")[0]
    for flag in (UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE, SF_APPEND):
        root.chflags(b"f", flag)
        fails(root, *call(fd, None))
        fails(root, *call(fd, pair(name, 0, 0)))


@errnos(Errno.EINVAL, MICRO)
@pytest.mark.parametrize("usec", [-1, 1_000_000, 2**31 - 1, -(2**31)])
def test_microseconds(fails, root, call, usec):
    """Microseconds are less than 0 or not less than a million."""
    fd = create(root)
    before = root.stat(b"f")
    fails(root, *call(fd, (Timeval(1, usec), Timeval(1, 0))))
    fails(root, *call(fd, (Timeval(1, 0), Timeval(1, usec))))
    assert root.stat(b"f") == before


@pytest.mark.errno("utimes", Errno.EINVAL)
def test_times_before_the_path(fails, root):
    """The times are looked at before the path."""
    fails(root, "utimes", b"missing", (Timeval(1, -1), Timeval(1, 0)))


@errnos(
    Errno.EFAULT,
    {
        "utimes+times": lambda _fd, path: (trap, "__utimes50", path, BAD),
        "lutimes+times": lambda _fd, path: (trap, "__lutimes50", path, BAD),
        "utimensat+times": lambda _fd, path: (trap, "utimensat", AT_FDCWD, path, BAD, 0),
        "futimes": lambda fd, _path: (trap, "__futimes50", fd, BAD),
        "futimens": lambda fd, _path: (trap, "futimens", fd, BAD),
    },
)
def test_times_are_nowhere(fails, root, call):
    """The times are not in the caller's memory; that comes before the path."""
    fails(root, *call(create(root), BAD))


@errnos(
    Errno.EBADF,
    {
        "futimes": lambda: (trap, "__futimes50", 99, BAD),
        "futimens": lambda: (trap, "futimens", 99, BAD),
    },
)
def test_descriptor_before_times(fails, root, call):
    """The descriptor is looked at before the times."""
    fails(root, *call())


@pytest.mark.errno("utimes", Errno.EPERM)
def test_flag_before_owner(fails, root, user):
    """A flag of the file forbids it before anybody asks who may write."""
    create(root)
    root.chflags(b"f", UF_IMMUTABLE)
    fails(user, "utimes", b"f")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("atime", "mtime"),
    [
        (1_900_000_000 * SECOND, 1_950_000_000 * SECOND),
        (100_000_000_100_000_000, 200_000_000_200_000_000),
        (2**31 * SECOND, 2**32 * SECOND),
        (0, 999_999_000),
        (-2 * SECOND, -3 * SECOND + 1000),
        ((2**62) * SECOND, -(2**62) * SECOND),
    ],
)
def test_what_is_set_is_told(root, name, atime, mtime):
    """Any second from the past or the future is kept, with what the call knows of fractions."""
    fd = create(root)
    root.call(*ALL[name](fd, pair(name, atime, mtime)))
    assert times(root) == (atime, mtime)


@pytest.mark.parametrize("name", NANO)
def test_nanoseconds_are_kept(root, name):
    """Times of the calls with timespecs are exact."""
    fd = create(root)
    root.call(*NANO[name](fd, (Timespec(7, 123_456_789), Timespec(8, 999_999_999))))
    assert times(root) == (7_123_456_789, 8_999_999_999)


@pytest.mark.parametrize("name", NANO)
@pytest.mark.parametrize("nsec", [-1, SECOND, UTIME_NOW + 1, UTIME_OMIT - 1, 2**62])
def test_nanoseconds_are_not_checked(root, name, nsec):
    """Nanoseconds may be as many as there are: NetBSD 10 keeps them; their sum with the seconds is told."""
    fd = create(root)
    root.call(*NANO[name](fd, (Timespec(7, nsec), Timespec(8, 0))))
    assert times(root) == (7 * SECOND + nsec, 8 * SECOND)
    root.call(*NANO[name](fd, (Timespec(7, 0), Timespec(8, nsec))))
    assert times(root) == (7 * SECOND, 8 * SECOND + nsec)


@pytest.mark.parametrize("name", ALL)
def test_second_of_minus_one(root, name):
    """The second before the epoch is how the kernel says that no time is given: it is left out."""
    fd = create(root)
    before = root.stat(b"f")
    root.call(*ALL[name](fd, pair(name, -SECOND, -SECOND)))
    assert root.stat(b"f") == before
    root.call(*ALL[name](fd, pair(name, -SECOND, 5 * SECOND)))
    assert times(root) == (before.st_atim, 5 * SECOND)


@pytest.mark.parametrize("name", ALL)
def test_now(root, name):
    """Without times both are the present one."""
    fd = create(root)
    before = root.stat(b"f")
    root.call(*ALL[name](fd, None))
    after = root.stat(b"f")
    assert after.st_atim == after.st_mtim > before.st_mtim
    assert after.st_birthtim == before.st_birthtim


@pytest.mark.parametrize("name", ALL)
def test_only_what_is_set_changes(root, name):
    """Neither the change time nor anything else moves: NetBSD's tmpfs leaves it."""
    fd = create(root)
    before = root.stat(b"f")
    later = before.st_birthtim + SECOND
    root.call(*ALL[name](fd, pair(name, later, later)))
    after = root.stat(b"f")
    assert after == before._replace(st_atim=after.st_atim, st_mtim=after.st_mtim)
    assert after.st_mtim > before.st_mtim


@pytest.mark.parametrize("name", ALL)
def test_birth_is_never_after_the_modification(root, name):
    """A modification time before the birth moves the birth there; a later one leaves it."""
    fd = create(root)
    root.call(*ALL[name](fd, pair(name, 5 * SECOND, 100 * SECOND)))
    assert root.stat(b"f").st_birthtim == 100 * SECOND
    root.call(*ALL[name](fd, pair(name, 5 * SECOND, 200 * SECOND)))
    assert root.stat(b"f").st_birthtim == 100 * SECOND
    root.call(*ALL[name](fd, pair(name, 5 * SECOND, 50 * SECOND)))
    assert root.stat(b"f").st_birthtim == 50 * SECOND


@pytest.mark.parametrize("name", NANO)
def test_omit(root, name):
    """UTIME_OMIT leaves a time, whatever the seconds say; the birth, too."""
    fd = create(root)
    before = root.stat(b"f")
    root.call(*NANO[name](fd, (OMIT, OMIT)))
    assert root.stat(b"f") == before
    root.call(*NANO[name](fd, (Timespec(3, 0), Timespec(99, UTIME_OMIT))))
    assert root.stat(b"f") == before._replace(st_atim=3 * SECOND)
    root.call(*NANO[name](fd, (OMIT, Timespec(4, 0))))
    assert times(root) == (3 * SECOND, 4 * SECOND)


@pytest.mark.parametrize("name", NANO)
def test_omit_both_is_refused_to_nobody(root, user, name):
    """Who sets nothing needs no permission."""
    create(root)
    user.call(*NANO[name](user.open(b"f", O_RDONLY), (OMIT, OMIT)))


@pytest.mark.parametrize("name", NANO)
def test_one_of_them_now(root, name):
    """UTIME_NOW is the present time, for either; with both they are equal."""
    fd = create(root)
    born = root.stat(b"f").st_birthtim
    root.call(*NANO[name](fd, (NOW, Timespec(4, 0))))
    assert times(root)[0] > born
    assert times(root)[1] == 4 * SECOND
    root.call(*NANO[name](fd, (Timespec(5, 0), NOW)))
    assert times(root)[0] == 5 * SECOND
    assert times(root)[1] > born
    root.call(*NANO[name](fd, (NOW, NOW)))
    assert times(root)[0] == times(root)[1] > born


@pytest.mark.parametrize("name", MICRO)
def test_special_values_in_microseconds(root, name):
    """The special values mean the same in tv_usec."""
    fd = create(root)
    before = root.stat(b"f")
    root.call(*MICRO[name](fd, (Timeval(0, UTIME_OMIT), Timeval(0, UTIME_NOW))))
    after = root.stat(b"f")
    assert after.st_atim == before.st_atim
    assert after.st_mtim > before.st_mtim


@pytest.mark.parametrize("name", ALL)
def test_now_with_write_permission(root, user, person, name):
    """Who may write a file may say that it is now; as owner one need not."""
    create(root, mode=0o666)
    root.chmod(b"f", 0o602)
    user.call(*ALL[name](user.open(b"f", 1), None))
    root.chmod(b"f", 0o620)
    root.chown(b"f", 0, 300)
    p = person(1000, 100, (300,))
    p.call(*ALL[name](p.open(b"f", 1), None))
    if name in NANO:
        p.call(*NANO[name](p.open(b"f", 1), (NOW, NOW)))
    fd = root.open(b"f", O_RDONLY)
    root.chown(b"f", 1000, 100)
    root.chmod(b"f", 0)
    p.call("utimes", b"f", pair("utimes", 1, 1))
    p.call("utimes", b"f", None)
    root.call(*ALL[name](fd, pair(name, 1, 1)))


@pytest.mark.parametrize("kind", ["directory", "fifo", "block", "char", "symlink"])
def test_every_type(root, kind):
    """Every type of file has times that can be set."""
    make_kind(root, kind)
    root.lutimes(b"f", (Timeval(10, 1), Timeval(20, 2)))
    assert times(root) == (10_000_001_000, 20_000_002_000)


def test_links_are_followed_unless(root):
    """utimes and utimens set the times of what a link leads to, lutimes and lutimens the link's."""
    create(root)
    root.symlink(b"f", b"l")
    link = times(root, b"l")
    root.utimensat(AT_FDCWD, b"l", pair("utimensat", 1, 2))
    assert times(root) == (1, 2)
    assert times(root, b"l")[1] == link[1]
    root.utimensat(AT_FDCWD, b"l", pair("utimensat", 3, 4), AT_SYMLINK_NOFOLLOW)
    assert (times(root), times(root, b"l")) == ((1, 2), (3, 4))
    root.lutimens(b"l", pair("utimensat", 5, 6))
    root.utimens(b"f", pair("utimensat", 7, 8))
    assert (times(root), times(root, b"l")) == ((7, 8), (5, 6))


def test_pairs_of_numbers(root):
    """Programs may give the structs as plain pairs."""
    create(root)
    root.utimes(b"f", ((1, 2), (3, 4)))
    assert times(root) == (1_000_002_000, 3_000_004_000)
    root.utimensat(AT_FDCWD, b"f", [(5, 6), (7, UTIME_OMIT)])
    assert times(root) == (5_000_000_006, 3_000_004_000)
