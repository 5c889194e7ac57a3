# SPDX-License-Identifier: BSD-2-Clause
"""What NetBSD 10's kdump prints.  NetBSD usr.bin/kdump/kdump.c 1.140.2.2."""

import struct
from collections.abc import Callable
from typing import ClassVar, Final, TypeAlias

from kernel.sys.cdefs import Abi, codec
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_EXEC_ENV,
    KTR_EXEC_FD,
    KTR_GENIO,
    KTR_MIB,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SAUPCALL,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTR_USER_MAXIDLEN,
    KtrExecFd,
)
from userland.libktrace.arguments import ArgumentDecoder, Decode, Named
from userland.libktrace.emul import Emulation
from userland.libktrace.hexdump import dump_10
from userland.libktrace.misc import MiscDecoder
from userland.libktrace.options import Options
from userland.libktrace.printer import Printer
from userland.libktrace.records import NSEC_PER_SEC, Record, text_of

_DTYPES: Final = (
    *("0", "file", "socket", "pipe", "kqueue", "misc"),
    *("crypto", "mqueue", "semaphore", "eventfd", "timerfd"),
)
_DIGITS: Final = tuple("0123456789")
_NETBSD32: Final = "netbsd32_"

# How a call is shown: its name, whether its process is forgotten, what decodes its arguments.
_Shown: TypeAlias = tuple[str, bool, Decode | None]


