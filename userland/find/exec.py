# SPDX-License-Identifier: BSD-2-Clause
"""find -exec, -execdir and -ok: other programs as tests.  NetBSD usr.bin/find/function.c."""

from typing import Final

from userland.find.find import Find, Test
from userland.libc.fts import FTSENT
from userland.libc.include import WEXITSTATUS, WIFEXITED, errx, read, warn, write
from userland.libc.vforkexec import run

NEEDS_TERMINATOR: Final = -1  # a primary that takes arguments up to ";"
MAXARGS: Final = 5000  # files of one {} +
_MAXARG: Final = 256 * 1024 - 4 * 1024  # bytes of arguments


def _command(name: str, argv: list[str]) -> tuple[list[str], bool]:
    """Take a command from the arguments; tell whether it ends with {} +."""
    for at, word in enumerate(argv):
        plus = word == "+" and at > 0 and argv[at - 1] == "{}"
        if word == ";" or plus:
            command = argv[:at]
            del argv[: at + 1]
            return command, plus
    terminators = '";"' if name == "-execdir" else '";" or "+"'
    errx(1, f"{name}: no terminating {terminators}")


def make_exec(find: Find, argv: list[str]) -> Test:
    """-exec: true if the command succeeds; with {} + always, and it runs for many files."""
    find.output = True
    command, plus = _command("-exec", argv)
    if plus:
        return _Collector(find, command).test

    def test(entry: FTSENT) -> bool:
        find.out.flush()
        return _succeeds([word.replace("{}", entry.fts_path) for word in command])

    return test


def make_ok(find: Find, argv: list[str]) -> Test:
    """-ok: -exec, if the user says so."""
    find.output = True
    command, plus = _command("-ok", argv)
    if plus:
        errx(1, '-ok: terminating "+" not permitted.')

    def test(entry: FTSENT) -> bool:
        words = [word.replace("{}", entry.fts_path) for word in command]
        find.out.flush()
        write(2, f'"{" ".join(words)}"? '.encode("utf-8", "surrogateescape"))
        answer = first = read(0, 1)
        while answer and answer != b"\n":
            answer = read(0, 1)
        return first in {b"y", b"Y"} and _succeeds(words)

    return test


def make_execdir(find: Find, argv: list[str]) -> Test:
    """-execdir: -exec in the directory of the file."""
    find.output = True
    command, _ = _command("-execdir", argv)

    def test(entry: FTSENT) -> bool:
        directory, slash, name = entry.fts_path.rpartition("/")
        find.out.flush()
        words = [word.replace("{}", name) for word in command]
        return _succeeds(words, directory or slash)

    return test


def _succeeds(words: list[str], directory: str = "") -> bool:
    if not words:
        return False
    try:
        status = run(words, directory)
    except OSError:
        warn(words[0])
        return False
    return WIFEXITED(status) and not WEXITSTATUS(status)


class _Collector:
    """Keeps the files of {} + until there are enough."""

    def __init__(self, find: Find, command: list[str]) -> None:
        self.find = find
        self.command = command[:-1]
        self.room = _MAXARG - sum(len(word) + 1 for word in self.command)
        self.files: list[str] = []
        self.used = 0
        find.finish.append(self.flush)

    def test(self, entry: FTSENT) -> bool:
        size = len(entry.fts_path.encode("utf-8", "surrogateescape")) + 1
        if self.files and self.used + size > self.room:
            self.flush()
        self.files.append(entry.fts_path)
        self.used += size
        if len(self.files) == MAXARGS:
            self.flush()
        return True

    def flush(self) -> None:
        """Run the command for the files that are kept."""
        if not self.files:
            return
        self.find.out.flush()
        try:
            status = run([*self.command, *self.files])
        except OSError:
            warn(self.command[0])
            self.find.status = 1
        else:
            if code := WEXITSTATUS(status) if WIFEXITED(status) else 255:
                self.find.status = code
        self.files, self.used = [], 0
