# SPDX-License-Identifier: BSD-2-Clause
import pytest

from kernel.kern.sys_descrip import (
    sys___fstat50,
    sys___posix_fadvise50,
    sys_close,
    sys_dup,
    sys_dup2,
    sys_dup3,
    sys_fcntl,
    sys_fpathconf,
)
from kernel.kern.sys_pipe import sys_pipe
from kernel.kern.vfs_syscalls import sys_open
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_CLOSEM,
    F_DUPFD,
    F_DUPFD_CLOEXEC,
    F_GETFD,
    F_GETFL,
    F_GETLK,
    F_GETNOSIGPIPE,
    F_GETOWN,
    F_MAXFD,
    F_SETFD,
    F_SETFL,
    F_SETLK,
    F_SETNOSIGPIPE,
    F_SETOWN,
    F_WRLCK,
    FD_CLOEXEC,
    O_APPEND,
    O_CLOEXEC,
    O_CREAT,
    O_NONBLOCK,
    O_NOSIGPIPE,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
    POSIX_FADV_DONTNEED,
    Flock,
)
from kernel.sys.param import PIPE_BUF
from kernel.sys.resource import RLIMIT_NOFILE
from kernel.sys.stat import S_ISFIFO, S_ISREG, SIZEOF_STAT, Stat
from kernel.sys.unistd import _PC_LINK_MAX, _PC_PIPE_BUF


def test_dup2_replaces(root, kernel):
    """dup2 closes what was open at the number it is given."""
    root(sys_pipe)

    assert root(sys_dup2, 0, 1) == 1
    assert kernel.nfiles == 1
    assert root(sys_fcntl, 1, F_GETFL, 0) == O_RDONLY


def test_dup2_to_itself(root):
    """dup2(fd, fd) changes nothing, close-on-exec included."""
    root(sys_pipe)
    root(sys_fcntl, 0, F_SETFD, FD_CLOEXEC)

    assert root(sys_dup2, 0, 0) == 0
    assert root(sys_fcntl, 0, F_GETFD, 0) == FD_CLOEXEC


@pytest.mark.parametrize(("from_", "to"), [(9, 0), (9, 9), (0, -1), (0, 128), (-1, 1)])
def test_dup2_ebadf(root, from_, to):
    """from must be open, to below the limit."""
    root(sys_pipe)

    assert root.error(sys_dup2, from_, to) is Errno.EBADF


def test_dup_clears_close_on_exec(root):
    """The flag belongs to the descriptor, not to the file."""
    root(sys_pipe)
    root(sys_fcntl, 0, F_SETFD, FD_CLOEXEC)

    assert root(sys_fcntl, root(sys_dup, 0), F_GETFD, 0) == 0


def test_dup3_flags(root):
    """dup3 takes O_CLOEXEC for the descriptor, O_NONBLOCK and O_NOSIGPIPE for the file."""
    root(sys_pipe)
    root(sys_dup3, 1, 5, O_CLOEXEC | O_NONBLOCK | O_NOSIGPIPE)

    assert root(sys_fcntl, 5, F_GETFD, 0) == FD_CLOEXEC
    assert root(sys_fcntl, 1, F_GETFL, 0) & O_NONBLOCK
    assert root(sys_fcntl, 1, F_GETNOSIGPIPE, 0) == 1
    assert root.error(sys_dup3, 0, 6, O_APPEND) is Errno.EINVAL


def test_dupfd(root):
    """F_DUPFD gives the lowest free number from the argument on."""
    root(sys_pipe)

    assert root(sys_fcntl, 0, F_DUPFD, 1) == 2
    assert root(sys_fcntl, 0, F_DUPFD, 10) == 10
    assert root(sys_fcntl, 0, F_DUPFD_CLOEXEC, 10) == 11
    assert root(sys_fcntl, 11, F_GETFD, 0) == FD_CLOEXEC
    for want in (-1, 128):
        assert root.error(sys_fcntl, 0, F_DUPFD, want) is Errno.EINVAL
    root.p.p_limit[RLIMIT_NOFILE] = (11, 11)
    assert root.error(sys_fcntl, 0, F_DUPFD, 10) is Errno.EMFILE


def test_setfl(root):
    """F_SETFL sets what may be set, and never the access mode."""
    root(sys_pipe)
    root(sys_fcntl, 0, F_SETFL, O_NONBLOCK | O_RDWR | O_CREAT)

    assert root(sys_fcntl, 0, F_GETFL, 0) == O_RDONLY | O_NONBLOCK
    root(sys_fcntl, 0, F_SETFL, 0)
    assert root(sys_fcntl, 0, F_GETFL, 0) == O_RDONLY
    assert root(sys_fcntl, 1, F_GETFL, 0) == O_WRONLY


def test_nosigpipe(root):
    """F_SETNOSIGPIPE takes any true value."""
    root(sys_pipe)
    root(sys_fcntl, 1, F_SETNOSIGPIPE, 2)
    assert root(sys_fcntl, 1, F_GETNOSIGPIPE, 0) == 1
    root(sys_fcntl, 1, F_SETNOSIGPIPE, 0)
    assert root(sys_fcntl, 1, F_GETNOSIGPIPE, 0) == 0


