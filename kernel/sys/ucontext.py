# SPDX-License-Identifier: BSD-2-Clause
"""What a signal handler returns to, and an LWP starts from.  NetBSD sys/sys/ucontext.h (amd64)."""

from struct import Struct
from typing import Final

from kernel.sys.namedtuple import NamedTuple
from kernel.sys.signal import pack_sigset, unpack_sigset

# uc_flags, uc_link, uc_sigmask, uc_stack (ss_sp, ss_size, ss_flags); then the registers: rdi is
# the first, rip the 22nd, rsp the 25th of 26, the thread's pointer comes after them.
_UCONTEXT: Final = Struct("<I4xQ16sQQi4xQ160xQ16xQ8xQ")
SIZEOF_UCONTEXT: Final = 784  # bytes

UC_SIGMASK: Final = 0x01  # uc_sigmask is valid
UC_STACK: Final = 0x02  # uc_stack is
UC_CPU: Final = 0x04  # the registers are
UC_SETSTACK: Final = 0x0001_0000  # it is on the alternate signal stack
UC_CLRSTACK: Final = 0x0002_0000  # it is not
UC_TLSBASE: Final = 0x0008_0000  # the thread's pointer is valid


class Ucontext(NamedTuple):
    """The part of a ucontext_t that this machine keeps."""

    uc_sigmask: int = 0
    uc_flags: int = UC_SIGMASK | UC_CPU
    uc_rdi: int = 0  # first argument
    uc_rip: int = 0  # where it runs
    uc_rsp: int = 0  # its stack
    uc_tlsbase: int = 0
    ss_sp: int = 0  # the memory of its stack
    ss_size: int = 0  # bytes
    ss_flags: int = 0  # SS_ONSTACK


def ucontext_pack(context: Ucontext) -> bytes:
    """Return the bytes of a ucontext_t."""
    head = _UCONTEXT.pack(
        context.uc_flags,
        0,
        pack_sigset(context.uc_sigmask),
        context.ss_sp,
        context.ss_size,
        context.ss_flags,
        context.uc_rdi,
        context.uc_rip,
        context.uc_rsp,
        context.uc_tlsbase,
    )
    return head.ljust(SIZEOF_UCONTEXT, b"\0")


def ucontext_unpack(data: bytes) -> Ucontext:
    """Return the context in data, SIZEOF_UCONTEXT bytes."""
    flags, _, mask, ss_sp, ss_size, ss_flags, rdi, rip, rsp, tls = _UCONTEXT.unpack_from(data)
    return Ucontext(unpack_sigset(mask), flags, rdi, rip, rsp, tls, ss_sp, ss_size, ss_flags)
