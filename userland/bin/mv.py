# SPDX-License-Identifier: BSD-2-Clause
"""mv: move files.  NetBSD bin/mv/mv.c."""

import sys
from typing import NoReturn

from userland.libc import (
    EXDEV,
    S_ISDIR,
    S_ISLNK,
    SIGCHLD,
    W_OK,
    WEXITSTATUS,
    WIFEXITED,
    Writer,
    access,
    clone,
    errx,
    execv,
    exit,
    getopt,
    isatty,
    lstat,
    read,
    rename,
    stat,
    waitpid,
    warn,
    warnx,
    write,
)
from userland.libc.pwcache import NameCache
from userland.libc.strmode import strmode


def usage() -> NoReturn:
    write(
        2,
        b"usage: mv [-fhiv] source target\n       mv [-fhiv] source ... directory\n",
    )
    exit(1)


class Mover:
    """The flags and what is written about moves."""

    def __init__(self, flags: set[str], out: Writer) -> None:
        self.flags = flags
        self.out = out
        self.asks = isatty(0)

    def move(self, source: str, target: str) -> int:
        """Move one file; return 0, or 1 after a message."""
        if "f" not in self.flags and not self.may_replace(target):
            return 0
        try:
            rename(source, target)
        except OSError as exc:
            if exc.errno != EXDEV:
                warn(f"rename {source} to {target}")
                return 1
            return self.copy(source, target)
        if "v" in self.flags:
            self.out.print(f"{source} -> {target}")
        return 0

    def may_replace(self, target: str) -> bool:
        """Ask before a file is overwritten, if one is to ask."""
        try:
            status = lstat(target)
        except OSError:
            return True
        if "i" in self.flags:
            question = f"overwrite '{target}'? "
        elif self.asks and not S_ISLNK(status.st_mode) and not writable(target):
            owner = NameCache().user_from_uid(status.st_uid)
            question = f"override {strmode(status.st_mode)} {owner} for '{target}'? "
        else:
            return True
        write(2, question.encode("utf-8", "surrogateescape"))
        answer = first = read(0, 1)
        while answer and answer != b"\n":
            answer = read(0, 1)
        return first in {b"y", b"Y"}

    def copy(self, source: str, target: str) -> int:
        """Move to another file system: cp(1), then rm(1)."""
        if self.command(
            "/bin/cp", ["cp", "-PRpv" if "v" in self.flags else "-PRp", "--", source, target]
        ):
            return 1
        return self.command("/bin/rm", ["rm", "-rf", "--", source])

    def command(self, path: str, args: list[str]) -> int:
        """Run a command; return 0 if it succeeds."""
        pid = clone(lambda _: execv(path, args), SIGCHLD)
        _, status = waitpid(pid, 0)
        if WIFEXITED(status) and WEXITSTATUS(status) == 0:
            return 0
        warnx(f"{path} did not terminate normally" if not WIFEXITED(status) else f"{path}: failed")
        return 1


def writable(path: str) -> bool:
    try:
        access(path, W_OK)
    except OSError:
        return False
    return True


def isdir(path: str, follow: bool = True) -> bool:
    try:
        return S_ISDIR((stat if follow else lstat)(path).st_mode)
    except OSError:
        return False


def main(argv: list[str]) -> int:
    """Run mv(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "fhiv")
    for option, _ in options:
        if option == "?":
            usage()
        flags -= {"f": {"i"}, "i": {"f"}}.get(option, set())
        flags.add(option)
    if len(args) < 2:
        usage()
    with Writer(1) as out:
        mover = Mover(flags, out)
        target = args.pop()
        if not isdir(target, follow="h" not in flags):
            if len(args) > 1:
                usage()
            return mover.move(args[0], target)
        status = 0
        for source in args:
            name = source.rstrip("/").rpartition("/")[2]
            path = f"{target.rstrip('/') or ''}/{name}"
            if not name:
                errx(1, f"{source}: Invalid argument")
            status |= mover.move(source, path)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
