# SPDX-License-Identifier: BSD-2-Clause
"""test and [: evaluate an expression.  NetBSD bin/test/test.c; the shell's builtin too."""

import sys
from collections.abc import Callable
from typing import Final

from userland.libc import (
    LONG_MAX,
    LONG_MIN,
    R_OK,
    S_ISBLK,
    S_ISCHR,
    S_ISDIR,
    S_ISFIFO,
    S_ISGID,
    S_ISLNK,
    S_ISREG,
    S_ISSOCK,
    S_ISUID,
    S_ISVTX,
    W_OK,
    X_OK,
    Stat,
    access,
    errx,
    getegid,
    geteuid,
    isatty,
    lstat,
    stat,
    strtoi,
    strtol,
)


class BadExpression(Exception):
    """The arguments are no expression; test exits with 2."""


def _status(path: str, follow: bool = True) -> Stat | None:
    try:
        return stat(path) if follow else lstat(path)
    except OSError:
        return None


def _mode(check: Callable[[int], bool], follow: bool = True) -> Callable[[str], bool]:
    def primary(path: str) -> bool:
        status = _status(path, follow)
        return status is not None and check(status.st_mode)

    return primary


def _owned(path: str) -> bool:
    status = _status(path)
    return status is not None and status.st_uid == geteuid()


def _grouped(path: str) -> bool:
    status = _status(path)
    return status is not None and status.st_gid == getegid()


def _sized(path: str) -> bool:
    status = _status(path)
    return status is not None and status.st_size > 0


def _may(how: int) -> Callable[[str], bool]:
    def primary(path: str) -> bool:
        try:
            access(path, how)
        except OSError:
            return False
        return True

    return primary


def _number(text: str) -> int:
    _, rest = strtol(text)
    if rest == text or rest.strip(" \t\n"):
        raise BadExpression(f"{text}: bad number")
    try:
        return strtoi(text.removesuffix(rest), LONG_MIN, LONG_MAX)
    except ValueError:
        raise BadExpression(f"{text}: out of range") from None


def _newer(left: str, right: str) -> bool:
    first, second = _status(left), _status(right)
    if first is None or second is None:
        return first is not None
    return first.st_mtim > second.st_mtim


def _same(left: str, right: str) -> bool:
    first, second = _status(left), _status(right)
    if first is None or second is None:
        return False
    return (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino)


_UNARY: Final[dict[str, Callable[[str], bool]]] = {
    "-b": _mode(S_ISBLK),
    "-c": _mode(S_ISCHR),
    "-d": _mode(S_ISDIR),
    "-e": lambda path: _status(path) is not None,
    "-f": _mode(S_ISREG),
    "-g": _mode(lambda mode: bool(mode & S_ISGID)),
    "-h": _mode(S_ISLNK, follow=False),
    "-k": _mode(lambda mode: bool(mode & S_ISVTX)),
    "-L": _mode(S_ISLNK, follow=False),
    "-n": lambda text: text != "",
    "-O": _owned,
    "-G": _grouped,
    "-p": _mode(S_ISFIFO),
    "-r": _may(R_OK),
    "-S": _mode(S_ISSOCK),
    "-s": _sized,
    "-t": lambda text: isatty(_number(text)),
    "-u": _mode(lambda mode: bool(mode & S_ISUID)),
    "-w": _may(W_OK),
    "-x": _may(X_OK),
    "-z": lambda text: text == "",
}
_BINARY: Final[dict[str, Callable[[str, str], bool]]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "-eq": lambda a, b: _number(a) == _number(b),
    "-ne": lambda a, b: _number(a) != _number(b),
    "-gt": lambda a, b: _number(a) > _number(b),
    "-ge": lambda a, b: _number(a) >= _number(b),
    "-lt": lambda a, b: _number(a) < _number(b),
    "-le": lambda a, b: _number(a) <= _number(b),
    "-nt": _newer,
    "-ot": lambda a, b: _newer(b, a),
    "-ef": _same,
}


class _Expression:
    """Recursive descent: -o, -a, !, primaries."""

    def __init__(self, args: list[str]) -> None:
        self._args = args
        self._at = 0

    def value(self) -> bool:
        result = self._or()
        if self._at < len(self._args):
            raise BadExpression(f"{self._args[self._at]}: unexpected operator")
        return result

    def _peek(self, ahead: int = 0) -> str | None:
        at = self._at + ahead
        return self._args[at] if at < len(self._args) else None

    def _or(self) -> bool:
        result = self._and()
        while self._peek() == "-o":
            self._at += 1
            result = self._and() or result
        return result

    def _and(self) -> bool:
        result = self._not()
        while self._peek() == "-a":
            self._at += 1
            result = self._not() and result
        return result

    def _not(self) -> bool:
        if self._peek() == "!" and self._peek(1) is not None:
            self._at += 1
            return not self._not()
        return self._primary()

    def _primary(self) -> bool:
        word = self._peek()
        if word is None:
            raise BadExpression("argument expected")
        operator = self._peek(1)
        if operator in _BINARY and self._peek(2) is not None:
            self._at += 3
            return _BINARY[operator](word, self._args[self._at - 1])
        if word == "(":
            self._at += 1
            result = self._or()
            if self._peek() != ")":
                raise BadExpression("closing paren expected")
            self._at += 1
            return result
        self._at += 1
        if word in _UNARY:
            operand = self._peek()
            if operand is None:
                return True
            self._at += 1
            return _UNARY[word](operand)
        return word != ""


def evaluate(args: list[str]) -> bool:
    """Return what an expression is.

    With up to four arguments their number decides, as POSIX says.

    Raises:
        BadExpression: it is none.
    """
    if not args:
        return False
    if len(args) == 1:
        return args[0] != ""
    if len(args) == 2 and args[0] == "!":
        return args[1] == ""
    if len(args) == 3:
        if args[1] in _BINARY:
            return _BINARY[args[1]](args[0], args[2])
        if args[0] == "(" and args[2] == ")":
            return args[1] != ""
    if len(args) in {3, 4} and args[0] == "!":
        return not evaluate(args[1:])
    return _Expression(args).value()


def run(argv: list[str]) -> int:
    """Evaluate the arguments of test or [; return 0 for true, 1 for false.

    Raises:
        BadExpression: they are no expression.
    """
    args = argv[1:]
    if argv[0].rsplit("/", 1)[-1] == "[":
        if args[-1:] != ["]"]:
            raise BadExpression("missing ]")
        del args[-1]
    return 0 if evaluate(args) else 1


def main(argv: list[str]) -> int:
    """Run test(1)."""
    try:
        return run(argv)
    except BadExpression as exc:
        errx(2, str(exc))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
