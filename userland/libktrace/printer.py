# SPDX-License-Identifier: BSD-2-Clause
"""One record to one piece of text: what the kdumps of both eras have in common.

A printer keeps what goes from record to record: emulations and times.
NetBSD usr.bin/kdump/kdump.c.
"""

import struct
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, Final, TypeAlias

from kernel.sys.cdefs import Abi, codec
from kernel.sys.errno import Errno
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_EXEC_ENV,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KtrCsw,
    KtrGenio,
    KtrSyscall,
    KtrSysret,
    KtrSysretOld,
)
from kernel.sys.uio import UIO_READ
from userland.libktrace.arguments import Named
from userland.libktrace.emul import Emulation, Emulations
from userland.libktrace.names import ioctl_names, signame, strerror
from userland.libktrace.options import Options
from userland.libktrace.records import Record, text_of
from userland.libktrace.siginfo import psig_text
from userland.libktrace.vis import Folder

# Of the lines of records that differ in times and payloads only: their start without times, who,
# the word for the type, what prints the rest, and whether they are printed at all.
_Start: TypeAlias = tuple[str, str, str, Callable[[Record], str] | None, bool]

_STARTS_KEPT: Final = 4096  # starts of lines, until they are forgotten
_STRINGS: Final = frozenset((KTR_EXEC_ARG, KTR_EXEC_ENV))


