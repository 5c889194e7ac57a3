# SPDX-License-Identifier: BSD-2-Clause
"""The calls of a trace: what each was made with, moved, and came to, from its several records.

for event in events(libktrace.open("ktrace.out")):
    if isinstance(event, Call):
        print(event.pid, event.name, event.args, event.error, event.value)

A call is told when it has returned; one that never does comes at the end, or, if it is
exit(2), at once.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from kernel.sys.cdefs import LP64, Abi, codec
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTRUSER_SYMLINK_TARGET,
    KtrCsw,
    KtrGenio,
    KtrPsig,
    KtrSyscall,
    KtrUser,
)
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.syscall import SYSCALLS, Syscall, c_name
from kernel.sys.uio import UIO_WRITE
from userland.libktrace.emul import Emulation, Emulations
from userland.libktrace.records import Record, text_of

_FORKS: Final = frozenset(("fork", "vfork", "__clone"))
_ENDS: Final = frozenset(("exit", "_lwp_exit"))  # calls that never return


@dataclass(slots=True)
class Transfer:
    """Bytes that a call has moved through one descriptor, its records put together."""

    fd: int
    written: bool
    pieces: list[bytes]

    @property
    def data(self) -> bytes:
        """What has been moved, in one piece."""
        if len(self.pieces) > 1:
            self.pieces = [b"".join(self.pieces)]
        return self.pieces[0]


@dataclass(slots=True, eq=False)
class Call:
    """One system call.

    Attributes:
        code: its number, of its emulation.
        name: as kdump shows it; "[600]" if there is no such call.
        row: the table's, None if the emulation is not NetBSD's or there is none.
        args: the argument registers, unsigned, pads included.
        began: when it was made, nanoseconds since the epoch.
        ended: when it had returned; None if the trace does not tell.
        error: 0, or the error it ended with, as stored.
        values: the two registers that it returned, signed.
        paths: what was looked up, in its order.
        transfers: what was moved, in its order.
        strings: what execve(2) was given for arguments.
        slept: nanoseconds that it was off the CPU, if context switches are in the trace.
        stored: descriptors or pids that it has stored in memory, if somebody has looked.
        made: whether its CALL record is there; in a new child only the return is.
        target: what a new symbolic link names, if the trace tells.
    """

    pid: int
    lid: int
    comm: str
    code: int
    name: str
    row: Syscall | None
    args: tuple[int, ...]
    began: int
    abi: Abi = LP64
    ended: int | None = None
    error: int = 0
    values: tuple[int, int] = (0, 0)
    paths: list[str] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    strings: list[bytes] = field(default_factory=list)
    slept: int = 0
    made: bool = True
    stored: tuple[int, ...] = ()
    target: bytes | None = None

    @property
    def failed(self) -> bool:
        """Whether it ended with an error; a new program is none, nor is another try."""
        return self.error > 0

    @property
    def c_name(self) -> str:
        """What C programs call it: `stat` for __stat50."""
        return self.name if self.row is None else c_name(self.row.name)

    def argument(self, name: str) -> int:
        """Return the register of the argument that the table calls so, 0 if there is none."""
        if self.row is not None:
            for arg, value in zip(self.row.args, self.args, strict=False):
                if arg.name == name:
                    return value
        return 0

    @property
    def registers(self) -> tuple[int, ...]:
        """The argument registers without pads."""
        if self.row is None:
            return self.args
        pairs = zip(self.row.args, self.args, strict=False)
        return tuple(value for arg, value in pairs if not arg.is_pad)

    @property
    def value(self) -> int:
        """What it returned, -1 if it failed."""
        return -1 if self.failed else self.values[0]

    @property
    def child(self) -> int:
        """The process that it has made, 0 if none or nobody knows."""
        if not self.made or self.failed:
            return 0
        if self.name == "posix_spawn":
            return self.stored[0] if self.stored else 0
        return max(self.values[0], 0) if self.c_name in _FORKS else 0

    @property
    def duration(self) -> int | None:
        """Nanoseconds from its call to its return, None if it has not returned."""
        return None if self.ended is None or not self.made else self.ended - self.began


class Signal(NamedTuple):
    """A signal that was delivered."""

    pid: int
    lid: int
    comm: str
    time: int  # nanoseconds since the epoch
    signo: int
    action: int  # SIG_DFL, or the handler's address
    record: Record  # with all that is known of it


Event: TypeAlias = Call | Signal


def events(records: Iterable[Record]) -> Iterator[Event]:
    """Yield calls, each when it returns, and signals, in the order of their records.

    Raises:
        TornTrace: as iterating over records; what came before is yielded, calls that had not
            returned by then as well.
    """
    pairs = _Pairs()
    try:
        for record in records:
            event = pairs.add(record)
            if event is not None:
                yield event
    finally:
        unfinished = pairs.rest()
    yield from unfinished


class _Pairs:
    """The calls that have not returned yet, by who made them."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, int], Call] = {}
        self._emulations: Emulations | None = None
        self._off: dict[tuple[int, int], int] = {}  # since when an LWP is off the CPU

    def add(self, record: Record) -> Event | None:
        """Take a record; return what it completes."""
        who = record.pid, record.lid
        kind = record.type
        if kind == KTR_SYSCALL:
            call = self._call(record)
            if call.name in _ENDS:
                return call
            unreturned = self._held.get(who)
            self._held[who] = call
            return unreturned
        if kind == KTR_SYSRET:
            return self._return(record)
        if kind == KTR_PSIG:
            signal = record.body(KtrPsig)
            return Signal(*who, record.comm, record.time, signal.signo, signal.action, record)
        if kind == KTR_EMUL:
            self._emulation(record).change(record.pid, text_of(record.payload))
        elif (held := self._held.get(who)) is not None:
            self._note(held, record)
        return None

    def rest(self) -> list[Call]:
        """Return the calls that have not returned, in the order they were made."""
        held = sorted(self._held.values(), key=lambda call: call.began)
        self._held.clear()
        return held

    def _emulation(self, record: Record) -> Emulations:
        if self._emulations is None:
            self._emulations = Emulations("10", record.abi.word, lambda _: None)
        return self._emulations

    def _call(self, record: Record) -> Call:
        code = codec(KtrSyscall, record.abi).unpack_from(record.payload.ljust(8, b"\0"))[0]
        emulation = self._emulation(record).enter(record.pid)
        return Call(
            record.pid, record.lid, record.comm, code, _name(emulation, code),
            _row(emulation, code), record.args, record.time, record.abi,
        )  # fmt: skip

    def _return(self, record: Record) -> Call:
        body = record.body()
        emulations = self._emulation(record)
        call = self._held.pop((record.pid, record.lid), None)
        if call is None or (call.code != body.ktr_code and call.error == 0):
            emulation = emulations.enter(record.pid)
            code = body.ktr_code
            call = Call(
                record.pid, record.lid, record.comm, code, _name(emulation, code),
                _row(emulation, code), (), record.time, record.abi, made=False,
            )  # fmt: skip
        call.ended = record.time
        call.error = body.ktr_error
        call.values = body.ktr_retval, getattr(body, "ktr_retval_1", 0)
        if call.error == Errno.EJUSTRETURN:
            call.comm = record.comm
        return call

    def _note(self, call: Call, record: Record) -> None:
        """Add to a call what a record between its two ends tells."""
        kind = record.type
        if kind == KTR_NAMEI:
            call.paths.append(text_of(record.payload))
        elif kind == KTR_EXEC_ARG:
            call.strings.append(record.payload)
        elif kind == KTR_GENIO:
            head = record.body(KtrGenio)
            written = head.ktr_rw == UIO_WRITE
            last = call.transfers[-1] if call.transfers else None
            if last is not None and (last.fd, last.written) == (head.ktr_fd, written):
                last.pieces.append(record.data)
            else:
                call.transfers.append(Transfer(head.ktr_fd, written, [record.data]))
        elif kind == KTR_USER:
            if record.body(KtrUser).ktr_id.partition(b"\0")[0] == KTRUSER_SYMLINK_TARGET:
                call.target = record.data
        elif kind == KTR_CSW:
            switch = record.body(KtrCsw)
            who = record.pid, record.lid
            if switch.out:
                self._off[who] = record.time
            else:
                call.slept += record.time - self._off.pop(who, record.time)


def _name(emulation: Emulation, code: int) -> str:
    names = emulation.syscalls
    return names[code] if 0 <= code < len(names) else f"[{code}]"


def _row(emulation: Emulation, code: int) -> Syscall | None:
    row = SYSCALLS.get(code)
    return row if row is not None and row.name and emulation.name == "netbsd" else None
