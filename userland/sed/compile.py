# SPDX-License-Identifier: BSD-2-Clause
"""From the text of a script to the commands of sed(1).  NetBSD usr.bin/sed/compile.c."""

import re
from typing import Final, NoReturn

from kernel.sys.dataclasses import dataclass, field
from userland.libc.include import O_APPEND, O_CREAT, O_TRUNC, O_WRONLY, err, errx, open
from userland.libc.regex import REG_GNU, REG_ICASE, Regex, RegexError, regcomp
from userland.libc.strto import strtol

# How many addresses a command may have, and what follows it.
_FORMATS: Final = {
    **dict.fromkeys("dDgGhHlnNpPx", (2, "empty")),
    **dict.fromkeys("q=", (1, "empty")),
    **dict.fromkeys("ai", (1, "text_")),
    **dict.fromkeys("bt", (2, "branch")),
    "{": (2, "group"),
    "}": (0, "endgroup"),
    "c": (2, "text_"),
    "r": (1, "rfile"),
    "w": (2, "wfile"),
    "s": (2, "subst"),
    "y": (2, "tr"),
    ":": (0, "label"),
    "#": (0, "comment"),
}
_ESCAPES: Final = dict(zip(b"nrtfva", b"\n\r\t\f\v\a", strict=True))
_CODE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{1,2})|o([0-7]{1,3})|d([0-9]{1,3}))")
_SPECIAL: Final = b"\\.[]*^$/&"  # a character given by its code is never special


@dataclass(slots=True)
class Address:
    """An address: line, last, re or plus (so many lines further)."""

    kind: str
    line: int = 0
    regex: Regex | None = None  # None: the one that was used last


@dataclass(slots=True)
class Subst:
    """What s does."""

    regex: Regex | None
    new: tuple[bytes | int, ...]  # text, and numbers of groups
    which: int = 1  # 0: every match
    prints: bool = False
    file: str = ""
    fd: int = -1


@dataclass(slots=True)
class Command:
    """A command with its addresses; next and target are places in the program."""

    code: str
    first: Address | None
    second: Address | None
    nonsel: bool = False
    startline: int = 0  # of the range that it is in; 0: of none
    text: bytes = b""
    label: str = ""
    target: int = 0
    subst: Subst | None = None
    table: bytes = b""
    fd: int = -1


@dataclass(slots=True)
class Line:
    """A line of the script, its newline kept."""

    text: bytes
    number: int
    name: str