def test_owner(root):
    """A pipe keeps its owner, a process or (negative) a group; a file has none."""
    root(sys_pipe)
    group = root.p.p_pgrp
    root.p.p_kernel.pgrps[group.pg_id] = group
    root(sys_fcntl, 0, F_SETOWN, -group.pg_id)
    assert root(sys_fcntl, 0, F_GETOWN, 0) == -group.pg_id
    assert root.error(sys_fcntl, 0, F_SETOWN, -9999) is Errno.EPERM
    assert root.error(sys_fcntl, 0, F_SETOWN, 9999) is Errno.ESRCH
    fd = root(sys_open, b"/f", O_RDWR | O_CREAT, 0o600)
    assert root.error(sys_fcntl, fd, F_GETOWN, 0) is Errno.ENOTTY


def test_closem_and_maxfd(root, kernel):
    """F_CLOSEM closes all from a number up; F_MAXFD is the highest, -1 when none is open."""
    root(sys_pipe)
    root(sys_dup2, 0, 30)
    assert root(sys_fcntl, 0, F_MAXFD, 0) == 30
    assert root(sys_fcntl, 1, F_CLOSEM, 0) == 0
    assert root(sys_fcntl, 77, F_MAXFD, 0) == 0
    root(sys_fcntl, 0, F_CLOSEM, 0)
    assert root(sys_fcntl, 0, F_MAXFD, 0) == -1
    assert kernel.nfiles == 0
    assert root.error(sys_fcntl, -1, F_CLOSEM, 0) is Errno.EBADF


def test_fcntl_errors(root):
    """EBADF comes before EINVAL."""
    assert root.error(sys_fcntl, 0, 99, 0) is Errno.EBADF
    root(sys_pipe)
    assert root.error(sys_fcntl, 0, 99, 0) is Errno.EINVAL


def test_record_lock_errors(root):
    """EFAULT before EBADF; a pipe cannot be locked, nor a file not open for writing."""
    lock = root.map(Flock(0, 0, 0, F_WRLCK, 0).pack())
    assert root.error(sys_fcntl, 0, F_SETLK, 16) is Errno.EFAULT
    assert root.error(sys_fcntl, 0, F_SETLK, lock) is Errno.EBADF
    root(sys_pipe)
    assert root.error(sys_fcntl, 0, F_SETLK, lock) is Errno.EINVAL
    fd = root(sys_open, b"/f", O_RDONLY | O_CREAT, 0o600)
    assert root.error(sys_fcntl, fd, F_SETLK, lock) is Errno.EBADF
    bad = root.map(Flock(0, 0, 0, 7, 0).pack())
    assert root.error(sys_fcntl, fd, F_GETLK, bad) is Errno.EINVAL


def test_fstat(root):
    """fstat works on whatever is open."""
    sb = root.map(bytes(SIZEOF_STAT))
    root(sys_pipe)
    root(sys___fstat50, 0, sb)
    assert S_ISFIFO(Stat.unpack(root.peek(sb, SIZEOF_STAT)).st_mode)
    fd = root(sys_open, b"/f", O_RDWR | O_CREAT, 0o640)
    root(sys___fstat50, fd, sb)
    st = Stat.unpack(root.peek(sb, SIZEOF_STAT))
    assert S_ISREG(st.st_mode)
    assert st.st_mode & 0o777 == 0o640
    assert root.error(sys___fstat50, 9, sb) is Errno.EBADF
    assert root.error(sys___fstat50, 0, 16) is Errno.EFAULT


def test_fpathconf(root):
    """A pipe knows PIPE_BUF and nothing else."""
    root(sys_pipe)

    assert root(sys_fpathconf, 0, _PC_PIPE_BUF) == PIPE_BUF
    assert root.error(sys_fpathconf, 0, _PC_LINK_MAX) is Errno.EINVAL
    fd = root(sys_open, b"/f", O_RDWR | O_CREAT, 0o640)
    assert root(sys_fpathconf, fd, _PC_LINK_MAX) > 1000


def test_fadvise_returns_its_error(root):
    """posix_fadvise gives the error as its value."""
    fd = root(sys_open, b"/f", O_RDWR | O_CREAT, 0o640)

    assert root(sys___posix_fadvise50, fd, 0, 0, POSIX_FADV_DONTNEED) == 0
    assert root(sys___posix_fadvise50, fd, 0, 0, 17) == Errno.EINVAL
    assert root(sys___posix_fadvise50, fd, 0, -1, 0) == Errno.EINVAL
    assert root(sys___posix_fadvise50, 9, 0, 0, 0) == Errno.EBADF
    root(sys_close, fd)
    root(sys_pipe)
    assert root(sys___posix_fadvise50, 0, 0, 0, 0) == Errno.ESPIPE
