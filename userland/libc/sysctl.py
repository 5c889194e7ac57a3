# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel tells of itself: sysctl(3).

NetBSD lib/libc/gen/sysctl.c, sysctlbyname.c, sysctlgetmibinfo.c.
"""

from collections.abc import Sequence
from struct import Struct
from typing import Final

from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno
from kernel.sys.syscall import sysno
from kernel.sys.sysctl import (
    CTL_DESCRIBE,
    CTL_MAXNAME,
    CTL_QUERY,
    CTL_USER,
    CTLTYPE_INT,
    CTLTYPE_STRING,
    SYSCTL_VERSION,
    USER_ATEXIT_MAX,
    USER_BC_BASE_MAX,
    USER_BC_DIM_MAX,
    USER_BC_SCALE_MAX,
    USER_BC_STRING_MAX,
    USER_COLL_WEIGHTS_MAX,
    USER_CS_PATH,
    USER_EXPR_NEST_MAX,
    USER_LINE_MAX,
    USER_POSIX2_C_BIND,
    USER_POSIX2_C_DEV,
    USER_POSIX2_CHAR_TERM,
    USER_POSIX2_FORT_DEV,
    USER_POSIX2_FORT_RUN,
    USER_POSIX2_LOCALEDEF,
    USER_POSIX2_SW_DEV,
    USER_POSIX2_UPE,
    USER_POSIX2_VERSION,
    USER_RE_DUP_MAX,
    USER_STREAM_MAX,
    USER_TZNAME_MAX,
    Sysctldesc,
    Sysctlnode,
)
from userland.libc.cerror import cerror
from userland.libc.machine import curlwp, map_buffer, trap, unmap_buffer
from userland.libc.stack import fetch, pathbytes, pushbytes, reserve

__all__ = ["sysctl", "sysctlbyname", "sysctldescribe", "sysctlnametomib", "sysctlnodes"]

_INT = Struct("<i")
_SIZE = Struct("<Q")
_READ_WRITE = 3  # VM_PROT_READ | VM_PROT_WRITE
_MANY: Final = 128  # nodes below one, at most
_SYS___SYSCTL = sysno("__sysctl")

_CS_PATH: Final = (
    b"/usr/bin:/bin:/usr/sbin:/sbin:/usr/pkg/bin:/usr/pkg/sbin:/usr/local/bin:/usr/local/sbin"
)
_USER: Final[dict[int, tuple[str, bytes | int]]] = {  # user.*, which is libc's to answer
    USER_CS_PATH: ("cs_path", _CS_PATH),
    USER_BC_BASE_MAX: ("bc_base_max", 2147483647),
    USER_BC_DIM_MAX: ("bc_dim_max", 65535),
    USER_BC_SCALE_MAX: ("bc_scale_max", 2147483647),
    USER_BC_STRING_MAX: ("bc_string_max", 2147483647),
    USER_COLL_WEIGHTS_MAX: ("coll_weights_max", 2),
    USER_EXPR_NEST_MAX: ("expr_nest_max", 32),
    USER_LINE_MAX: ("line_max", 2048),
    USER_RE_DUP_MAX: ("re_dup_max", 255),
    USER_POSIX2_VERSION: ("posix2_version", 199212),
    USER_POSIX2_C_BIND: ("posix2_c_bind", 1),
    USER_POSIX2_C_DEV: ("posix2_c_dev", 1),
    USER_POSIX2_CHAR_TERM: ("posix2_char_term", 1),
    USER_POSIX2_FORT_DEV: ("posix2_fort_dev", 0),
    USER_POSIX2_FORT_RUN: ("posix2_fort_run", 0),
    USER_POSIX2_LOCALEDEF: ("posix2_localedef", 0),
    USER_POSIX2_SW_DEV: ("posix2_sw_dev", 1),
    USER_POSIX2_UPE: ("posix2_upe", 1),
    USER_STREAM_MAX: ("stream_max", 20),
    USER_TZNAME_MAX: ("tzname_max", 255),
    USER_ATEXIT_MAX: ("atexit_max", -1),
}  # fmt: skip


def sysctl(name: Sequence[int], new: bytes | None = None, size: int | None = None) -> bytes:
    """Return the value of a node; give it a new one too, if there is one.

    Args:
        name: the node's numbers, CTL_KERN and so on.
        new: the bytes of the new value.
        size: bytes of room for the value; None: ask first how long it is.

    Raises:
        OSError: ENOENT, no such node; EISDIR, not a leaf; ENOMEM, longer than size; EPERM ...
    """
    if len(name) > 1 and name[0] == CTL_USER:
        return _user(name, new)
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        at = pushbytes(lwp, b"".join(_INT.pack(number) for number in name))
        newp, newlen = (0, 0) if new is None else (pushbytes(lwp, new), len(new))
        if size is None:
            oldlenp = reserve(lwp, _SIZE.size)
            error, _ = trap(_SYS___SYSCTL, at, len(name), 0, oldlenp, 0, 0)
            if error:
                cerror(error)
            size = _SIZE.unpack(fetch(lwp, oldlenp, _SIZE.size))[0]
        memory = bytearray(max(size, 1))
        old = map_buffer(memoryview(memory), _READ_WRITE)
        try:
            pushed = pushbytes(lwp, _SIZE.pack(size))
            error, _ = trap(_SYS___SYSCTL, at, len(name), old, pushed, newp, newlen)
            if error:
                cerror(error)
            length = _SIZE.unpack(fetch(lwp, pushed, _SIZE.size))[0]
            return bytes(memory[:length])
        finally:
            unmap_buffer(old)
    finally:
        lwp.l_ustack = mark


def _user(name: Sequence[int], new: bytes | None) -> bytes:
    """Answer for user.*.

    Raises:
        OSError: ENOENT, ENOTDIR, EPERM.
    """
    if len(name) == 2 and name[1] == CTL_QUERY:
        return b"".join(
            pack(
                Sysctlnode(
                    SYSCTL_VERSION | (CTLTYPE_INT if isinstance(value, int) else CTLTYPE_STRING),
                    number,
                    text.encode(),
                )
            )
            for number, (text, value) in _USER.items()
        )
    if name[1] not in _USER:
        cerror(Errno.ENOENT)
    if len(name) > 2:
        cerror(Errno.ENOTDIR)
    if new is not None:
        cerror(Errno.EPERM)
    value = _USER[name[1]][1]
    return _INT.pack(value) if isinstance(value, int) else value + b"\0"


def sysctlnodes(name: Sequence[int] = ()) -> list[Sysctlnode]:
    """Return the nodes below name, those of the root for ().

    Raises:
        OSError: ENOENT, ENOTDIR.
    """
    size = sizeof(Sysctlnode)
    data = sysctl((*name, CTL_QUERY), size=_MANY * size)
    return [unpack_from(Sysctlnode, data, at) for at in range(0, len(data), size)]


def sysctldescribe(name: Sequence[int]) -> dict[int, str]:
    """Return the descriptions of the nodes below name, by number.

    Raises:
        OSError: ENOENT, ENOTDIR.
    """
    data = sysctl((*name, CTL_DESCRIBE))
    head = sizeof(Sysctldesc)
    found, at = {}, 0
    while at < len(data):
        record = unpack_from(Sysctldesc, data, at)
        found[record.descr_num] = data[at + head : at + head + record.descr_len - 1].decode()
        at += -(-(head + record.descr_len) // 4) * 4
    return found


def sysctlnametomib(name: str) -> tuple[int, ...]:
    """Return the numbers of a name like "kern.hostname".

    Raises:
        OSError: ENOENT, there is no such node; EINVAL, nothing between two dots, or nothing
            at all; ENOTDIR, a name below a value.
    """
    mib: tuple[int, ...] = ()
    words = name.split(".")
    if len(words) > CTL_MAXNAME or not all(words):
        cerror(Errno.EINVAL)
    for word in words:
        nodes = sysctlnodes(mib)
        numbers = {node.sysctl_name.rstrip(b"\0"): node.sysctl_num for node in nodes}
        if (key := pathbytes(word)) in numbers:
            mib = (*mib, numbers[key])
        elif word.isdecimal():
            mib = (*mib, int(word))
        else:
            cerror(Errno.ENOENT)
    return mib


def sysctlbyname(name: str, new: bytes | None = None) -> bytes:
    """As sysctl, of a name like "kern.hostname".

    Raises:
        OSError: as sysctl and sysctlnametomib.
    """
    return sysctl(sysctlnametomib(name), new)
