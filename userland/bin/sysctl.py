# SPDX-License-Identifier: BSD-2-Clause
"""sysctl: get or set kernel state.  NetBSD sbin/sysctl/sysctl.c."""

import struct
import sys
from collections.abc import Callable
from typing import Final, NoReturn

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.sysctl import (
    CTL_KERN,
    CTL_USER,
    CTL_VM,
    CTLFLAG_ANYNUMBER,
    CTLFLAG_HEX,
    CTLFLAG_HIDDEN,
    CTLTYPE_INT,
    CTLTYPE_NODE,
    CTLTYPE_QUAD,
    CTLTYPE_STRING,
    KERN_BOOTTIME,
    KERN_CLOCKRATE,
    KERN_CONSDEV,
    KERN_CP_TIME,
    KERN_DRIVERS,
    SYSCTL_TYPEMASK,
    VM_LOADAVG,
    Clockinfo,
    KinfoDrivers,
    Loadavg,
    Sysctlnode,
)
from kernel.sys.time import Timespec
from userland.libc import (
    LONG_MIN,
    O_RDONLY,
    ULONG_MAX,
    Writer,
    atoi,
    close,
    err,
    exit,
    fgetln,
    getopt,
    open,
    strtoi,
    sysctl,
    sysctldescribe,
    sysctlnodes,
    warnx,
    write,
)
from userland.libc.stack import pathbytes
from userland.libc.strftime import strftime

Mib = tuple[int, ...]

LEVELS: Final = "top second third fourth fifth sixth seventh eighth ninth tenth".split()


def usage() -> NoReturn:
    write(
        2,
        b"usage:\tsysctl [-AdeMnq] [-x[x]|-r] variable ...\n"
        b"\tsysctl [-AdeMnq] [-x[x]|-r] -a\n"
        b"\tsysctl [-nq] [-x[x]|-r] -w variable=value ...\n"
        b"\tsysctl [-nq] [-x[x]|-r] -f file\n",
    )
    exit(1)


def loadavg(data: bytes) -> str:
    load = unpack_from(Loadavg, data)
    return ": " + " ".join(f"{value / load.fscale:.2f}" for value in load.ldavg)


def clockrate(data: bytes) -> str:
    clock = unpack_from(Clockinfo, data)
    return (
        f": tick = {clock.tick}, tickadj = {clock.tickadj}, hz = {clock.hz},"
        f" profhz = {clock.profhz}, stathz = {clock.stathz}"
    )


def boottime(data: bytes) -> str:
    return " = " + strftime("%a %b %e %H:%M:%S %Y", Timespec.unpack(data).tv_sec)


def cp_time(data: bytes) -> str:
    ticks = struct.unpack(f"<{len(data) // 8}Q", data)
    names = ("user", "nice", "sys", "intr", "idle")
    return ": " + ", ".join(f"{name} = {count}" for name, count in zip(names, ticks, strict=True))


def consdev(data: bytes) -> str:
    return " = console" if not any(data) else f" = {int.from_bytes(data, 'little'):#x}"


def drivers(data: bytes) -> str:
    size = sizeof(KinfoDrivers)
    found = [unpack_from(KinfoDrivers, data, at) for at in range(0, len(data), size)]
    return " = " + " ".join(
        f"[{each.d_cmajor} {each.d_bmajor} {each.d_name.rstrip(bytes(1)).decode()}]"
        for each in found
    )


STRUCTS: Final[dict[Mib, Callable[[bytes], str]]] = {
    (CTL_KERN, KERN_BOOTTIME): boottime,
    (CTL_KERN, KERN_CLOCKRATE): clockrate,
    (CTL_KERN, KERN_CONSDEV): consdev,
    (CTL_KERN, KERN_CP_TIME): cp_time,
    (CTL_KERN, KERN_DRIVERS): drivers,
    (CTL_VM, VM_LOADAVG): loadavg,
}


