# SPDX-License-Identifier: BSD-2-Clause
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.kern.kern_descrip import (
    FILE_UNUSE,
    FILE_USE,
    falloc,
    fd_abort,
    fd_closeexec,
    fd_copy,
    fd_free,
    fd_getfile,
    fd_getvnode,
    fd_lastfile,
    fd_share,
)
from kernel.kern.sys_descrip import sys_close, sys_dup, sys_dup2, sys_fcntl
from kernel.kern.sys_pipe import sys_pipe
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import F_CLOSEM, F_SETFD, FD_CLOEXEC, FREAD, FWRITE
from kernel.sys.resource import RLIMIT_NOFILE

from .conftest import Caller, make_kernel


def test_numbers_are_the_lowest_free_ones(root):
    """A new descriptor is the lowest that is free, however the others were given up."""
    root(sys_pipe)
    root(sys_pipe)
    root(sys_close, 1)
    root(sys_close, 0)

    assert [root(sys_dup, 2) for _ in range(3)] == [0, 1, 4]


@pytest.mark.parametrize("fd", [-1, -4, 0, 3, 1 << 31, -(1 << 63)])
def test_no_descriptor_is_ebadf(root, fd):
    """Whatever is not open is EBADF; negative numbers do not count from the end."""
    root(sys_pipe)
    root(sys_close, 0)

    with pytest.raises(KernelError) as caught:
        fd_getfile(root.p, fd)
    assert caught.value.errno is Errno.EBADF


def test_wrong_mode_is_ebadf(root):
    """fd_getfile refuses a file that is not open for what is wanted."""
    rfd, wfd = root(sys_pipe)

    fd_getfile(root.p, rfd, FREAD)
    fd_getfile(root.p, wfd, FWRITE)
    for fd, need in ((rfd, FWRITE), (wfd, FREAD)):
        with pytest.raises(KernelError):
            fd_getfile(root.p, fd, need)


def test_a_pipe_is_no_vnode(root):
    """fd_getvnode says EINVAL of what is open but no vnode."""
    rfd, _ = root(sys_pipe)

    with pytest.raises(KernelError) as caught:
        fd_getvnode(root.p, rfd)
    assert caught.value.errno is Errno.EINVAL


def test_full_table_of_the_process(root, kernel):
    """At RLIMIT_NOFILE everything is EMFILE, and nothing is lost by trying."""
    root.p.p_limit[RLIMIT_NOFILE] = (4, 4)
    root(sys_pipe)
    root(sys_pipe)

    assert root.error(sys_pipe) is Errno.EMFILE
    assert root.error(sys_dup, 0) is Errno.EMFILE
    assert kernel.nfiles == 4
    root(sys_close, 3)
    assert root.error(sys_pipe) is Errno.EMFILE, "one is free, a pipe needs two"
    assert kernel.nfiles == 3
    assert root(sys_dup, 0) == 3


def test_full_table_of_the_system(root, user, kernel):
    """At kern.maxfiles every process gets ENFILE, the log says so, and nothing is lost."""
    kernel.limits.maxfiles = 5
    root(sys_pipe)
    root(sys_pipe)

    assert user.error(sys_pipe) is Errno.ENFILE
    assert kernel.nfiles == 4
    assert user.p.p_fd.fd_ofiles in ([], [None, None])
    assert "file: table is full" in kernel.msgbuf[-1]
    root(sys_close, 0)
    assert user(sys_pipe) == (0, 1)


def test_reserved_descriptor_is_nobody_s(root, kernel):
    """Until fd_affix a descriptor is neither usable nor free; fd_abort gives all back."""
    fp, fd = falloc(root.lwp)

    assert root.error(sys_close, fd) is Errno.EBADF
    assert root(sys_pipe) == (1, 2)
    assert root.error(sys_dup2, 1, fd) is Errno.EBUSY
    fd_abort(root.p, fp, fd)
    assert kernel.nfiles == 2
    assert root(sys_dup, 1) == fd


def test_file_lives_until_its_last_descriptor(root, kernel):
    """dup shares the file: one close leaves it open."""
    _, wfd = root(sys_pipe)
    other = root(sys_dup, wfd)
    root(sys_close, wfd)

    assert kernel.nfiles == 2
    root(sys_close, other)
    assert kernel.nfiles == 1