class Printer(ABC):
    """Prints the records of one trace."""

    era: ClassVar[str]  # "2003" or "10", as the tables are named
    types: ClassVar[dict[int, str]]  # the word for each record type

    def __init__(self, options: Options, abi: Abi, warn: Callable[[str], None]) -> None:
        """Print records of the ABI; warn gets what kdump says on its standard error."""
        self.options = options
        self._points = options.points
        self._pid = options.pid
        self.abi = abi
        self.warn = warn
        self.emulations = Emulations(self.era, abi.word, warn)
        self.emulations.start(options.emulation)
        self._emulation = self.emulations.current
        self._returns: dict[int, str] = {}  # of that emulation: names of calls that return
        self.ioctls = ioctl_names(self.era, abi.word)
        self.folder = Folder(options.screen, era_2003=self.era == "2003")
        self._starts: dict[tuple[object, ...], _Start] = {}
        self.since = 0  # times, in the unit that is shown; below a second they are not set
        self.previous = 0
        self.timed = options.absolute or options.elapsed or options.relative
        self._word = abi.word
        self._bits = abi.word * 8
        self._all_ones = (1 << self._bits) - 1
        self._letter = "Q" if abi.word == 8 else "I"
        self._syscall = codec(KtrSyscall, abi)
        self._calls: dict[int, struct.Struct] = {}  # by how many bytes a payload has
        self._sysret = codec(KtrSysret, abi)
        self._sysret_old = codec(KtrSysretOld, abi)
        self._genio = codec(KtrGenio, abi)
        self._csw = codec(KtrCsw, abi)
        self._printers: dict[int, Callable[[Record], str]] = {
            KTR_SYSCALL: self.syscall,
            KTR_SYSRET: self.sysret,
            KTR_NAMEI: self.namei,
            KTR_GENIO: self.genio,
            KTR_PSIG: self.psig,
            KTR_CSW: self.csw,
            KTR_EMUL: self.emul,
            KTR_USER: self.user,
        }

    # The line as a whole.

    def wanted(self, record: Record) -> bool:
        """Whether -t and -p let the record through."""
        if self._pid not in (-1, record.pid):
            return False
        return self._points >> (record.type & 31) & 1 == 1

    def shows(self, record_type: int) -> bool:
        """Whether -t lets records of a type through; the shift is C's, modulo 32."""
        return self._points >> (record_type & 31) & 1 == 1

    def header(self, record: Record) -> str:
        """Return the start of the line: who, when, and the word for the type."""
        when = self.when(record.time) if self.timed else ""
        return f"{self.who(record)}{when}{self.word(record.type)}"

    def _start(self, record: Record) -> _Start:
        """Keep and return what the record's line has in common with others."""
        if len(self._starts) >= _STARTS_KEPT:
            self._starts.clear()
        who, word = self.who(record), self.word(record.type)
        start = who + word, who, word, self._printers.get(record.type), self.wanted(record)
        self._starts[record[:5]] = start
        return start

    def word(self, record_type: int) -> str:
        """Return the word for a type, and two blanks."""
        return f"{self.types.get(record_type, f'UNKNOWN({record_type})'):4}  "

    def show(self, record: Record) -> str:
        """Return all that kdump prints for the record: "" if -t or -p leaves it out."""
        header, who, word, printer, wanted = self._starts.get(record[:5]) or self._start(record)
        if not wanted:
            return ""
        if self.timed:
            header = f"{who}{self.when(record.time)}{word}"
        emulations = self.emulations
        if not emulations.uniform and emulations.enter(record.pid) is not self._emulation:
            self.forget()
        if printer is not None:
            return header + printer(record)
        if record.type in _STRINGS:
            return header + self.folder.show(record.payload, len(header))
        return f"{header}\n{self.dump(record.payload)}"

    def forget(self) -> None:
        """Forget what is kept of the calls of an emulation: another is the current one."""
        self._emulation = self.emulations.current
        self._returns.clear()

    @abstractmethod
    def style(self) -> dict[str, int]:
        """Return how lines are printed, in the words of native/kdump.h."""

    @abstractmethod
    def told(self, code: int) -> tuple[str, Named | None] | None:
        """Return how a call is shown that needs no more than its record; None if it does."""

    @abstractmethod
    def who(self, record: Record) -> str:
        """Return process and program, and a blank."""

    @abstractmethod
    def when(self, time: int) -> str:
        """Return the time (nanoseconds) in the forms asked for, a blank after each."""

    @abstractmethod
    def dump(self, data: bytes) -> str:
        """Return data in hexadecimal."""

    # System calls.

    @abstractmethod
    def syscall(self, record: Record) -> str:
        """Return call and arguments."""

    @abstractmethod
    def call_name(self, code: int, emulation: Emulation) -> str:
        """Return the name of a call that returns."""

    @abstractmethod
    def value(self, value: int) -> str:
        """Return what a call returned, a signed register."""

    def call_args(self, record: Record) -> tuple[int, tuple[int, ...]]:
        """Return number and argument registers (unsigned) of a call."""
        payload = record.payload
        size = len(payload)
        if size < self._syscall.size:
            payload = payload.ljust(self._syscall.size, b"\0")
        codec = self._calls.get(size) or self._call_codec(size)
        values = codec.unpack_from(payload)
        return values[0], values[2 : 2 + max(values[1], 0) // self._word]

    def _call_codec(self, size: int) -> struct.Struct:
        """Keep and return the codec of a call's payload of so many bytes, all its registers."""
        head = self._syscall
        count = max(size - head.size, 0) // self._word
        found = self._calls[size] = struct.Struct(f"{head.format}{count}{self._letter}")
        return found

    @abstractmethod
    def number(self, register: int) -> str:
        """Return an argument that is shown as a number."""

    def numbers(self, args: tuple[int, ...]) -> list[str]:
        """Return arguments that are shown as numbers."""
        return [self.number(arg) for arg in args]

    def arguments(self, args: tuple[int, ...], named: Named) -> str:
        """Return arguments, some of them by name."""
        shown = self.numbers(args)
        if len(args) >= named.least:
            for position, show in named.by.items():
                shown[position] = show(args[position])
        return ",".join(shown)

    def signed(self, register: int) -> int:
        """Return an unsigned register as the signed number it holds."""
        return register - (register >> (self._bits - 1) << self._bits)

    def sysret(self, record: Record) -> str:
        """Return the line of a call's return."""
        payload = record.payload
        second = 0
        if len(payload) >= self._sysret.size:
            code, _, error, value, second = self._sysret.unpack_from(payload)
        else:
            whole = payload.ljust(self._sysret_old.size, b"\0")
            code, _, error, value = self._sysret_old.unpack_from(whole)
        if self.emulations.changed:
            self.emulations.changed = False
            name = self.call_name(code, self.emulations.previous)
        else:
            name = self._returns.get(code) or self._return(code)
        if error:
            return f"{name} {self.error(error)}\n"
        if second:
            return f"{name} {self.value(value)}, {self.value(second)}\n"
        return f"{name} {self.value(value)}\n"

    def _return(self, code: int) -> str:
        """Keep and return the name of a call of the current emulation that returns."""
        name = self._returns[code] = self.call_name(code, self.emulations.current)
        return name

    def error(self, error: int) -> str:
        """Return how a call failed: the emulation's number, NetBSD's text."""
        native = error
        errnos = self.emulations.current.errnos
        if errnos is not None:
            found = errnos.get(error)
            if found is None:
                return f"-1 unknown errno {error}"
            native = found
        if native == Errno.ERESTART:
            return "RESTART"
        if native == Errno.EJUSTRETURN:
            return "JUSTRETURN"
        if self.options.plain:
            return f"-1 errno {error}"
        return f"-1 errno {error} {strerror(native)}"

    def signal_arg(self, register: int) -> str:
        """Return the name of a signal that is an argument."""
        return "SIG" + signame(self.signed(register), self.emulations.current.signals)

    # The other records.

    def namei(self, record: Record) -> str:
        """Return a path, as it is."""
        return f'"{text_of(record.payload)}"\n'

    def emul(self, record: Record) -> str:
        """Return the name of the emulation, which the process has from now on."""
        name = text_of(record.payload)
        self.emulations.change(record.pid, name)
        return f'"{name}"\n'

    def genio(self, record: Record) -> str:
        """Return what moved: a heading, and the data."""
        payload = record.payload
        fd, rw = self._genio.unpack_from(payload.ljust(self._genio.size, b"\0"))
        way = "read" if rw == UIO_READ else "wrote"
        heading = f"{self.descriptor(fd)}{way} {len(payload) - self._genio.size} bytes\n"
        maxdata = self.options.maxdata
        if maxdata == 0:
            return heading
        data = payload[8:] if maxdata < 0 else payload[8 : 8 + maxdata]
        if self.options.word_size:
            return heading + self.dump(data)
        return f"{heading}       {self.folder.show(data, 7)}"

    def descriptor(self, fd: int) -> str:
        """Return the descriptor of a transfer, a blank after it."""
        return f"fd {fd} "

    def psig(self, record: Record) -> str:
        """Return a signal that was delivered, and what is known of it."""
        return psig_text(record.payload, self.abi, era_2003=self.era == "2003", warn=self.warn)

    def csw(self, record: Record) -> str:
        """Return a context switch."""
        out, user = self._csw.unpack_from(record.payload.ljust(self._csw.size, b"\0"))
        return f"{'stop' if out else 'resume'} {'user' if user else 'kernel'}\n"

    @abstractmethod
    def user(self, record: Record) -> str:
        """Return what a program recorded by utrace(2)."""
