# SPDX-License-Identifier: BSD-2-Clause
"""sysctl(3) with names, sizes and values at random: it answers, or fails as the manual says."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.errno import Errno
from kernel.sys.sysctl import CTL_QUERY, Sysctlnode
from userland.libc.stack import Frame, pushbytes, reserve
from userland.libc.syscall import call as trap

ERRORS = {
    Errno.EFAULT, Errno.EINVAL, Errno.EISDIR, Errno.ENOENT, Errno.ENOMEM, Errno.ENOTDIR,
    Errno.EOPNOTSUPP, Errno.EPERM, Errno.ESRCH,
}  # fmt: skip
PLACES = st.sampled_from(["there", "nowhere", "null"])


def ask(name, old, room, new, value):
    """Make the call; return how many bytes of the value there are."""
    with Frame() as lwp:
        places = {"there": reserve(lwp, 4096), "nowhere": 16, "null": 0}
        size = pushbytes(lwp, struct.pack("<Q", room))
        mib = pushbytes(lwp, struct.pack(f"<{len(name)}i", *name))
        at = pushbytes(lwp, value) if new == "there" else places[new]
        trap("__sysctl", mib, len(name), places[old], size, at, len(value))


def names():
    """Every name that CTL_QUERY leads to, with that of each node on the way."""
    found = []
    with api.boot() as k:
        p = k.root()

        def walk(mib):
            found.append(mib)
            data = p.sysctl((*mib, CTL_QUERY))
            size = sizeof(Sysctlnode)
            for at in range(0, len(data), size):
                each = unpack_from(Sysctlnode, data, at)
                name = (*mib, each.sysctl_num)
                if each.sysctl_flags & 15 == 1:
                    walk(name)
                else:
                    found.append(name)

        walk(())
    return found


KNOWN = names()
NUMBERS = st.one_of(st.integers(-8, 20), st.integers(-(1 << 31), (1 << 31) - 1), st.just(1))


@settings(max_examples=250)
@given(
    known=st.sampled_from(KNOWN),
    more=st.lists(NUMBERS, max_size=5),
    old=PLACES,
    room=st.one_of(st.integers(0, 4096), st.just((1 << 64) - 1)),
    new=PLACES,
    value=st.binary(max_size=300),
    uid=st.sampled_from([0, 1000]),
)
def test_answers_or_fails(known, more, old, room, new, value, uid):
    """Nothing ends in a panic, and what is refused is refused with an error of the manual."""
    name = (*known, *more)[:12]
    with api.boot() as k:
        p = k.process(uid)
        k.process(1000).pipe()
        error = None
        try:
            p.call(ask, name, old, room, new, value)
        except OSError as exc:
            error = exc.errno
        assert error is None or error in ERRORS
        assert p.getpid() == p.pid
