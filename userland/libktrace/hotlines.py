# SPDX-License-Identifier: BSD-2-Clause
"""What the C helper is told, so that it prints the commonest records as a Printer does."""

from typing import Final

from kernel.sys.cdefs import sizeof
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
    KtrSysretOld,
)
from native import lines as native
from userland.libktrace.arguments import Named
from userland.libktrace.places import places
from userland.libktrace.printer import Printer
from userland.libktrace.records import NSEC_PER_SEC, Record, TraceFormat

_HOW: Final = {
    KTR_SYSCALL: native.CALL,
    KTR_SYSRET: native.RET,
    KTR_NAMEI: native.PATH,
    KTR_GENIO: native.DATA,
    KTR_CSW: native.SWITCH,
}
_MOST: Final = (1 << 31) - 1
_FARTHEST: Final = 4_000_000_000 * NSEC_PER_SEC  # from 1970: layout.h's LAYOUT_SECONDS


class HotLines:
    """Prints what comes most often of one trace; the printer prints the rest."""

    def __init__(self, printer: Printer, format: TraceFormat) -> None:
        """Print as the printer does, as long as all processes have one emulation."""
        self._printer = printer
        options = printer.options
        self._native = native.lines(
            places(format)
            | printer.style()
            | {
                "one": options.pid != -1,
                "only": max(min(options.pid, _MOST), -_MOST),
                "maxdata": options.maxdata,
                "screen": options.screen,
                "dump": options.word_size,
            }
        )
        self._named: dict[int, Named] = {}
        self.taken = 0  # bytes of records that have been printed or left out at last
        self.full = 0  # whether there is more that it can print
        self._tell()

    def _tell(self) -> None:
        """Tell what each type, call and byte is shown as."""
        printer, told = self._printer, self._native
        for kind in range(native.TYPES):
            how = _HOW.get(kind, native.LEAVE) if printer.shows(kind) else native.OMIT
            told.type(kind, how, printer.word(kind).encode("ascii") if how > native.OMIT else b"")
        for byte, shown in enumerate(printer.folder.bytes):
            told.vis(byte, shown)
        emulation = printer.emulations.current
        for code in range(min(len(emulation.syscalls), native.CALLS)):
            told.ret(code, printer.call_name(code, emulation).encode("ascii"))
            call = printer.told(code)
            if call is not None:
                name, named = call
                bits = 0
                if named is not None:
                    self._named[code] = named
                    bits = sum(1 << position for position in named.by)
                told.call(code, name.encode("ascii"), bits, named.least if named else 0)

    def show(self, buffer: bytes, at: int) -> bytes:
        """Return the text of the records that start at byte `at` of buffer, up to one it leaves."""
        printer, told = self._printer, self._native
        if printer.timed:
            if max(abs(printer.since), abs(printer.previous)) > _FARTHEST:
                self.taken = self.full = 0  # such a difference is more than C's 64 bits hold
                return b""
            told.since, told.previous = printer.since, printer.previous
        text = told.show(buffer, at)
        if printer.timed:
            printer.since, printer.previous = told.since, told.previous
        self.taken, self.full = told.taken, told.full
        return text

    def learn(self, record: Record) -> None:
        """Keep what is shown by name in a record that was left."""
        printer = self._printer
        if record.type == KTR_SYSCALL:
            code, args = printer.call_args(record)
            named = self._named.get(code)
            if named is not None and len(args) >= named.least:
                for position, shown in named.by.items():
                    value = args[position]
                    kind = native.argument(code, position)
                    self._native.learn(kind, value, shown(value).encode("latin-1"))
        elif record.type == KTR_SYSRET and len(record.payload) >= sizeof(KtrSysretOld, record.abi):
            error = record.body(KtrSysretOld).ktr_error
            self._native.learn(native.ERRORS, error, printer.error(error).encode("ascii"))