@dataclass(slots=True)
class Script:
    """Reads lines of a script and makes a program."""

    lines: list[Line]
    flags: int  # of regular expressions
    wait_to_open: bool = False  # -a: files of w are not made before something is written
    program: list[Command] = field(default_factory=list)
    at: int = 0  # in the line
    row: int = -1

    def fail(self, text: str) -> NoReturn:
        """Say where the script is wrong, and end."""
        line = self.lines[min(self.row, len(self.lines) - 1)]
        errx(1, f"{line.number}: {line.name}: {text}")

    def _next_line(self) -> bool:
        if self.row + 1 >= len(self.lines):
            return False
        self.row += 1
        self.at = 0
        return True

    @property
    def _text(self) -> bytes:
        return self.lines[self.row].text

    def _peek(self) -> str:
        return chr(self._text[self.at]) if self.at < len(self._text) else ""

    def _skip(self) -> None:
        while self._peek() and self._peek() in " \t\n\r\f\v":
            self.at += 1

    def compile(self) -> list[Command]:
        """Return the program."""
        stack: list[int] = []
        while self._next_line():
            while True:
                while self._peek() and self._peek() in " \t\n\r\f\v;":
                    self.at += 1
                if self._peek() in {"", "#"} or not self._command(stack):
                    break
        if stack:
            self.fail("unexpected EOF (pending }'s)")
        self._fix_labels()
        return self.program

    def _command(self, stack: list[int]) -> bool:
        """Read a command; tell whether another may follow on the line."""
        first = second = None
        count = 0
        if self._peek() in "0123456789/\\$":
            count = 1
            first = self._address()
            self._skip()
            if self._peek() == ",":
                self.at += 1
                self._skip()
                count = 2
                second = self._address()
                self._skip()
        nonsel = False
        while self._peek() == "!":
            self.at += 1
            self._skip()
            nonsel = not nonsel
        code = self._peek()
        if not code:
            self.fail("command expected")
        if code not in _FORMATS:
            self.fail(f"invalid command code {code}")
        most, kind = _FORMATS[code]
        if count > most:
            self.fail(f"command {code} expects up to {most} address(es), found {count}")
        command = Command(code, first, second, nonsel)
        self.at += 1
        if kind == "comment":
            return False
        self.program.append(command)
        if kind == "group":
            stack.append(len(self.program) - 1)
            return True
        if kind == "endgroup":
            if not stack:
                self.fail("unexpected }")
            self.program[stack.pop()].target = len(self.program)
            return self._end_of(code)
        if kind == "empty":
            return self._end_of(code)
        return bool(getattr(self, f"_{kind}")(command))

    def _end_of(self, code: str) -> bool:
        self._skip()
        if self._peek() in {"", ";", "}", "#"}:
            return True
        self.fail(f"extra characters at the end of {code} command")

    def _rest(self) -> str:
        """Take what is left of the line."""
        self._skip()
        rest = self._text[self.at :].removesuffix(b"\n")
        self.at = len(self._text)
        return rest.decode("utf-8", "surrogateescape")

    def _text_lines(self, command: Command) -> bool:
        """Read the text of a, c or i: lines up to one that ends without a backslash."""
        out = bytearray()
        while self._next_line():
            text, at, goes_on = self._text, 0, False
            while at < len(text):
                if text[at] == 0x5C and at + 1 < len(text):
                    at += 1
                    goes_on = text[at] == 0x0A
                out.append(text[at])
                at += 1
            if not goes_on:
                break
        if not out.endswith(b"\n"):
            out += b"\n"
        command.text = bytes(out)
        self.at = len(self._text)
        return False

    def _text_(self, command: Command) -> bool:
        self._skip()
        if self._peek() != "\\":
            self.fail(f"command {command.code} expects \\ followed by text")
        self.at += 1
        self._skip()
        if self._peek():
            self.fail(f"extra characters after \\ at the end of {command.code} command")
        return self._text_lines(command)

    def _name(self, stops: bytes) -> str:
        """Take a label, up to one of the bytes stops or the end of the line."""
        self._skip()
        start = self.at
        while self.at < len(self._text) and self._text[self.at] not in stops:
            self.at += 1
        return self._text[start : self.at].rstrip().decode("utf-8", "surrogateescape")

    def _branch(self, command: Command) -> bool:
        command.label = self._name(b";}")
        return True

    def _label(self, command: Command) -> bool:
        command.label = self._name(b";")
        if not command.label:
            self.fail("empty label")
        return True

    def _rfile(self, command: Command) -> bool:
        command.label = self._rest()
        if not command.label:
            self.fail("filename expected")
        return False

    def _wfile(self, command: Command) -> bool:
        self._rfile(command)
        command.fd = self._open(command.label)
        return False

    def _open(self, name: str) -> int:
        return -1 if self.wait_to_open else open_output(name)

    def _subst(self, command: Command) -> bool:
        if self._peek() in {"", "\n", "\\"}:
            self.fail("substitute pattern can not be delimited by newline or backslash")
        delimiter = self._peek()
        pattern = self._delimited("unterminated substitute pattern")
        new = self._replacement(delimiter)
        subst = command.subst = Subst(None, new)
        icase = self._subst_flags(subst)
        if pattern:
            subst.regex = self._regex(pattern, icase)
            groups = subst.regex.re_nsub
            for part in new:
                if isinstance(part, int) and part > groups:
                    self.fail(f"\\{part} not defined in the RE")
        return True

    def _subst_flags(self, subst: Subst) -> bool:
        """Read the flags of s; tell whether case does not matter."""
        icase = counted = False
        while True:
            self._skip()
            flag = self._peek()
            if flag in {"", ";", "}", "#"}:
                return icase
            if flag == "g" or flag in "123456789":
                if counted:
                    self.fail("more than one number or 'g' in substitute flags")
                counted = True
                match = re.compile(rb"\d*").match(self._text, self.at)
                digits = match[0] if match else b""
                subst.which = strtol(digits.decode())[0]
                self.at += len(digits) - 1 if digits else 0
            elif flag == "p":
                subst.prints = True
            elif flag in "iI":
                icase = True
            elif flag == "w":
                self.at += 1
                subst.file = self._rest()
                if not subst.file:
                    self.fail("no wfile specified")
                subst.fd = self._open(subst.file)
                return icase
            else:
                self.fail(f"bad flag in substitute command: '{flag}'")
            self.at += 1

    def _replacement(self, delimiter: str) -> tuple[bytes | int, ...]:
        """Read what comes instead, up to the delimiter; it may go on in the next line."""
        parts: list[bytes | int] = []
        text = bytearray()
        stop = ord(delimiter)
        while True:
            if self.at >= len(self._text) and not self._next_line():
                self.fail("unterminated substitute in regular expression")
            byte = self._text[self.at] if self._text else stop
            self.at += 1
            if byte == stop:
                break
            if byte == 0x0A:
                self.fail("unescaped newline inside substitute pattern")
            if byte == 0x26:
                parts += [bytes(text), 0]
                text.clear()
            elif byte != 0x5C:
                text.append(byte)
            elif self.at < len(self._text):
                group = self._escaped(text, stop)
                if group:
                    parts += [bytes(text), group]
                    text.clear()
            elif self.row + 1 < len(self.lines):
                text.append(0x0A)
        return (*parts, bytes(text))

    def _escaped(self, text: bytearray, stop: int) -> int:
        """Read what follows a backslash in a replacement; return the group it names, or 0."""
        match = _CODE.match(self._text, self.at - 1)
        byte = self._text[self.at]
        self.at += 1
        if byte == stop:
            text.append(byte)
        elif match:
            self.at = match.end()
            text.append(_code(match))
        elif 0x31 <= byte <= 0x39:
            return byte - 0x30
        else:
            text.append(_ESCAPES.get(byte, byte))
        return 0

    def _delimited(self, unterminated: str, is_tr: bool = False) -> bytes:
        """Read a delimited string; the delimiter is where we are."""
        text, out = self._text, bytearray()
        stop = text[self.at]
        at = self.at + 1
        while at < len(text):
            byte = text[at]
            following = text[at + 1 : at + 2]
            if byte == stop:
                self.at = at + 1
                return bytes(out)
            if byte == 0x5B and not is_tr:
                end = _bracket_end(text, at)
                if end < 0:
                    self.fail("unbalanced brackets ([])")
                out += re.sub(rb"\\([nt])", lambda m: bytes((_ESCAPES[m[1][0]],)), text[at:end])
                at = end
                continue
            if byte == 0x5C and following:
                match = _CODE.match(text, at)
                if following[0] == stop:
                    # An escaped delimiter is itself, and special if it is in the pattern.
                    out += following
                elif match:
                    code = _code(match)
                    out += (b"" if is_tr or code not in _SPECIAL else b"\\") + bytes((code,))
                    at = match.end()
                    continue
                elif following[0] in _ESCAPES:
                    out.append(_ESCAPES[following[0]])
                elif is_tr and following == b"\\":
                    out += b"\\"
                else:
                    out += text[at : at + 2]
                at += 2
                continue
            out.append(byte)
            at += 1
        self.fail(unterminated)

    def _tr(self, command: Command) -> bool:
        if self._peek() in {"", "\n", "\\"}:
            self.fail("transform pattern can not be delimited by newline or backslash")
        old = self._delimited("unterminated transform source string", is_tr=True)
        self.at -= 1
        new = self._delimited("unterminated transform target string", is_tr=True)
        if len(old) != len(new):
            self.fail("transform strings are not the same length")
        command.table = bytes.maketrans(old, new)
        self._skip()
        if self._peek() not in {"", ";", "}", "#"}:
            self.fail("extra text at the end of a transform command")
        return True

    def _address(self) -> Address:
        char = self._peek()
        if char == "\\":
            self.at += 1
            char = "/"
        if char == "/":
            if not self._peek():
                self.fail("unterminated regular expression")
            pattern = self._delimited("unterminated regular expression")
            icase = self._peek() == "I"
            self.at += icase
            return Address("re", regex=self._regex(pattern, icase) if pattern else None)
        if char == "$":
            self.at += 1
            return Address("last")
        kind = "line"
        if char == "+":
            kind = "plus"
            self.at += 1
        match = re.compile(rb"\d+").match(self._text, self.at)
        if match is None:
            self.fail("expected context address")
        self.at = match.end()
        return Address(kind, strtol(match[0].decode())[0])

    def _regex(self, pattern: bytes, icase: bool) -> Regex:
        try:
            return regcomp(pattern, self.flags | REG_GNU | (REG_ICASE if icase else 0))
        except RegexError as exc:
            self.fail(f"RE error: {exc}")

    def _fix_labels(self) -> None:
        places: dict[str, int] = {}
        for at, command in enumerate(self.program):
            if command.code == ":":
                if command.label in places:
                    self.fail(f"duplicate label '{command.label}'")
                places[command.label] = at
        for command in self.program:
            if command.code in "bt":
                if command.label and command.label not in places:
                    errx(1, f"undefined label '{command.label}'")
                command.target = places.get(command.label, len(self.program))


def _code(match: re.Match[bytes]) -> int:
    for group, base in ((1, 16), (2, 8), (3, 10)):
        if match[group]:
            return int(match[group], base) & 0xFF
    return 0


def _bracket_end(text: bytes, at: int) -> int:
    """Return where the bracket expression at at ends, -1 if it does not."""
    at += 1
    if text[at : at + 1] == b"^":
        at += 1
    if text[at : at + 1] == b"]":
        at += 1
    while at < len(text):
        if text[at] == 0x5D:
            return at + 1
        mark = text[at + 1 : at + 2]
        if text[at] == 0x5B and mark and mark in b".:=":
            at = text.find(mark + b"]", at + 2) + 1
            if not at:
                return -1
        at += 1
    return -1


def open_output(name: str) -> int:
    """Open a file of w, emptied."""
    try:
        return open(name, O_WRONLY | O_APPEND | O_CREAT | O_TRUNC)
    except OSError:
        err(1, name)
