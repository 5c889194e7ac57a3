# SPDX-License-Identifier: BSD-2-Clause
"""Arguments that NetBSD 10's kdump names: requests, signals, flags, options.

The decoder of a call is found by the call's name.  NetBSD usr.bin/kdump/kdump.c, ktrsyscall.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kernel.sys.namedtuple import NamedTuple
from userland.libktrace.constants import (
    FCNTL,
    FUTEX,
    FUTEX_CLOCK_REALTIME,
    FUTEX_PRIVATE_FLAG,
    SOCKET_LEVELS,
    SOCKET_OPTIONS,
    map_flags,
)
from userland.libktrace.ptrace import (
    LINUX_PTRACE_10,
    MACHINE_AMD64,
    MACHINE_I386,
    PT_FIRSTMACH,
    PTRACE_10,
    request_name,
)

if TYPE_CHECKING:
    from userland.libktrace.kdump_10 import Printer10

Args = tuple[int, ...]
Decode = Callable[[Args], str]


class Named(NamedTuple):
    """Which arguments of a call are shown by name, each by its register alone."""

    least: int  # with fewer arguments none is
    by: dict[int, Callable[[int], str]]  # per position


_IOC_VOID: Final = 0x20000000
_IOC_OUT: Final = 0x40000000
_IOC_IN: Final = 0x80000000
_PROTECTIONS: Final = ((1, "PROT_READ"), (2, "PROT_WRITE"), (4, "PROT_EXEC"))


class ArgumentDecoder:
    """Decodes the arguments of calls for one printer.

    A decoder gets argument registers, unsigned, and returns what stands
    between the parentheses.
    """

    def __init__(self, printer: "Printer10") -> None:
        """Decode for the printer, which shows the plain numbers."""
        self._printer = printer
        self._number = printer.number
        self._by_name: dict[str, Named] = {
            "ioctl": Named(2, {1: self._ioctl}),
            "fcntl": Named(2, {1: self._fcntl}),
            "kill": Named(2, {1: self._kill}),
            "killpg": Named(2, {1: self._kill}),
            "mprotect": Named(3, {2: self._protection}),
            "mmap": Named(6, {2: self._protection, 3: self._map}),
            "ptrace": Named(1, {0: self._ptrace}),
        }
        # Those whose arguments are not shown each by itself: decoder, and arguments it needs.
        self._others: dict[str, tuple[Decode, int]] = {
            "setsockopt": (self._sockopt, 3),
            "getsockopt": (self._sockopt, 3),
            "getsockopt2": (self._sockopt, 3),
            "futex": (self._futex, 3),
            "__futex": (self._futex, 3),
        }
        self._signal = Named(1, {0: self._printer.signal_arg})
        self._known: dict[str, Decode | None] = {}

    def named(self, name: str) -> Named | None:
        """Return which arguments of the call are shown by name."""
        if "sigaction" in name or "sigvec" in name:
            return self._signal
        return self._by_name.get(name)

    def decoder(self, name: str) -> Decode | None:
        """Return what decodes the arguments of the call, None if they are plain."""
        try:
            return self._known[name]
        except KeyError:
            found = self._known[name] = self._find(name)
            return found

    def _find(self, name: str) -> Decode | None:
        if name in self._others:
            decode, least = self._others[name]
            return lambda args: decode(args) if len(args) >= least else self._plain(args)
        named = self.named(name)
        if named is None:
            return None
        return lambda args: self._printer.arguments(args, named)

    def _plain(self, args: Args) -> str:
        return ",".join(map(self._number, args))

    def _rest(self, args: Args) -> str:
        """Return the arguments after those that were decoded, with their commas."""
        return "".join(f",{self._number(arg)}" for arg in args)

    def _ioctl(self, request: int) -> str:
        return self._printer.ioctls.get(request) or self._request(request)

    def _request(self, request: int) -> str:
        """Take apart a request that has no name."""
        if request >> 32:
            return self._printer.hex(request)
        way = ("W" if request & _IOC_IN else "") + ("R" if request & _IOC_OUT else "")
        group = request >> 8 & 0xFF
        shown = f"'{chr(group)}'" if 0x20 <= group <= 0x7E else f"0x{group:02x}"
        text = f"_IO{way}({shown},{self._part(request & 0xFF)}"
        if not request & _IOC_VOID:
            text += f",{self._part(request >> 16 & 0x1FFF)}"
        return text + ")"

    def _part(self, value: int) -> str:
        """Return a part of a request; small ones are hexadecimal too."""
        printer = self._printer
        return printer.signed_text(value) if printer.options.decimal else printer.hex(value)

    def _fcntl(self, command: int) -> str:
        return FCNTL.get(command) or (f"{command:#x}" if command else "0")

    def _sockopt(self, args: Args) -> str:
        """Name level and option; an unknown level has no comma before it, as in NetBSD."""
        level = self._printer.signed(args[1])
        named = SOCKET_LEVELS.get(level)
        shown = f",{named}" if named else self._number(args[1])
        option = SOCKET_OPTIONS.get(level, {}).get(self._printer.signed(args[2]))
        option = option or self._number(args[2])
        return f"{self._number(args[0])}{shown},{option}{self._rest(args[3:])}"

    def _futex(self, args: Args) -> str:
        flags = FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME
        operation = args[1] & ~flags
        text = FUTEX.get(operation) or (f"{operation:#x}" if operation else "0")
        if args[1] & FUTEX_PRIVATE_FLAG:
            text += "_PRIVATE"
        if args[1] & FUTEX_CLOCK_REALTIME:
            text += "FUTEX_CLOCK_REALTIME"
        return f"{self._printer.hex(args[0])},{text}{self._rest(args[2:])}"

    def _kill(self, signal: int) -> str:
        return " " + self._printer.signal_arg(signal)

    def _map(self, flags: int) -> str:
        return map_flags(self._printer.signed(flags) & 0xFFFFFFFFFFFFFFFF)

    def _protection(self, register: int) -> str:
        """Name the bits of an int; what is left is shown as a long."""
        protection = register & 0xFFFFFFFF
        if protection == 0:
            return "PROT_NONE"
        names = [name for bit, name in _PROTECTIONS if protection & bit]
        left = protection & ~7
        if left:
            wide = left | (0xFFFFFFFF << 32 if left >> 31 and self._printer.abi.word == 8 else 0)
            names.append(f"{wide:#x}")
        return "|".join(names)

    def _ptrace(self, register: int) -> str:
        request = self._printer.signed(register)
        if self._printer.emulations.current.is_linux:
            name = request_name(LINUX_PTRACE_10, request)
        else:
            machine = MACHINE_AMD64 if self._printer.abi.word == 8 else MACHINE_I386
            name = request_name(PTRACE_10, request) or request_name(machine, request - PT_FIRSTMACH)
        return name or self._printer.hex(register)
