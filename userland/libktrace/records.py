# SPDX-License-Identifier: BSD-2-Clause
"""Trace records as Python objects, and back to bytes.  NetBSD sys/sys/ktrace.h."""

import struct
from typing import Any, Final, TypeAlias, TypeVar, overload

from kernel.sys.cdefs import LITTLE, LP64, Abi, codec, offsetof, sizeof, unpack_from
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EXEC_FD,
    KTR_GENIO,
    KTR_MMSG,
    KTR_MOOL,
    KTR_PSIG,
    KTR_SAUPCALL,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    MAXCOMLEN,
    KtrCsw,
    KtrExecFd,
    KtrGenio,
    KtrHeaderV0,
    KtrHeaderV1,
    KtrHeaderV2,
    KtrMmsg,
    KtrMool,
    KtrPsig,
    KtrSaupcall,
    KtrSyscall,
    KtrSysret,
    KtrSysretOld,
    KtrUser,
    ktr_vertype,
)
from kernel.sys.namedtuple import NamedTuple

NSEC_PER_SEC: Final = 1_000_000_000

_Body = TypeVar("_Body", bound=NamedTuple)
_Struct: TypeAlias = type[_Body]

HEADERS: Final[tuple[type, ...]] = (KtrHeaderV0, KtrHeaderV1, KtrHeaderV2)  # by version

# The struct a payload starts with; the other types have none.
BODIES: Final[dict[int, type[NamedTuple]]] = {
    KTR_SYSCALL: KtrSyscall,
    KTR_SYSRET: KtrSysret,
    KTR_GENIO: KtrGenio,
    KTR_PSIG: KtrPsig,
    KTR_CSW: KtrCsw,
    KTR_USER: KtrUser,
    KTR_MMSG: KtrMmsg,
    KTR_MOOL: KtrMool,
    KTR_SAUPCALL: KtrSaupcall,
    KTR_EXEC_FD: KtrExecFd,
}


def text_of(data: bytes) -> str:
    """Return data up to its first NUL, as printf's %s shows it, latin-1."""
    return data.partition(b"\0")[0].decode("latin-1")


class TraceFormat(NamedTuple):
    """What must be known of a trace before it can be read."""

    version: int  # of the records: 0, 1 or 2
    abi: Abi

    @property
    def header(self) -> struct.Struct:
        """The codec that record headers are read with.

        Little-endian v0 is read as v1, of the same size: what is padding there,
        and 0, is the version here.
        """
        as_v1 = self.version == 0 and self.abi.byteorder == LITTLE
        return codec(HEADERS[1 if as_v1 else self.version], self.abi)


class Record(NamedTuple):
    """One record of a trace."""

    type: int  # KTR_x
    version: int  # of the header
    pid: int
    lid: int  # the LWP; 0 in v0, which does not tell
    comm: str  # name of the program, latin-1
    time: int  # nanoseconds since the epoch
    payload: bytes
    abi: Abi
    offset: int  # bytes from the start of the trace to the header
    raw_comm: bytes  # the 17 bytes of ktr_comm, stale tail included

    @overload
    def body(self) -> Any: ...

    @overload
    def body(self, cls: _Struct[_Body]) -> _Body: ...

    def body(self, cls: Any = None) -> Any:
        """Decode the struct the payload starts with, by default the one of this type.

        A type without a struct (a path, a string, a MIB) has its payload for a body.  What a
        payload is too short for is 0, as kdump(1) shows it.
        """
        struct_class = cls or BODIES.get(self.type)
        if struct_class is None:
            return self.payload
        if not cls and self.type == KTR_SYSRET and not has_second_value(self.payload, self.abi):
            struct_class = KtrSysretOld
        try:
            return unpack_from(struct_class, self.payload, 0, self.abi)
        except struct.error:
            whole = self.payload.ljust(sizeof(struct_class, self.abi), b"\0")
            return unpack_from(struct_class, whole, 0, self.abi)

    @property
    def data(self) -> bytes:
        """The bytes after the struct: what moved (GENIO), what was passed (USER)."""
        head = BODIES.get(self.type)
        return self.payload[sizeof(head, self.abi) :] if head else self.payload

    @property
    def args(self) -> tuple[int, ...]:
        """The argument registers of a SYSCALL, unsigned."""
        word = self.abi.word
        call = self.body(KtrSyscall)
        count = min(call.ktr_argsize, len(self.payload) - 8) // word
        if count <= 0:
            return ()
        letter = "Q" if word == 8 else "I"
        return struct.unpack_from(f"{self.abi.byteorder}{count}{letter}", self.payload, 8)

    @property
    def text(self) -> str:
        """The payload as text, latin-1: NAMEI, EMUL, EXEC_ARG, EXEC_ENV."""
        return self.payload.decode("latin-1")


def encode(
    record_type: int,
    payload: bytes,
    *,
    version: int = 2,
    abi: Abi = LP64,
    pid: int = 1,
    lid: int = 1,
    comm: bytes = b"prog",
    time: int = 1_060_270_305 * NSEC_PER_SEC,
) -> bytes:
    """Return a whole record, header and payload; time in nanoseconds."""
    sec, nsec = divmod(time, NSEC_PER_SEC)
    name = comm[:MAXCOMLEN]
    header = codec(HEADERS[version], abi)
    if version == 0:
        return header.pack(len(payload), record_type, pid, name, sec, nsec // 1000, 0) + payload
    vertype = ktr_vertype(version, record_type)
    return header.pack(len(payload), vertype, pid, name, sec, nsec, lid) + payload


def has_second_value(payload: bytes, abi: Abi) -> bool:
    """Whether a SYSRET payload is long enough to hold ktr_retval_1, as kdump asks it."""
    return len(payload) > offsetof(KtrSysret, "ktr_retval_1", abi)
