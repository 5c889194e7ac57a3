# SPDX-License-Identifier: BSD-2-Clause
"""acct(2): how it fails, and what the records tell."""

import pytest

from kernel.sys.acct import AFORK, ASU, AXSIG, Acct, decode_comp_t, encode_comp_t
from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_RDONLY
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.signal import SIGTERM
from tests.syscalls.errnos import Traced
from tests.syscalls.files import touch
from userland.libc.syscall import call as trap


@pytest.mark.errno("acct", Errno.EPERM)
def test_only_root(fails, user):
    """The caller is not the super-user: whatever the path is."""
    fails(user, trap, "acct", 16)


@pytest.mark.errno("acct", Errno.EFAULT)
def test_nowhere(fails, root):
    """The path is not in the caller's memory."""
    fails(root, trap, "acct", 16)


@pytest.mark.errno("acct", Errno.EACCES)
def test_no_regular_file(fails, root):
    """The path leads to what is no regular file."""
    fails(root, "acct", b"/dev/null")


@pytest.mark.errno("acct", Errno.ENOENT)
def test_not_there(fails, root):
    """There is no such file: acct makes none."""
    fails(root, "acct", b"nofile")


@pytest.mark.errno("acct", Errno.ENOTDIR)
def test_file_in_the_way(fails, root):
    """A component of the path that is not the last is no directory."""
    touch(root, b"f")
    fails(root, "acct", b"f/g")


@pytest.mark.errno("acct", Errno.ELOOP)
def test_too_many_links(fails, root):
    """A symbolic link leads to itself."""
    root.symlink(b"l", b"l")
    fails(root, "acct", b"l")


@pytest.mark.errno("acct", Errno.ENAMETOOLONG)
def test_too_long(fails, root):
    """A component has more than 255 bytes, or the path more than 1023."""
    fails(root, "acct", b"x" * 256)
    fails(root, "acct", b"x/" * 600)


@pytest.mark.errno("acct", Errno.EROFS)
def test_read_only(fails, root, tmpfs):
    """The file system is mounted read-only."""
    mount = tmpfs(b"m")
    touch(root, b"m/f")
    mount.mnt_flag |= MNT_RDONLY
    fails(root, "acct", b"m/f")


def records(p, path=b"acct"):
    """The records in a file."""
    fd = p.open(path, O_RDONLY)
    data = p.read(fd, 10_000)
    p.close(fd)
    assert len(data) % sizeof(Acct) == 0
    return [unpack_from(Acct, data, at) for at in range(0, len(data), sizeof(Acct))]


def test_who_ends_is_recorded(k, root, user):
    """Name, ids, times and how it ended; no more once acct is called with no path."""
    touch(root, b"acct")
    root.acct(b"acct")
    child = user.fork()
    k.advance(8)
    child._exit(0)
    victim = root.fork()
    root.kill(victim.pid, SIGTERM)
    k.settle()
    k.run(b"/usr/bin/true", uid=1000)
    trap_off(root)
    root.fork()._exit(0)
    first, second, third = records(root)
    assert first.ac_comm.rstrip(b"\0") == b"host"
    assert (first.ac_uid, first.ac_gid, first.ac_flag) == (1000, 100, AFORK)
    assert decode_comp_t(first.ac_etime) == 8
    assert first.ac_btime == 1060274705
    assert (second.ac_uid, second.ac_flag) == (0, AFORK | ASU | AXSIG)
    assert (third.ac_comm.rstrip(b"\0"), third.ac_flag) == (b"true", 0)
    assert third.ac_mem > 0


def trap_off(p):
    p.call(trap, "acct", 0)


def test_another_file_takes_over(root):
    """The first one is closed; a full file system loses records, not processes."""
    for name in (b"a", b"b"):
        touch(root, name)
        root.acct(name)
    root.fork()._exit(0)
    trap_off(root)
    assert (len(records(root, b"a")), len(records(root, b"b"))) == (0, 1)
    assert root.kernel.acct_vp is None


@pytest.mark.trace("acct", "CALL NAMI RET")
def test_records_of_the_call(k, root):
    """The path is looked up like any other."""
    touch(root, b"acct")
    trace = Traced(k, root, "cin")
    root.acct(b"acct")
    assert [record.type for record in trace.records()] == [1, 3, 2]
    trap_off(root)


@pytest.mark.parametrize("seconds", [0, 1, 127.5, 1000, 100_000, 4_000_000])
def test_times_are_small_floats(seconds):
    """A comp_t is right to a part in a thousand."""
    assert decode_comp_t(encode_comp_t(round(seconds * 1e9))) == pytest.approx(seconds, rel=1e-3)
