# SPDX-License-Identifier: BSD-2-Clause
"""Whole records from Python values: traces for tests and for programs that write them.

Each function returns header and payload; keywords beyond its own are encode()'s:
version, abi, pid, lid, comm, time.
"""

import struct
from typing import Any

from kernel.sys.cdefs import LP64, Abi, pack
from kernel.sys.ktrace import (
    KTR_EMUL,
    KTR_GENIO,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTR_USER_MAXIDLEN,
    SIGINFO_SIZE,
    KtrGenio,
    KtrPsig,
    KtrSyscall,
    KtrSysret,
)
from userland.libktrace.records import encode


def call(code: int, *args: int, abi: Abi = LP64, **header: Any) -> bytes:
    """Return the record of a system call; args are its registers, of any sign."""
    mask = (1 << abi.word * 8) - 1
    letter = "Q" if abi.word == 8 else "I"
    registers = struct.pack(f"{abi.byteorder}{len(args)}{letter}", *(arg & mask for arg in args))
    payload = pack(KtrSyscall(code, len(registers)), abi) + registers
    return encode(KTR_SYSCALL, payload, abi=abi, **header)


def ret(
    code: int, error: int = 0, value: int = 0, second: int = 0, abi: Abi = LP64, **header: Any
) -> bytes:
    """Return the record of a call's return."""
    payload = pack(KtrSysret(code, 0, error, value, second), abi)
    return encode(KTR_SYSRET, payload, abi=abi, **header)


def gio(data: bytes, fd: int = 1, rw: int = 1, abi: Abi = LP64, **header: Any) -> bytes:
    """Return the record of data that moved; rw is UIO_READ or UIO_WRITE."""
    return encode(KTR_GENIO, pack(KtrGenio(fd, rw), abi) + data, abi=abi, **header)


def psig(
    signal: int,
    action: int = 0,
    mask: int = 0,
    code: int = 0,
    info: bytes = b"",
    abi: Abi = LP64,
    **header: Any,
) -> bytes:
    """Return the record of a signal; mask has bit n - 1 for signal n, info is a siginfo_t."""
    words = tuple(mask >> shift & 0xFFFFFFFF for shift in (0, 32, 64, 96))
    payload = pack(KtrPsig(signal, action, words, code), abi)
    if info:
        payload += info.ljust(SIGINFO_SIZE, b"\0")
    return encode(KTR_PSIG, payload, abi=abi, **header)


def user(label: str, data: bytes, **header: Any) -> bytes:
    """Return the record of a utrace(2)."""
    return encode(KTR_USER, label.encode().ljust(KTR_USER_MAXIDLEN, b"\0") + data, **header)


def emul(name: str, **header: Any) -> bytes:
    """Return the record of an emulation that a process has from now on."""
    return encode(KTR_EMUL, name.encode(), **header)
