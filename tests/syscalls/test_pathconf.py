# SPDX-License-Identifier: BSD-2-Clause
"""pathconf(2), lpathconf and fpathconf: limits, which each kind of file has its own of."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.param import (
    KERNEL_NAME_MAX,
    LINK_MAX,
    MAX_CANON,
    MAX_INPUT,
    MAXSYMLINKS,
    PATH_MAX,
    PIPE_BUF,
)
from kernel.sys.unistd import (
    _PC_2_SYMLINKS,
    _PC_ACL_EXTENDED,
    _PC_ACL_NFS4,
    _PC_ACL_PATH_MAX,
    _PC_CHOWN_RESTRICTED,
    _PC_FILESIZEBITS,
    _PC_LINK_MAX,
    _PC_MAX_CANON,
    _PC_MAX_INPUT,
    _PC_MIN_HOLE_SIZE,
    _PC_NAME_MAX,
    _PC_NO_TRUNC,
    _PC_PATH_MAX,
    _PC_PIPE_BUF,
    _PC_SYMLINK_MAX,
    _PC_SYNC_IO,
    _PC_VDISABLE,
)
from tests.syscalls.errnos import errnos
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing

EVERYWHERE = {_PC_PATH_MAX: PATH_MAX, _PC_ACL_EXTENDED: 0, _PC_ACL_NFS4: 0}
TMPFS = EVERYWHERE | {
    _PC_LINK_MAX: LINK_MAX,
    _PC_NAME_MAX: KERNEL_NAME_MAX,
    _PC_PIPE_BUF: PIPE_BUF,
    _PC_CHOWN_RESTRICTED: 1,
    _PC_NO_TRUNC: 1,
    _PC_SYNC_IO: 1,
    _PC_FILESIZEBITS: 64,
}
FIFO = EVERYWHERE | {_PC_LINK_MAX: LINK_MAX, _PC_PIPE_BUF: PIPE_BUF, _PC_CHOWN_RESTRICTED: 1}
DEVICE = FIFO | {
    _PC_MAX_CANON: MAX_CANON,
    _PC_MAX_INPUT: MAX_INPUT,
    _PC_VDISABLE: 255,
    _PC_SYNC_IO: 1,
}
NAMES = (
    *TMPFS,
    *(_PC_MAX_CANON, _PC_MAX_INPUT, _PC_VDISABLE, _PC_SYMLINK_MAX, _PC_2_SYMLINKS),
    *(_PC_MIN_HOLE_SIZE, _PC_ACL_PATH_MAX, 0, -1, 18, 1 << 20),
)

BY_PATH = {
    "pathconf": lambda path: ("pathconf", path, _PC_NAME_MAX),
    "lpathconf": lambda path: ("lpathconf", path, _PC_NAME_MAX),
}


def limits(p, call, of):
    """What call says of each name: a number, or the error."""
    found = {}
    for name in NAMES:
        try:
            found[name] = p.call(call, of, name)
        except OSError as error:
            if error.errno != Errno.EINVAL:
                raise
    return found


@errnos(Errno.ENOENT, BY_PATH)
def test_no_such_file(fails, root, call):
    """The file, or a directory on the way, does not exist; the path is empty."""
    root.symlink(b"nowhere", b"dangling")
    for path in (b"missing", b"missing/f", b"", b"dangling/f"):
        fails(root, *call(path))


@errnos(Errno.ENOTDIR, BY_PATH)
def test_file_in_the_way(fails, root, call):
    """A component of the path that is not the last is no directory."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    fails(root, *call(b"f/g"))
    fails(root, *call(b"f/"))


@errnos(Errno.EACCES, BY_PATH)
def test_no_way_in(fails, root, user, call):
    """A directory on the way may not be searched."""
    root.mkdir(b"d", 0o700)
    root.close(root.open(b"d/f", O_CREAT | O_RDWR, 0o666))
    fails(user, *call(b"d/f"))
    assert root.call(*call(b"d/f")) == KERNEL_NAME_MAX


