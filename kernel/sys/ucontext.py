# SPDX-License-Identifier: BSD-2-Clause
"""What a signal handler returns to.  NetBSD sys/sys/ucontext.h (amd64)."""

from struct import Struct
from typing import Final, NamedTuple

from kernel.sys.signal import pack_sigset, unpack_sigset

_UCONTEXT: Final = Struct("<I4xQ16s")  # uc_flags, uc_link, uc_sigmask; the machine's part follows
SIZEOF_UCONTEXT: Final = 784  # bytes

UC_SIGMASK: Final = 0x01


class Ucontext(NamedTuple):
    """The part of a ucontext_t that this machine keeps."""

    uc_sigmask: int


def ucontext_pack(context: Ucontext) -> bytes:
    """Return the bytes of a ucontext_t."""
    head = _UCONTEXT.pack(UC_SIGMASK, 0, pack_sigset(context.uc_sigmask))
    return head.ljust(SIZEOF_UCONTEXT, b"\0")


def ucontext_unpack(data: bytes) -> Ucontext:
    """Return the context in data, SIZEOF_UCONTEXT bytes."""
    return Ucontext(unpack_sigset(_UCONTEXT.unpack_from(data)[2]))
