# SPDX-License-Identifier: BSD-2-Clause
"""rm: remove files.  NetBSD bin/rm/rm.c."""

import sys
from typing import NoReturn

from userland.libc import (
    ENOENT,
    S_ISDIR,
    S_ISLNK,
    W_OK,
    Writer,
    access,
    exit,
    getopt,
    isatty,
    lstat,
    read,
    rmdir,
    unlink,
    warn,
    warnx,
    write,
)
from userland.libc.fts import FTS_D, FTS_DNR, FTS_DP, FTS_ERR, FTS_NS, FTS_PHYSICAL, FTSENT, fts
from userland.libc.pwcache import NameCache
from userland.libc.strmode import strmode


def usage() -> NoReturn:
    write(2, b"usage: rm [-f|-i] [-dPRrvWx] file ...\n")
    exit(1)


class Remover:
    """What the flags ask for, and the exit status so far."""

    def __init__(self, flags: set[str], out: Writer) -> None:
        self.flags = flags
        self.out = out
        self.status = 0
        self.asks = "i" in flags or isatty(0)

    def fail(self, path: str) -> None:
        warn(path)
        self.status = 1

    def remove(self, path: str, is_dir: bool) -> None:
        try:
            (rmdir if is_dir else unlink)(path)
        except OSError as exc:
            if "f" not in self.flags or exc.errno != ENOENT:
                self.fail(path)
            return
        if "v" in self.flags:
            self.out.print(path)

    def files(self, paths: list[str]) -> None:
        """Remove files, but no directories unless -d is given."""
        for path in paths:
            try:
                mode = lstat(path).st_mode
            except OSError as exc:
                if "f" not in self.flags or exc.errno != ENOENT:
                    self.fail(path)
                continue
            if S_ISDIR(mode) and "d" not in self.flags:
                warnx(f"{path}: is a directory")
                self.status = 1
            elif "f" in self.flags or self.check(path, mode):
                self.remove(path, S_ISDIR(mode))

    def tree(self, paths: list[str]) -> None:
        """Remove hierarchies."""
        for entry in fts(paths, FTS_PHYSICAL):
            if entry.fts_info in {FTS_NS, FTS_ERR, FTS_DNR}:
                self.unreadable(entry)
            elif entry.fts_info == FTS_D:
                if "f" not in self.flags and not self.check(entry.fts_path, entry.status.st_mode):
                    entry.skip = True
            elif entry.fts_info == FTS_DP:
                self.remove(entry.fts_path, is_dir=True)
            elif "f" in self.flags or self.check(entry.fts_path, entry.status.st_mode):
                self.remove(entry.fts_path, is_dir=False)

    def unreadable(self, entry: FTSENT) -> None:
        error = entry.fts_error
        if entry.fts_info == FTS_NS and "f" in self.flags and error and error.errno == ENOENT:
            return
        warnx(f"{entry.fts_path}: {error.strerror if error else ''}")
        self.status = 1

    def check(self, path: str, mode: int) -> bool:
        """Ask whether to remove a file, if one is to ask about this one."""
        if "i" in self.flags:
            question = f"remove '{path}'? "
        else:
            if not self.asks or S_ISLNK(mode) or writable(path):
                return True
            status = lstat(path)
            owner = NameCache().user_from_uid(status.st_uid)
            question = f"override {strmode(mode)} {owner} for '{path}'? "
        write(2, question.encode("utf-8", "surrogateescape"))
        answer = first = read(0, 1)
        while answer and answer != b"\n":
            answer = read(0, 1)
        return first in {b"y", b"Y"}


def writable(path: str) -> bool:
    try:
        access(path, W_OK)
    except OSError:
        return False
    return True


def without_dots(paths: list[str]) -> tuple[list[str], bool]:
    """Leave out `.`, `..` and `/`, which are not to be removed; tell whether any was there."""
    kept = [path for path in paths if path.rstrip("/").rpartition("/")[2] not in {"", ".", ".."}]
    kept = [path for path in kept if path.rstrip("/")]
    for path in paths:
        if path.strip("/") == "" and path:
            warnx('"/" may not be removed')
        elif path not in kept and path:
            warnx('"." and ".." may not be removed')
    return kept, len(kept) < len(paths)


def main(argv: list[str]) -> int:
    """Run rm(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "dfiPRrvWx")
    for option, _ in options:
        if option == "?":
            usage()
        flags -= {"f": {"i"}, "i": {"f"}}.get(option, set())
        flags.add("r" if option == "R" else option)
    if not args:
        if "f" in flags:
            return 0
        usage()
    with Writer(1) as out:
        remover = Remover(flags, out)
        args, dropped = without_dots(args)
        (remover.tree if "r" in flags else remover.files)(args)
    return 1 if dropped else remover.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