def test_file_in_use_is_closed_by_its_last_user(root, kernel):
    """close(2) of a file that a call is at work on returns at once; the call's end closes."""
    rfd, wfd = root(sys_pipe)
    buf = fd_getfile(root.p, rfd).f_data.pipe_buffer
    fp = fd_getfile(root.p, wfd)
    FILE_USE(fp)
    root(sys_close, wfd)

    assert buf.writers == 1
    FILE_UNUSE(fp, root.lwp)
    assert buf.writers == 0
    assert kernel.nfiles == 1


def test_copy_shares_files_not_numbers(root, user, kernel):
    """After fork each process closes for itself; the files go with the last of them."""
    rfd, wfd = root(sys_pipe)
    _reserved = falloc(root.lwp)
    user.p.p_fd = fd_copy(root.p.p_fd)

    root(sys_close, rfd)
    assert user(sys_dup, rfd) == 2, "what was being opened stays behind"
    fd_free(user.lwp)
    assert kernel.nfiles == 2
    assert fd_getfile(root.p, wfd).f_count == 1


def test_shared_table_outlives_the_first_to_leave(root, user, kernel):
    """With CLONE_FILES the table is one; the last process on it closes all."""
    user.p.p_fd = fd_share(root.p.p_fd)
    assert user(sys_pipe) == (0, 1)

    fd_free(user.lwp)
    assert fd_getfile(root.p, 1)
    fd_free(root.lwp)
    assert kernel.nfiles == 0


def test_exec_closes_what_is_marked(root, user):
    """exec closes the close-on-exec descriptors, of its own table only."""
    root(sys_pipe)
    root(sys_fcntl, 0, F_SETFD, FD_CLOEXEC)
    user.p.p_fd = fd_share(root.p.p_fd)
    fd_closeexec(root.lwp)

    assert root.error(sys_close, 0) is Errno.EBADF
    assert root.error(sys_close, 1) is None
    assert user.error(sys_close, 0) is None, "its table is no longer shared"


def test_lastfile(root):
    """fd_lastfile is the highest descriptor in use, -1 for none."""
    assert fd_lastfile(root.p.p_fd) == -1
    root(sys_pipe)
    root(sys_dup2, 0, 40)
    assert fd_lastfile(root.p.p_fd) == 40


def fork(callers, who):
    """The next process becomes a child of this one."""
    child = callers[(who + 1) % 3]
    fd_free(child.lwp)
    child.p.p_fd = fd_copy(callers[who].p.p_fd)


def exec_(callers, who):
    fd_closeexec(callers[who].lwp)


def exit_(callers, who):
    fd_free(callers[who].lwp)


_FDS = st.integers(-1, 9)
_STEPS = st.one_of(
    st.tuples(st.just(sys_pipe)),
    st.tuples(st.just(sys_dup), _FDS),
    st.tuples(st.just(sys_dup2), _FDS, _FDS),
    st.tuples(st.just(sys_close), _FDS),
    st.tuples(st.just(sys_fcntl), _FDS, st.just(F_SETFD), st.just(FD_CLOEXEC)),
    st.tuples(st.just(sys_fcntl), _FDS, st.just(F_CLOSEM), st.just(0)),
    st.tuples(st.sampled_from([fork, exec_, exit_])),
)


@given(st.lists(st.tuples(st.integers(0, 2), _STEPS), max_size=80))
def test_nothing_is_lost_or_counted_twice(steps):
    """Whatever processes do, also at full tables, the counts are those of what is open."""
    kernel = make_kernel()
    kernel.limits.maxfiles = 7
    callers = [Caller(kernel, pid=pid) for pid in (1, 2, 3)]
    for caller in callers:
        caller.p.p_limit[RLIMIT_NOFILE] = (6, 6)
    for who, (call, *args) in steps:
        if call in {fork, exec_, exit_}:
            call(callers, who)
        else:
            callers[who].error(call, *args)
        held = Counter(fp for c in callers for fp in c.p.p_fd.fd_ofiles if fp is not None)
        assert kernel.nfiles == len(held) <= 7
        assert all(fp.f_count == count and fp.f_usecount == 0 for fp, count in held.items())
        for caller in callers:
            fdp = caller.p.p_fd
            assert len(fdp.fd_ofiles) == len(fdp.fd_ofileflags) <= 6
            free = [fd for fd, fp in enumerate(fdp.fd_ofiles) if fp is None]
            assert fdp.fd_freefile <= (free[0] if free else len(fdp.fd_ofiles))