class Tool:
    """The options, and what is asked with them."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.flags: set[str] = set()
        self.hex = 0
        self.failed = False

    def complain(self, text: str) -> None:
        """Say what is wrong, unless -q; the exit status tells it, too."""
        if "q" not in self.flags:
            warnx(text)
        self.failed = True

    def find(self, name: str, given: str) -> tuple[Mib, list[str], int] | None:
        """Return the numbers, the words and the flags of a name; None if there is no such node."""
        mib: Mib = ()
        words: list[str] = []
        flags = CTLTYPE_NODE
        for level, word in enumerate(name.split(".") if name else ()):
            match: Sysctlnode | None = None
            if flags & SYSCTL_TYPEMASK == CTLTYPE_NODE:
                for each in sysctlnodes(mib):
                    if each.sysctl_name.rstrip(b"\0") == pathbytes(word):
                        match = each
                    elif each.sysctl_flags & CTLFLAG_ANYNUMBER and word.isdecimal():
                        match = each._replace(sysctl_num=atoi(word))
            if match is None:
                self.complain(f"{LEVELS[level]} level name '{word}' in '{given}' is invalid")
                return None
            mib, flags = (*mib, match.sysctl_num), match.sysctl_flags
            words.append(word)
        return mib, words, flags

    def text(self, mib: Mib, flags: int, data: bytes) -> str | None:
        """Return how a value is shown after the name; None if it cannot be."""
        kind = flags & SYSCTL_TYPEMASK
        separator = "=" if "e" in self.flags else " = "
        shown: str | None = None
        if kind in {CTLTYPE_INT, CTLTYPE_QUAD} and len(data) in {4, 8}:
            value = int.from_bytes(data, "little", signed=not self.hex)
            if self.hex or flags & CTLFLAG_HEX:
                bits = (1 << 8 * len(data)) - 1
                shown = (
                    f"{value & bits:#0{2 + 2 * len(data)}x}" if self.hex else f"{value & bits:#x}"
                )
            else:
                shown = str(value)
        elif kind == CTLTYPE_STRING:
            value_bytes = data.partition(b"\0")[0]
            if flags & CTLFLAG_HEX or self.hex:
                shown = "".join(f"\\x{byte:02x}" for byte in value_bytes)
            else:
                shown = value_bytes.decode("utf-8", "surrogateescape").rstrip("\n")
        elif mib in STRUCTS:
            text = STRUCTS[mib](data)
            if "e" in self.flags:
                text = text.replace(" = ", "=", 1)
            return text.lstrip(": =") if "n" in self.flags else text
        if shown is None:
            return None
        return shown if "n" in self.flags else separator + shown

    def show(self, mib: Mib, words: list[str], flags: int, asked: bool) -> None:
        """Print a value; one that no program but its own can show only if it was asked for."""
        name = ".".join(words)
        if "d" in self.flags:
            description = sysctldescribe(mib[:-1]).get(mib[-1], "") if mib[0] != CTL_USER else ""
            if description or asked:
                self.out.print(f"{name}: {description or '(no description)'}")
            return
        try:
            data = sysctl(mib)
        except OSError as exc:
            if asked:
                self.complain(f"{name}: {exc.strerror}")
            return
        if "r" in self.flags:
            self.out.write(data)
            return
        text = self.text(mib, flags, data)
        if text is None:
            if asked:
                self.complain(f"{name}: type is unknown")
            return
        self.out.print(text if "n" in self.flags else name + text)

    def walk(self, mib: Mib, words: list[str], asked: bool) -> None:
        """Show all that is below a node."""
        for each in sorted(sysctlnodes(mib), key=lambda n: n.sysctl_num):
            if each.sysctl_flags & CTLFLAG_HIDDEN and not asked:
                continue
            name = [*words, each.sysctl_name.rstrip(b"\0").decode()]
            if each.sysctl_flags & SYSCTL_TYPEMASK == CTLTYPE_NODE:
                self.walk((*mib, each.sysctl_num), name, asked=False)
            else:
                self.show((*mib, each.sysctl_num), name, each.sysctl_flags, asked=False)

    def set(self, name: str, value: str) -> None:
        """Give a variable a value, and print the old and the new one."""
        found = self.find(name, name)
        if found is None:
            return
        mib, words, flags = found
        kind = flags & SYSCTL_TYPEMASK
        if kind in {CTLTYPE_INT, CTLTYPE_QUAD}:
            try:
                number = strtoi(value, LONG_MIN, ULONG_MAX, 0)
            except ValueError:
                self.complain(f"{name}: '{value}' is not a number")
                return
            size = 4 if kind == CTLTYPE_INT else 8
            new = (number & (1 << 8 * size) - 1).to_bytes(size, "little")
        elif kind == CTLTYPE_STRING:
            new = value.encode("utf-8", "surrogateescape") + b"\0"
        else:
            self.complain(f"{name}: specification is incomplete")
            return
        try:
            old = sysctl(mib, new)
            now = sysctl(mib)
        except OSError as exc:
            self.complain(f"{name}: {exc.strerror}")
            return
        if "q" in self.flags:
            return
        before, after = (self.text(mib, flags, data) or "" for data in (old, now))
        if "n" in self.flags:
            self.out.print(after)
        else:
            separator = "=" if "e" in self.flags else " = "
            shown = [text.removeprefix(separator) for text in (before, after)]
            self.out.print(f"{'.'.join(words)}: {shown[0]} -> {shown[1]}")

    def request(self, text: str) -> None:
        """Do what one argument says."""
        name, equals, value = text.partition("=")
        name = name.strip().replace("/", ".")
        if equals:
            if "w" not in self.flags:
                self.complain("Must specify -w to set variables")
                exit(1)
            self.set(name, value)
            return
        if "w" in self.flags:
            self.complain(f"{name}: no value given")
            return
        found = self.find(name, name)
        if found is None:
            return
        mib, words, flags = found
        if flags & SYSCTL_TYPEMASK == CTLTYPE_NODE:
            self.walk(mib, words, asked=True)
        else:
            self.show(mib, words, flags, asked=True)

    def file(self, name: str) -> None:
        """Set what the lines of a file say."""
        try:
            fd = open(name, O_RDONLY)
        except OSError:
            err(1, name)
        self.flags.add("w")
        for line in fgetln(fd):
            text = line.partition(b"#")[0].strip().decode("utf-8", "surrogateescape")
            if text:
                self.request(text)
        close(fd)


def main(argv: list[str]) -> int:
    """Run sysctl(8)."""
    options, args = getopt(argv, "Aabdef:MnqrWwx")
    with Writer(1) as out:
        tool = Tool(out)
        files = []
        for option, value in options:
            if option == "?":
                usage()
            elif option == "f":
                files.append(value)
            elif option == "x":
                tool.hex += 1
            else:
                tool.flags.add(option)
        for name in files:
            tool.file(name)
        if tool.flags & {"a", "A"} or (not args and "d" in tool.flags):
            if args:
                usage()
            tool.walk((), [], asked=False)
        elif not args and not files:
            usage()
        for text in args:
            tool.request(text)
        out.flush()
        return int(tool.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
