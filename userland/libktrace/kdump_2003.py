# SPDX-License-Identifier: BSD-2-Clause
"""What the kdump of 2003 prints.  NetBSD usr.bin/kdump/kdump.c 1.61."""

from collections.abc import Callable
from typing import ClassVar, Final

from kernel.sys.cdefs import Abi, codec
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_EXEC_ENV,
    KTR_GENIO,
    KTR_MMSG,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTR_USER_MAXIDLEN,
    KtrMmsg,
)
from userland.libktrace.arguments import Named
from userland.libktrace.emul import Emulation, mach_name
from userland.libktrace.hexdump import dump_2003
from userland.libktrace.options import Options
from userland.libktrace.printer import Printer
from userland.libktrace.ptrace import LINUX_PTRACE_2003, PTRACE_2003, request_name
from userland.libktrace.records import Record, text_of

_SYS_PTRACE: Final = 26
_SYS_KILL: Final = 37
_SYS_IOCTL: Final = 54
_IOC_VOID: Final = 0x20000000
_IOC_OUT: Final = 0x40000000
_IOC_IN: Final = 0x80000000


class Printer2003(Printer):
    """Prints records as the kdump of 2003 did."""

    era = "2003"
    types: ClassVar[dict[int, str]] = {
        KTR_SYSCALL: "CALL",
        KTR_SYSRET: "RET",
        KTR_NAMEI: "NAMI",
        KTR_GENIO: "GIO",
        KTR_PSIG: "PSIG",
        KTR_CSW: "CSW",
        KTR_EMUL: "EMUL",
        KTR_USER: "USER",
        KTR_MMSG: "MMSG",
        KTR_EXEC_ENV: "ENV",
        KTR_EXEC_ARG: "ARG",
    }

    def __init__(self, options: Options, abi: Abi, warn: Callable[[str], None]) -> None:
        super().__init__(options, abi, warn)
        self._mmsg = codec(KtrMmsg, abi)
        self._printers[KTR_MMSG] = self.mmsg
        # Arguments shown by name, by the number of the call in any emulation.
        self._named = {
            _SYS_IOCTL: Named(2, {1: self._ioctl}),
            _SYS_PTRACE: Named(1, {0: self._ptrace}),
            _SYS_KILL: Named(2, {1: self._kill}),
        }

    def style(self) -> dict[str, int]:
        """Return how lines are printed, in the words of native/kdump.h."""
        options = self.options
        return {
            "absolute": options.absolute,
            "relative": options.relative,
            "floor": 1,
            "digits": 6,
            "tick": 1000,
            "bits": self.abi.word * 8,
            "small_value": not options.plain,
            "decimal": options.decimal,
            "forms": 3 if not options.plain else 1 if options.decimal else 2,
            "newlines": 1,
            "gap": 3,
        }

    def told(self, code: int) -> tuple[str, Named | None] | None:
        """Return how a call is shown that needs no more than its record; None if it does."""
        names = self.emulations.current.syscalls
        shown = f"[{code}]" if self.options.numeric else names[code]
        return shown, None if self.options.plain else self._named.get(code)

    def who(self, record: Record) -> str:
        """Return process and program, and a blank."""
        return f"{record.pid:6d} {record.comm[:16]:8} "

    def when(self, time: int) -> str:
        """Return the time since the epoch, or since the record before."""
        now = time // 1000
        if self.options.relative:
            since = now - self.previous if not 0 <= self.previous < 1_000_000 else 0
            self.previous = now
            now = since
        sec, usec = divmod(now, 1_000_000)
        return f"{sec}.{usec:06d} "

    def dump(self, data: bytes) -> str:
        """Return data in hexadecimal, byte by byte."""
        return dump_2003(data)

    def number(self, register: int) -> str:
        """Return an argument: hexadecimal, or signed with -d."""
        if self.options.decimal:
            return str(self.signed(register))
        return hex(register) if register else "0"

    def syscall(self, record: Record) -> str:
        """Return call and arguments."""
        code, args = self.call_args(record)
        names = self.emulations.current.syscalls
        name = names[code] if 0 <= code < len(names) else None
        if name is None:
            mach = mach_name(code)
            if mach is not None:
                code, name = mach
        if name is None or self.options.numeric:
            name = f"[{code}]"
        if not args:
            return f"{name}\n"
        named = None if self.options.plain else self._named.get(code)
        if named is None:
            return f"{name}({','.join(map(self.number, args))})\n"
        return f"{name}({self.arguments(args, named)})\n"

    def call_name(self, code: int, emulation: Emulation) -> str:
        """Return the name of a call that returns; -nn makes it a number, -N does not."""
        names = emulation.syscalls
        if 0 <= code < len(names) and self.options.plain <= 1:
            return names[code]
        mach = mach_name(code)
        return f"[{code}]" if mach is None else mach[1]

    def value(self, value: int) -> str:
        """Return what a call returned: decimal, and hexadecimal if that differs."""
        if self.options.plain:
            if self.options.decimal:
                return str(value)
            return f"{value & self._all_ones:#x}" if value else "0"
        return str(value) if 0 <= value <= 9 else f"{value}/{value & self._all_ones:#x}"

    def user(self, record: Record) -> str:
        """Return label, length of the payload, data."""
        label = text_of(record.payload[:KTR_USER_MAXIDLEN])
        data = record.payload[KTR_USER_MAXIDLEN:]
        return f'"{label}: {len(record.payload)}, {data.hex()}"\n'

    def mmsg(self, record: Record) -> str:
        """Return a Mach message: its header in words, all of it in hexadecimal."""
        whole = record.payload.ljust(self._mmsg.size, b"\0")
        bits, _, remote, local, _, number = self._mmsg.unpack_from(whole)
        ports = f"[{local & 0xFFFFFFFF:#x} -> {remote & 0xFFFFFFFF:#x}]"
        return f"id {number} {ports} flags {bits & 0xFFFFFFFF:#x}\n{self.dump(record.payload)}"

    # Arguments of some calls.

    def _ioctl(self, request: int) -> str:
        """Name the request of an ioctl; only 8 bits of its size are shown."""
        name = self.ioctls.get(request)
        if name is None:
            way = "W" if request & _IOC_IN else ""
            way += "R" if request & _IOC_OUT else ""
            group = chr(request >> 8 & 0xFF)
            name = f"_IO{way}('{group}',{self.number(request & 0xFF)}"
            if not request & _IOC_VOID:
                name += f",{self.number(request >> 16 & 0xFF)}"
            name += ")"
        return name

    def _ptrace(self, register: int) -> str:
        """Name the request of a ptrace; others are decimal."""
        is_linux = self.emulations.current.is_linux
        table = LINUX_PTRACE_2003 if is_linux else PTRACE_2003
        request = self.signed(register)
        return request_name(table, request) or str(request)

    def _kill(self, signal: int) -> str:
        """Name the signal, after a blank."""
        return " " + self.signal_arg(signal)