class Printer10(Printer):
    """Prints records as NetBSD 10 does."""

    era = "10"
    types: ClassVar[dict[int, str]] = {
        KTR_SYSCALL: "CALL",
        KTR_SYSRET: "RET",
        KTR_NAMEI: "NAMI",
        KTR_GENIO: "GIO",
        KTR_PSIG: "PSIG",
        KTR_CSW: "CSW",
        KTR_EMUL: "EMUL",
        KTR_USER: "MISC",
        KTR_EXEC_ENV: "ENV",
        KTR_EXEC_ARG: "ARG",
        KTR_EXEC_FD: "FD",
        KTR_SAUPCALL: "SAU",
        KTR_MIB: "MIB",
    }

    def __init__(self, options: Options, abi: Abi, warn: Callable[[str], None]) -> None:
        super().__init__(options, abi, warn)
        self._printers[KTR_MIB] = self.mib
        self._printers[KTR_EXEC_FD] = self.execfd
        self._execfd = codec(KtrExecFd, abi)
        self._misc = MiscDecoder(abi, warn)
        self._arguments = ArgumentDecoder(self)
        self._shown: dict[int, _Shown] = {}  # calls of the current emulation

    def forget(self) -> None:
        """Forget what is kept of the calls of an emulation: another is the current one."""
        super().forget()
        self._shown.clear()

    def style(self) -> dict[str, int]:
        """Return how lines are printed, in the words of native/kdump.h."""
        options = self.options
        is_32 = self.emulations.current.is_32 or self.abi.word == 4
        return {
            "show_lid": 1,
            "absolute": options.absolute,
            "elapsed": options.elapsed,
            "relative": options.relative,
            "digits": 9,
            "tick": 1,
            "bits": 32 if is_32 else 64,
            "small": 1,
            "small_value": 1,
            "decimal": options.decimal,
            "forms": 3 if not options.plain else 1 if options.decimal else 2,
            "no_minus_one": 1,
            "tab_restarts": 1,
            "repeats": 1,
            "offset_width": 5,
            "gap": {1: 1, 2: 2}.get(options.word_size, 3),
        }

    def told(self, code: int) -> tuple[str, Named | None] | None:
        """Return how a call is shown that needs no more than its record; None if it does."""
        if self.options.numeric:
            return f"[{code}]", None
        name = shown = self.emulations.current.syscalls[code]
        if self.options.plain:
            return shown, None
        if self.emulations.current.is_32:
            name = name.removeprefix(_NETBSD32)
        named = self._arguments.named(name)
        if named is None and self._arguments.decoder(name) is not None:
            return None
        return shown, named

    def who(self, record: Record) -> str:
        """Return process, LWP and program, and a blank."""
        return f"{record.pid:6d} {record.lid:6d} {record.comm[:16]:8} "

    def when(self, time: int) -> str:
        """Return the time since the epoch, the first record and the one before."""
        options = self.options
        text = _timespec(time) if options.absolute else ""
        if options.elapsed:
            if 0 <= self.since < NSEC_PER_SEC:
                self.since = time
                text += _timespec(0)
            else:
                text += _timespec(time - self.since)
        if options.relative:
            fresh = 0 <= self.previous < NSEC_PER_SEC
            text += _timespec(0 if fresh else time - self.previous)
            self.previous = time
        return text

    def dump(self, data: bytes) -> str:
        """Return data in hexadecimal, in words of -X bytes."""
        return dump_10(data, self.options.word_size or 1, self.abi.byteorder)

    def number(self, register: int) -> str:
        """Return an argument: 0 to 9 and all with -d decimal, else hexadecimal."""
        if register <= 9:
            return _DIGITS[register]
        if self.options.decimal:
            return self.signed_text(register)
        return self.hex(register)

    def numbers(self, args: tuple[int, ...]) -> list[str]:
        """Return arguments that are shown as numbers; the way of most is written out here."""
        if self.options.decimal or self.emulations.current.is_32:
            return super().numbers(args)
        return [_DIGITS[arg] if arg <= 9 else hex(arg) for arg in args]

    def hex(self, register: int) -> str:
        """Return a register in hexadecimal, cut to 32 bits for a 32-bit emulation."""
        if self.emulations.current.is_32:
            register &= 0xFFFFFFFF
        return hex(register) if register else "0"

    def signed_text(self, register: int) -> str:
        """Return an unsigned register as signed decimal, for a 32-bit emulation cut to that."""
        if self.emulations.current.is_32:
            register &= 0xFFFFFFFF
            return str(register - (register >> 31 << 32))
        return str(self.signed(register))

    def syscall(self, record: Record) -> str:
        """Return call and arguments."""
        code, args = self.call_args(record)
        emulations = self.emulations
        emulations.changed = False
        shown, exits, decode = self._shown.get(code) or self._show_call(code)
        if not args:
            return f"{shown}\n"
        if exits:
            emulations.leave(record.pid)
        if decode is not None:
            return f"{shown}({decode(args)})\n"
        return f"{shown}({','.join(self.numbers(args))})\n"

    def _show_call(self, code: int) -> _Shown:
        """Return how a call of the current emulation is shown, and keep it if it has a name."""
        emulation = self.emulations.current
        names = emulation.syscalls
        if self.options.numeric or not 0 <= code < len(names):
            return f"[{code}]", False, None
        name = shown = names[code]
        exits, decode = False, None
        if not self.options.plain:
            if emulation.is_32:
                name = name.removeprefix(_NETBSD32)
            exits = name == "exit_group" or (name == "exit" and not emulation.is_linux)
            decode = None if exits else self._arguments.decoder(name)
        found = self._shown[code] = shown, exits, decode
        return found

    def call_name(self, code: int, emulation: Emulation) -> str:
        """Return the name of a call that returns; -N and -nn make it a number."""
        names = emulation.syscalls
        if self.options.numeric or self.options.plain > 1 or not 0 <= code < len(names):
            return f"[{code}]"
        return names[code]

    def value(self, value: int) -> str:
        """Return what a call returned: decimal, and hexadecimal if that differs."""
        if 0 <= value <= 9:
            return _DIGITS[value]
        register = value & self._all_ones
        if self.options.plain:
            return self.signed_text(register) if self.options.decimal else self.hex(register)
        if self.emulations.current.is_32:
            return f"{self.signed_text(register)}/{self.hex(register)}"
        return f"{value}/{hex(register)}"

    def descriptor(self, fd: int) -> str:
        """Return the descriptor of a transfer, a blank after it; -1 is none."""
        return "" if fd == -1 else f"fd {fd} "

    def user(self, record: Record) -> str:
        """Return a label and its data, in the form of the label if that is known."""
        data = record.payload[KTR_USER_MAXIDLEN:]
        label = text_of(record.payload[:KTR_USER_MAXIDLEN])
        if self.options.word_size:
            return f"{label}:\n{self.dump(data)}"
        return self._misc.show(label, data)

    def mib(self, record: Record) -> str:
        """Return a sysctl name, in numbers."""
        count = len(record.payload) // 4
        numbers = struct.unpack_from(f"{self.abi.byteorder}{count}i", record.payload)
        return ".".join(map(str, numbers)) + "\n"

    def execfd(self, record: Record) -> str:
        """Return a descriptor that exec left open."""
        fd, dtype = self._execfd.unpack_from(record.payload.ljust(self._execfd.size, b"\0"))
        name = _DTYPES[dtype] if dtype < len(_DTYPES) else f"UNKNOWN({dtype})"
        return f"{name} {fd}\n"


def _timespec(time: int) -> str:
    """Return nanoseconds as seconds, and a blank."""
    if time < 0:
        return "-" + _timespec(-time)
    sec, nsec = divmod(time, NSEC_PER_SEC)
    return f"{sec}.{nsec:09d} "
