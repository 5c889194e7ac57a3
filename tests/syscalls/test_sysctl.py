# SPDX-License-Identifier: BSD-2-Clause
"""sysctl(3): how it fails, and its records."""

import struct

import pytest

from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_GENIO, KTR_MIB, KTR_SYSCALL, KTR_SYSRET, KtrGenio
from kernel.sys.sysctl import (
    CTL_HW,
    CTL_KERN,
    CTL_PROC,
    HW_NCPU,
    KERN_HOSTNAME,
    KERN_OSTYPE,
    PROC_PID_CORENAME,
)
from kernel.sys.uio import UIO_READ, UIO_WRITE
from tests.syscalls.errnos import Traced
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing


def raw(name, *, oldv=None, room=0, newv=None, newlen=None):
    """sysctl with any address in the place of each argument: bytes are pushed."""
    with Frame() as lwp:

        def address(value):
            return pushbytes(lwp, value) if isinstance(value, bytes) else value or 0

        mib = (
            name if isinstance(name, int) else pushbytes(lwp, struct.pack(f"<{len(name)}i", *name))
        )
        count = 2 if isinstance(name, int) else len(name)
        size = pushbytes(lwp, struct.pack("<Q", room)) if isinstance(room, int) else room[0]
        if newlen is None:
            newlen = len(newv) if isinstance(newv, bytes) else 4 if newv else 0
        trap("__sysctl", mib, count, address(oldv), size, address(newv), newlen)


@pytest.mark.errno("sysctl", Errno.EFAULT)
def test_nowhere(fails, root):
    """The name, the length, the place for the value or the new value is not in memory."""
    for arguments in (
        {"name": BAD},
        {"name": (CTL_HW, HW_NCPU), "room": (BAD,)},
        {"name": (CTL_HW, HW_NCPU), "oldv": BAD, "room": 4},
        {"name": (CTL_KERN, KERN_HOSTNAME), "newv": BAD},
    ):
        fails(root, raw, **arguments)
    assert root.gethostname() == "sysent"


@pytest.mark.errno("sysctl", Errno.EINVAL)
def test_sizes(fails, root):
    """The name has no number or more than twelve, or the new value not the size it must have."""
    fails(root, raw, ())
    fails(root, raw, tuple(range(1, 14)))
    fails(root, raw, (CTL_KERN, 6), newv=b"\1\0")
    fails(root, raw, (CTL_KERN, KERN_HOSTNAME), newv=b"x" * 257)
    fails(root, raw, (CTL_KERN, KERN_HOSTNAME), newv=1, newlen=0)


@pytest.mark.errno("sysctl", Errno.EISDIR)
def test_not_a_value(fails, user):
    """The name is that of nodes, not of a value."""
    fails(user, raw, (CTL_KERN,))


@pytest.mark.errno("sysctl", Errno.ENOTDIR)
def test_past_a_value(fails, user):
    """The name goes on below a value."""
    fails(user, raw, (CTL_KERN, KERN_OSTYPE, 1))


@pytest.mark.errno("sysctl", Errno.ENOENT)
def test_no_such_name(fails, user):
    """There is no such node."""
    fails(user, raw, (99, 1))
    fails(user, raw, (CTL_KERN, 9999))


@pytest.mark.errno("sysctl", Errno.EOPNOTSUPP)
def test_no_such_question(fails, user):
    """The last number is negative, and none of CTL_QUERY and its kin."""
    fails(user, raw, (CTL_KERN, -99))


@pytest.mark.errno("sysctl", Errno.ENOMEM)
def test_too_little_room(fails, user):
    """The value is longer than the room for it."""
    fails(user, raw, (CTL_KERN, KERN_OSTYPE), oldv=bytes(3), room=3)


@pytest.mark.errno("sysctl", Errno.EPERM)
def test_not_to_be_set(fails, root, user):
    """The value never changes, whoever asks; or it is root's to set."""
    fails(root, raw, (CTL_KERN, KERN_OSTYPE), newv=b"BSD\0")
    fails(user, raw, (CTL_KERN, KERN_HOSTNAME), newv=b"mine\0")


@pytest.mark.errno("sysctl", Errno.ESRCH)
def test_nobody(fails, user):
    """The process that the name tells of does not exist."""
    fails(user, raw, (CTL_PROC, 29999, PROC_PID_CORENAME), oldv=bytes(99), room=99)


@pytest.mark.trace("sysctl", "CALL MIB GIO RET")
def test_records(k, root):
    """The name is a MIB record, what is read and what is set are I/O of descriptor -1."""
    trace = Traced(k, root, "ciS")
    root.sysctl((CTL_KERN, KERN_HOSTNAME), b"here", 7)
    records = trace.records()
    kinds = (KTR_SYSCALL, KTR_MIB, KTR_GENIO, KTR_GENIO, KTR_SYSRET)
    assert tuple(record.type for record in records[-5:]) == kinds
    assert bytes(records[-4].payload) == struct.pack("<2i", CTL_KERN, KERN_HOSTNAME)
    moved = [(r.body(), bytes(r.payload[8:])) for r in records[-3:-1]]
    assert moved == [
        (KtrGenio(-1, UIO_READ), b"sysent\0"),
        (KtrGenio(-1, UIO_WRITE), b"here"),
    ]
