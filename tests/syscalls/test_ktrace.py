# SPDX-License-Identifier: BSD-2-Clause
"""ktrace(2), fktrace(2) and utrace(2): how they fail, and what a trace has of them."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_RDONLY, O_RDWR
from kernel.sys.ktrace import (
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTR_USER_MAXLEN,
    KTRFAC_INHERIT,
    KTRFAC_SYSCALL,
    KTROP_CLEAR,
    KTROP_CLEARFILE,
    KTROP_SET,
)
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from tests.syscalls.errnos import CALLS, Traced, errnos
from tests.syscalls.files import touch
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
NOBODY = 29_999


def ktrace(path=b"f", ops=KTROP_SET, facs=KTRFAC_SYSCALL, pid=0):
    """The call, with what fails in nothing but the process."""
    return ("ktrace", path, ops, facs, pid)


@pytest.fixture
def file(root):
    """A file f that everybody may write."""
    touch(root, b"f")
    root.chmod(b"f", 0o666)


@pytest.mark.errno("ktrace", Errno.ENOENT)
def test_no_such_file(fails, root):
    """The file does not exist: ktrace makes none."""
    for ops in (KTROP_SET, KTROP_CLEARFILE):
        fails(root, *ktrace(b"missing", ops))


@pytest.mark.errno("ktrace", Errno.ENOTDIR)
def test_file_on_the_way(fails, root, file):
    """A component of the path that is not the last is no directory."""
    fails(root, *ktrace(b"f/g"))


@pytest.mark.errno("ktrace", Errno.ELOOP)
def test_links_in_a_circle(fails, root):
    """A symbolic link leads to itself."""
    root.symlink(b"l", b"l")
    fails(root, *ktrace(b"l"))


@pytest.mark.errno("ktrace", Errno.ENAMETOOLONG)
def test_long_names(fails, root):
    """A component has more than 255 bytes, or the path more than 1023."""
    fails(root, *ktrace(b"x" * 256))
    fails(root, *ktrace(b"x/" * 600))


@pytest.mark.errno("ktrace", Errno.EACCES)
def test_not_ones_to_write(fails, root, user):
    """The file may not be read and written, or its directory not be searched; or it is no file."""
    fails(root, *ktrace(b"/dev/null"))
    root.mkdir(b"d", 0o700)
    touch(root, b"d/f", 0o666)
    fails(user, *ktrace(b"d/f"))
    for mode in (0o644, 0o622):
        touch(root, b"g")
        root.chmod(b"g", mode)
        fails(user, *ktrace(b"g"))


@pytest.mark.errno("ktrace", Errno.EISDIR)
def test_directory(fails, root):
    """The path is a directory's, which nobody writes."""
    fails(root, *ktrace(b"/t"))


@pytest.mark.errno("ktrace", Errno.EROFS)
def test_read_only(fails, root, tmpfs):
    """The file system is mounted read-only."""
    mount = tmpfs(b"m")
    touch(root, b"m/f")
    mount.mnt_flag |= MNT_RDONLY
    fails(root, *ktrace(b"m/f"))


@pytest.mark.errno("ktrace", Errno.EFAULT)
def test_nowhere(fails, root):
    """The path is not in the caller's memory."""
    fails(root, trap, "ktrace", BAD, KTROP_SET, KTRFAC_SYSCALL, root.pid)


@pytest.mark.errno("ktrace", Errno.EMFILE)
def test_no_descriptor(fails, root, file):
    """The call needs a descriptor while it runs, and the process has none left."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(3, 3))
    fails(root, *ktrace())


@pytest.mark.errno("ktrace", Errno.ENFILE)
def test_no_open_file(fails, k, root, file):
    """The system has as many open files as it can have."""
    k.kernel.limits.maxfiles = k.kernel.nfiles
    fails(root, *ktrace())


SETTING = {
    "ktrace": lambda fd, **rest: ktrace(**rest),
    "fktrace": lambda fd, ops=KTROP_SET, facs=KTRFAC_SYSCALL, pid=0: (
        "fktrace",
        fd,
        ops,
        facs,
        pid,
    ),
}


@errnos(Errno.EINVAL, SETTING)
def test_no_facility(fails, root, file, call):
    """There is nothing to trace; or records of a version that there is none of."""
    fd = root.open(b"f", O_RDWR)
    fails(root, *call(fd, facs=0, pid=root.pid))
    fails(root, *call(fd, facs=KTRFAC_SYSCALL | 3 << 24, pid=root.pid))


@errnos(Errno.ESRCH, SETTING)
def test_nobody_there(fails, root, file, call):
    """There is no process of that id, or no group."""
    fd = root.open(b"f", O_RDWR)
    fails(root, *call(fd, pid=NOBODY))
    fails(root, *call(fd, pid=-NOBODY))


@errnos(Errno.EPERM, SETTING)
def test_anothers_process(fails, root, user, file, call):
    """The process is another user's."""
    fd = user.open(b"f", O_RDWR)
    for ops in (KTROP_SET, KTROP_CLEAR):
        fails(user, *call(fd, ops=ops, pid=root.pid))


@pytest.mark.errno("ktrace", Errno.EPERM)
def test_anothers_trace(fails, root, user, file):
    """CLEARFILE ends what the caller may end, and fails if there is more."""
    root.ktrace(b"f", KTROP_SET, KTRFAC_SYSCALL, root.pid)
    fails(user, *ktrace(b"f", KTROP_CLEARFILE))


@pytest.mark.errno("fktrace", Errno.EBADF)
def test_descriptor_is_none_to_write(fails, root, file):
    """The descriptor is not open, or not for writing."""
    for fd in (-1, 77, root.open(b"f", O_RDONLY)):
        fails(root, "fktrace", fd, KTROP_SET, KTRFAC_SYSCALL, root.pid)


@pytest.mark.errno("utrace", Errno.EINVAL)
def test_long_record(k, root):
    """The data is longer than KTR_USER_MAXLEN; nobody is told who is not traced."""
    data = bytes(KTR_USER_MAXLEN + 1)
    assert root.utrace(b"label", data) == 0
    trace = Traced(k, root, "+")
    with pytest.raises(OSError, match="Invalid argument"):
        root.utrace(b"label", data)
    assert [r.type for r in trace.records()[-2:]] == [KTR_SYSCALL, KTR_SYSRET]
    assert trace.records()[-1].body().ktr_error == Errno.EINVAL


@pytest.mark.trace("utrace", "CALL USER RET")
def test_trace_of_utrace(k, root):
    """The record comes between the call and its return."""
    trace = Traced(k, root, "+")
    root.utrace(b"label", b"data")
    call, user, ret = trace.records()[-3:]
    assert (call.type, user.type, ret.type) == (KTR_SYSCALL, KTR_USER, KTR_SYSRET)
    assert bytes(user.payload) == b"label".ljust(20, b"\0") + b"data"


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(call, marks=pytest.mark.trace(call, "CALL RET"), id=call)
        for call in ("ktrace", "fktrace")
    ],
)
def test_trace_of_ktrace(k, root, file, call):
    """A call that traces somebody else is recorded, but nothing that it does: not its lookup either."""
    other = k.process()
    fd = root.open(b"f", O_RDWR)
    trace = Traced(k, root, "+")
    root.call(*SETTING[call](fd, facs=KTRFAC_SYSCALL | KTRFAC_INHERIT, pid=other.pid))
    first, last = trace.records()[-2:]
    assert (first.type, last.type) == (KTR_SYSCALL, KTR_SYSRET)
    assert first.body().ktr_code == last.body().ktr_code == CALLS[call].number