@errnos(Errno.ENAMETOOLONG, BY_PATH)
def test_too_long(fails, root, call):
    """A component is longer than 255 bytes, or the path than 1023."""
    fails(root, *call(b"n" * (KERNEL_NAME_MAX + 1)))
    fails(root, *call(b"/" * PATH_MAX))
    assert root.call(*call(b"/" * (PATH_MAX - 1))) == KERNEL_NAME_MAX


@errnos(Errno.ELOOP, BY_PATH)
def test_loop(fails, root, call):
    """More than 32 symbolic links are on the way."""
    root.symlink(b"loop", b"loop")
    fails(root, *call(b"loop/f"))
    root.mkdir(b"0", 0o755)
    for n in range(MAXSYMLINKS + 1):
        root.symlink(b"%d" % n, b"%d" % (n + 1))
    fails(root, *call(b"%d/." % (MAXSYMLINKS + 1)))
    assert root.call(*call(b"%d/." % MAXSYMLINKS)) == KERNEL_NAME_MAX


@errnos(
    Errno.EFAULT,
    {
        "pathconf": lambda: (trap, "pathconf", BAD, _PC_NAME_MAX),
        "lpathconf": lambda: (trap, "lpathconf", BAD, _PC_NAME_MAX),
    },
)
def test_path_is_nowhere(fails, root, call):
    """The path is not in the caller's memory."""
    fails(root, *call())


@errnos(
    Errno.EINVAL,
    {
        "pathconf": lambda _fd, name: ("pathconf", b"f", name),
        "lpathconf": lambda _fd, name: ("lpathconf", b"f", name),
        "fpathconf": lambda fd, name: ("fpathconf", fd, name),
    },
)
def test_no_such_limit(fails, root, call):
    """There is no such name, or files of this type have no such limit."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    for name in (0, -1, 18, _PC_MAX_CANON, _PC_SYMLINK_MAX, _PC_2_SYMLINKS, _PC_MIN_HOLE_SIZE):
        fails(root, *call(fd, name))


@pytest.mark.errno("fpathconf", Errno.EINVAL)
def test_no_such_limit_of_a_pipe(fails, root):
    """A pipe has PIPE_BUF and nothing else."""
    rfd, wfd = root.pipe()
    assert root.fpathconf(rfd, _PC_PIPE_BUF) == root.fpathconf(wfd, _PC_PIPE_BUF) == 512
    for name in (_PC_LINK_MAX, _PC_PATH_MAX, _PC_NAME_MAX, 0):
        fails(root, "fpathconf", rfd, name)


@pytest.mark.errno("fpathconf", Errno.EBADF)
def test_not_open(fails, root):
    """There is no such descriptor; over a name that is none."""
    for fd in (99, -1):
        fails(root, "fpathconf", fd, _PC_NAME_MAX)
        fails(root, "fpathconf", fd, -1)


@pytest.mark.parametrize(
    ("path", "expected"),
    [(b"f", TMPFS), (b"/t", TMPFS), (b"p", FIFO), (b"/dev/null", DEVICE), (b"link", TMPFS)],
)
def test_limits(root, path, expected):
    """Each kind of file tells its own, by path and by descriptor."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    root.mkfifo(b"p", 0o644)
    root.symlink(b"f", b"link")
    assert limits(root, "pathconf", path) == expected
    assert limits(root, "lpathconf", path) == expected
    flags = O_RDONLY if path == b"/t" else O_RDWR
    assert limits(root, "fpathconf", root.open(path, flags)) == expected


def test_link_itself(root):
    """lpathconf tells of a symbolic link, whatever it points at; pathconf of that."""
    root.mkfifo(b"p", 0o644)
    root.symlink(b"p", b"link")
    root.symlink(b"nowhere", b"dangling")
    assert limits(root, "pathconf", b"link") == FIFO
    assert limits(root, "lpathconf", b"link") == TMPFS
    assert limits(root, "lpathconf", b"dangling") == TMPFS


def test_nobody_is_asked_for_permission(root, user):
    """The file itself may be one that the caller can do nothing with."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o000))
    assert user.pathconf(b"f", _PC_LINK_MAX) == LINK_MAX
