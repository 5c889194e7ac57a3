# SPDX-License-Identifier: BSD-2-Clause
"""The lines that sed(1) edits, and where they go, in place too.  NetBSD usr.bin/sed/main.c."""

from collections.abc import Iterator
from contextlib import suppress

from userland.libc.include import (
    O_CREAT,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    S_ISREG,
    Writer,
    close,
    err,
    errx,
    fchmod,
    fchown,
    fgetln,
    getpid,
    link,
    lstat,
    open,
    rename,
    unlink,
    warn,
)


class Input:
    """The lines of all files, one after the other; the next is read early only if it matters."""

    def __init__(self, names: list[str], out: Writer, inplace: str | None, span: bool) -> None:
        """Read names, or standard input if there are none.

        Args:
            inplace: what is appended to a file's name to keep it as it was, "" not
                to keep it; None: files are not edited in place.
            span: the numbers of lines go on from file to file, in place too.
        """
        if inplace is not None and not names:
            errx(1, "-I or -i may not be used with stdin")
        self.names = names
        self.stdout = self.out = out
        self.inplace = inplace
        self.apart = inplace is not None and not span
        self.number = 0
        self.status = 0
        self._files = self._read()
        self._ahead: list[tuple[str, bytes] | None] = []  # what _peek has read
        self._ended = False
        self._edited = ""  # the file whose lines are written now
        self._temporary = ""

    def _read(self) -> Iterator[tuple[str, bytes]]:
        """Yield each line with the name of its file."""
        for name in self.names or [""]:
            try:
                if name and self.inplace is not None:
                    self._check(name)
                fd = open(name, O_RDONLY) if name else 0
                for line in fgetln(fd):
                    yield name, line.removesuffix(b"\n")
                if fd:
                    close(fd)
            except OSError:
                warn(name or "stdin")
                self.status = 1

    def _check(self, name: str) -> None:
        try:
            mode = lstat(name).st_mode
        except OSError:
            err(1, name)
        if not S_ISREG(mode):
            errx(1, f"{name}: in-place editing only works for regular files")

    def _peek(self) -> tuple[str, bytes] | None:
        """Return the file and text of the next line, None after the last."""
        if not self._ahead:
            self._ahead.append(next(self._files, None))
        return self._ahead[0]

    def next(self) -> bytes | None:
        """Return the next line without its newline, None after the last."""
        ahead = self._peek()
        if ahead is None:
            return None
        name, line = ahead
        if self.inplace is not None and name != self._edited:
            self.finish()
            self._begin(name)
        self.number += 1
        self._ahead.clear()
        return line

    def is_last(self) -> bool:
        """Tell whether the line that was read is the last, of its file if files are apart."""
        ahead = self._peek()
        return ahead is None or (self.apart and ahead[0] != self._edited)

    def _begin(self, name: str) -> None:
        """Make the file that will replace name."""
        directory, slash, base = name.rpartition("/")
        self._temporary = f"{directory or ('' if slash else '.')}/.!{getpid()}!{base}"
        status = lstat(name)
        try:
            fd = open(self._temporary, O_WRONLY | O_CREAT | O_TRUNC)
            fchown(fd, status.st_uid, status.st_gid)
            fchmod(fd, status.st_mode & 0o7777)
        except OSError:
            err(1, name)
        self.out = Writer(fd, self._temporary)
        self._edited = name
        if self.apart:
            self.number = 0

    def end(self) -> None:
        """Do what is left to do when the script reads no more."""
        self._ended = True
        self.finish()

    def finish(self) -> None:
        """Put what was written into the place of the file that was edited."""
        if not self._edited:
            return
        if self._ended:  # q: the rest stays
            while (ahead := self._peek()) is not None and ahead[0] == self._edited:
                self.out.write(ahead[1] + b"\n")
                self._ahead.clear()
        self.out.flush()
        close(self.out.fd)
        self.out = self.stdout
        try:
            if self.inplace:
                kept = self._edited + self.inplace
                with suppress(OSError):
                    unlink(kept)
                link(self._edited, kept)
            rename(self._temporary, self._edited)
        except OSError:
            warn("rename()")
            unlink(self._temporary)
            self.status = 1
        self._edited = ""
