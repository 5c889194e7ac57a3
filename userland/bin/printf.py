# SPDX-License-Identifier: BSD-2-Clause
"""printf: formatted output.  NetBSD usr.bin/printf/printf.c; the shell's builtin too."""

import re
import sys
from typing import Final

from userland.libc import (
    err,
    malloc,
    strtoi,
    strtol,
    write,
)

_ESCAPES: Final = {
    "a": "\a", "b": "\b", "e": "\033", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"',
}  # fmt: skip
_ESCAPE: Final = re.compile(
    r"\\(?:([abefnrtv\\'\"])|([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL
)
_ECHO: Final = re.compile(r"\\(?:([abefnrtv\\])|(0[0-7]{0,3})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_DIRECTIVE: Final = re.compile(r"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?([a-zA-Z%])?", re.ASCII)
_SIGN: Final = 1 << 63
_ALL: Final = (1 << 64) - 1


def byte(code: int) -> str:
    """Return the byte code as a character of a str that stands for bytes."""
    return bytes([code & 0xFF]).decode("utf-8", "surrogateescape")


def unescape(text: str, echo: bool = False) -> tuple[str, bool]:
    r"""Replace backslash escapes; return the text and whether `\\c` ended it.

    Args:
        echo: as %b and echo -e: octal numbers begin with 0, and `\\c` stops.
    """
    out: list[str] = []
    at = 0
    for match in (_ECHO if echo else _ESCAPE).finditer(text):
        out.append(text[at : match.start()])
        at = match.end()
        letter, octal, hexa, other = match.groups()
        if letter:
            out.append(_ESCAPES[letter])
        elif octal:
            out.append(byte(int(octal, 8)))
        elif hexa:
            out.append(byte(int(hexa, 16)))
        elif other == "c" and echo:
            return "".join(out), True
        else:
            out.append("\\" + other)
    out.append(text[at:])
    return "".join(out), False


def complain(text: str, name: str = "printf: ") -> None:
    """Write a message to standard error, in the program's name or in none."""
    write(2, f"{name}{text}\n".encode("utf-8", "surrogateescape"))


class _Stop(Exception):
    r"""`\\c`: no more output."""


class _Format:
    """A format, applied to arguments; status turns 1 when one of them is bad."""

    def __init__(self, args: list[str]) -> None:
        self.args = args
        self.status = 0
        self.out: list[str] = []

    def apply(self, text: str) -> None:
        """Use the format once."""
        at = 0
        for match in _DIRECTIVE.finditer(text):
            self.out.append(unescape(text[at : match.start()])[0])
            at = match.end()
            self._directive(match)
        self.out.append(unescape(text[at:])[0])

    def _next(self) -> str | None:
        return self.args.pop(0) if self.args else None

    def _directive(self, match: re.Match[str]) -> None:
        flags, width, precision, letter = match.groups()
        if letter == "%":
            self.out.append("%")
            return
        if letter is None:
            complain("missing format character")
            self.status = 1
            raise _Stop
        width = str(self._integer()) if width == "*" else width or ""
        if width.startswith("-"):
            flags, width = flags + "-", width[1:]
        if precision == "*":
            precision = str(max(self._integer(), 0))
        spec = f"%{flags}{width}" + ("" if precision is None else f".{precision}")
        self._room(width, precision or "")
        if letter not in _CONVERT:
            complain(f"%{letter}: invalid directive")
            self.status = 1
            raise _Stop
        self.out.append(_CONVERT[letter](self, spec, letter))

    def _room(self, *columns: str) -> None:
        """Stop where so many columns are more than there is memory for."""
        try:
            malloc(max(strtol(each)[0] for each in columns))
        except OSError as exc:
            complain(str(exc.strerror))
            self.status = 1
            raise _Stop from None

    def _integer(self) -> int:
        """Return the next argument as an integer, 0 if there is none."""
        text = self._next()
        if text is None or text == "":
            return 0
        if text[0] in "'\"":
            return ord(text[1]) if len(text) > 1 else 0
        match = re.match(r"\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", text)
        if match is None:
            self._complain(text, "expected numeric value")
            return 0
        if match.end() < len(text):
            self._complain(text, "not completely converted")
        try:
            return strtoi(match[0], -_SIGN, _ALL, 0)
        except ValueError:
            self._complain(text, "Result too large or too small")
            return strtol(match[0], 0)[0]

    def _complain(self, text: str, what: str) -> None:
        complain(f"{text}: {what}")
        self.status = 1

    def signed(self, spec: str, letter: str) -> str:
        value = self._integer()
        value = (value + _SIGN & _ALL) - _SIGN
        return _pad_precision(spec, value, "d")

    def unsigned(self, spec: str, letter: str) -> str:
        value = self._integer() & _ALL
        if letter == "o" and "#" in spec:
            return f"{spec.replace('#', '')}s" % f"0{value:o}"
        if letter in "xX" and "#" in spec:
            return f"{spec.replace('#', '')}s" % (f"0{letter}" + format(value, letter))
        return _pad_precision(spec, value, "d" if letter == "u" else letter)

    def floating(self, spec: str, letter: str) -> str:
        text = self._next() or "0"
        if text[0] in "'\"":
            return f"{spec}{letter}" % (ord(text[1]) if len(text) > 1 else 0)
        try:
            value = float(int(text, 16) if text.lower().startswith("0x") else float(text))
        except ValueError:
            match = re.match(r"\s*[-+]?\d*\.?\d*(?:[eE][-+]?\d+)?", text)
            head = match[0] if match else ""
            try:
                value = float(head)
                self._complain(text, "not completely converted")
            except ValueError:
                value = 0.0
                self._complain(text, "expected numeric value")
        return f"{spec}{letter}" % value

    def string(self, spec: str, letter: str) -> str:
        return f"{spec.replace('0', '', 1) if spec[1:2] == '0' else spec}s" % (self._next() or "")

    def character(self, spec: str, letter: str) -> str:
        return f"{re.sub(r'[.].*', '', spec)}s" % (self._next() or "")[:1]

    def escaped(self, spec: str, letter: str) -> str:
        text, stopped = unescape(self._next() or "", echo=True)
        if stopped:
            self.out.append(f"{spec}s" % text)
            raise _Stop
        return f"{spec}s" % text


def _pad_precision(spec: str, value: int, letter: str) -> str:
    """Format an integer; a precision takes the 0 flag's effect away, as in C."""
    flags, rest = spec[1:], ""
    if "." in flags:
        flags, rest = flags.split(".", 1)
        head = re.match(r"[-+ #0]*", flags)
        letters = head[0] if head else ""
        flags = letters.replace("0", "") + flags[len(letters) :]
        rest = "." + rest
        if value == 0 and rest in {".", ".0"}:
            return f"%{flags}s" % ""
    return f"%{flags}{rest}{letter}" % value


_CONVERT: Final = {
    **dict.fromkeys("di", _Format.signed),
    **dict.fromkeys("ouxX", _Format.unsigned),
    **dict.fromkeys("eEfFgG", _Format.floating),
    "s": _Format.string,
    "c": _Format.character,
    "b": _Format.escaped,
}


def run(argv: list[str]) -> int:
    """Write the arguments as the format, argv[1], says; return the exit status."""
    args = argv[1:]
    if args[:1] == ["--"]:
        del args[0]
    if not args:
        complain("usage: printf format [arg ...]", name="")
        return 1
    text = args.pop(0)
    form = _Format(args)
    try:
        while True:
            left = len(form.args)
            form.apply(text)
            if not form.args or len(form.args) == left:
                break
    except _Stop:
        pass
    data = "".join(form.out).encode("utf-8", "surrogateescape")
    while data:
        data = data[write(1, data) :]
    return form.status


def main(argv: list[str]) -> int:
    """Run printf(1)."""
    try:
        return run(argv)
    except OSError:
        err(1, "stdout")


if __name__ == "__main__":
    sys.exit(main(sys.argv))
