# SPDX-License-Identifier: BSD-2-Clause
"""cp: copy files.  NetBSD bin/cp."""

import sys
from typing import NoReturn

from userland.libc import (
    AT_FDCWD,
    AT_SYMLINK_NOFOLLOW,
    ENOENT,
    EOPNOTSUPP,
    O_CREAT,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    S_ISBLK,
    S_ISCHR,
    S_ISDIR,
    S_ISFIFO,
    S_ISREG,
    Stat,
    Timespec,
    Writer,
    chmod,
    chown,
    close,
    errx,
    exit,
    fstat,
    getopt,
    lchown,
    link,
    lstat,
    mkdir,
    mkfifo,
    mknod,
    open,
    read,
    readlink,
    stat,
    symlink,
    umask,
    unlink,
    utimensat,
    warn,
    warnx,
    write,
    writeall,
)
from userland.libc.fgetln import blocks
from userland.libc.fts import (
    FTS_COMFOLLOW,
    FTS_DC,
    FTS_DNR,
    FTS_DP,
    FTS_ERR,
    FTS_LOGICAL,
    FTS_NS,
    FTS_PHYSICAL,
    FTS_SL,
    FTS_SLNONE,
    FTSENT,
    fts,
)

PATH_MAX = 1024
MAXBSIZE = 65536  # bytes copied at once


def usage() -> NoReturn:
    write(
        2,
        b"usage: cp [-R [-H | -L | -P]] [-f | -i] [-alNpv] src target\n"
        b"       cp [-R [-H | -L | -P]] [-f | -i] [-alNpv] src1 ... srcN directory\n",
    )
    exit(1)


class Copier:
    """The flags, and the exit status so far."""

    def __init__(self, flags: set[str], out: Writer) -> None:
        self.flags = flags
        self.out = out
        self.status = 0
        self.mask = umask(0)
        umask(self.mask)
        self.made: dict[str, int] = {}  # directories made, and the mode they are to get

    def fail(self, path: str) -> None:
        warn(path)
        self.status = 1

    def copy(self, sources: list[str], target: str, into: bool, how: int) -> None:
        """Copy sources to target, or into the directory target."""
        for entry in fts(sources, how):
            if entry.fts_info in {FTS_NS, FTS_DNR, FTS_ERR}:
                reason = entry.fts_error.strerror if entry.fts_error else ""
                warnx(f"{entry.fts_path}: {reason}")
                self.status = 1
            elif entry.fts_info == FTS_DC:
                warnx(f"{entry.fts_path}: directory causes a cycle")
                self.status = 1
            else:
                self.entry(entry, self.destination(entry, target, into))

    def destination(self, entry: FTSENT, target: str, into: bool) -> str:
        """Return where a file of a hierarchy goes."""
        root = entry
        while root.fts_parent is not None:
            root = root.fts_parent
        below = entry.fts_path[len(root.fts_path) :].lstrip("/")
        if into:
            name = root.fts_path.rstrip("/").rpartition("/")[2]
            below = "/".join(part for part in (name if name != ".." else "", below) if part)
        if not below:
            return target
        return f"{target if target.endswith('/') else target + '/'}{below}"

    def entry(self, entry: FTSENT, to: str) -> None:
        """Copy one file of a hierarchy."""
        status = entry.status
        if entry.fts_info == FTS_DP:
            self.leave(status, to)
        elif S_ISDIR(status.st_mode):
            self.enter(entry, to)
        elif self.is_same(status, to):
            warnx(f"{to} and {entry.fts_path} are identical (not copied).")
            self.status = 1
        elif self.one(entry, status, to) and "v" in self.flags:
            self.out.print(f"{entry.fts_path} -> {to}")

    def is_same(self, status: Stat, to: str) -> bool:
        there = self.existing(to)
        return there is not None and (there.st_dev, there.st_ino) == (status.st_dev, status.st_ino)

    def existing(self, path: str) -> Stat | None:
        try:
            return stat(path)
        except OSError:
            return None

    def enter(self, entry: FTSENT, to: str) -> None:
        """Make a directory, or use the one that is there."""
        if "R" not in self.flags:
            warnx(f"{entry.fts_path} is a directory (not copied).")
            self.status = 1
            entry.skip = True
            return
        there = self.existing(to)
        if there is None:
            try:
                mkdir(to, entry.status.st_mode & 0o777 | 0o700)
            except OSError:
                self.fail(to)
                entry.skip = True
                return
            self.made[to] = entry.status.st_mode & 0o7777 & ~self.mask
            if "v" in self.flags:
                self.out.print(f"{entry.fts_path} -> {to}")
        elif not S_ISDIR(there.st_mode):
            warnx(f"{to}: Not a directory")
            self.status = 1
            entry.skip = True

    def leave(self, status: Stat, to: str) -> None:
        """Give a directory its mode, after what is in it was written."""
        if "R" not in self.flags:
            return
        if "p" in self.flags:
            self.preserve(status, to, follow=True)
        elif (mode := self.made.pop(to, None)) is not None:
            try:
                chmod(to, mode)
            except OSError:
                self.fail(to)

    def one(self, entry: FTSENT, status: Stat, to: str) -> bool:
        """Copy a file that is no directory; tell whether it was."""
        mode = status.st_mode
        try:
            if "l" in self.flags:
                link(entry.fts_path, to)
            elif entry.fts_info in {FTS_SL, FTS_SLNONE}:
                return self.symbolic(entry, status, to)
            elif "R" in self.flags and not S_ISREG(mode):
                self.special(status, to)
            else:
                return self.regular(entry.fts_path, status, to)
        except OSError:
            self.fail(to)
            return False
        return True

    def symbolic(self, entry: FTSENT, status: Stat, to: str) -> bool:
        if entry.fts_info == FTS_SLNONE and not ("R" in self.flags and "L" not in self.flags):
            warnx(f"{entry.fts_path}: No such file or directory")
            self.status = 1
            return False
        target = readlink(entry.fts_path, PATH_MAX)
        if lexists(to):
            unlink(to)
        symlink(target, to)
        if "p" in self.flags:
            self.preserve(status, to, follow=False)
        return True

    def special(self, status: Stat, to: str) -> None:
        """Make a FIFO or device like the source."""
        mode = status.st_mode
        if lexists(to):
            unlink(to)
        if S_ISFIFO(mode):
            mkfifo(to, mode & 0o7777)
        elif S_ISCHR(mode) or S_ISBLK(mode):
            mknod(to, mode, status.st_rdev)
        else:
            raise OSError(EOPNOTSUPP, "Operation not supported")
        if "p" in self.flags:
            self.preserve(status, to, follow=True)

    def regular(self, path: str, status: Stat, to: str) -> bool:
        """Copy a regular file's data."""
        try:
            source = open(path, O_RDONLY)
        except OSError:
            self.fail(path)
            return False
        try:
            there = self.existing(to)
            if there is not None and not self.may_replace(to):
                return False
            target = self.target(to, status, there)
            for data in blocks(source, MAXBSIZE):
                writeall(target, data)
            if "p" in self.flags:
                close(target)
                self.preserve(status, to, follow=True)
                return True
            if there is None and status.st_mode & 0o6000 and fstat(target).st_uid == status.st_uid:
                chmod(to, status.st_mode & 0o7777 & ~self.mask)
            close(target)
        finally:
            close(source)
        return True

    def target(self, to: str, status: Stat, there: Stat | None) -> int:
        """Open the file that is written to."""
        mode = status.st_mode & 0o777
        if there is None:
            return open(to, O_WRONLY | O_TRUNC | O_CREAT, mode)
        if "f" in self.flags:
            unlink(to)
            return open(to, O_WRONLY | O_TRUNC | O_CREAT, mode)
        return open(to, O_WRONLY | O_TRUNC)

    def may_replace(self, to: str) -> bool:
        if "i" not in self.flags:
            return True
        write(2, f"overwrite '{to}'? ".encode("utf-8", "surrogateescape"))
        answer = first = read(0, 1)
        while answer and answer != b"\n":
            answer = read(0, 1)
        if first in {b"y", b"Y"}:
            return True
        self.status = 1
        return False

    def preserve(self, status: Stat, to: str, follow: bool) -> None:
        """Give a copy the times, owner and mode of its source (-p)."""
        flags = 0 if follow else AT_SYMLINK_NOFOLLOW
        try:
            times = (Timespec.from_ns(status.st_atim), Timespec.from_ns(status.st_mtim))
            utimensat(AT_FDCWD, to, times, flags)
        except OSError:
            self.fail(to)
        mode = status.st_mode & 0o7777
        try:
            (chown if follow else lchown)(to, status.st_uid, status.st_gid)
        except OSError:
            mode &= ~0o6000
        if follow:
            try:
                chmod(to, mode)
            except OSError:
                self.fail(to)


def lexists(path: str) -> bool:
    try:
        lstat(path)
    except OSError as exc:
        if exc.errno != ENOENT:
            raise
        return False
    return True


def main(argv: list[str]) -> int:
    """Run cp(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "HLNPRafilprv")
    for option, _ in options:
        if option == "?":
            usage()
        if option in {"H", "L", "P"}:
            flags -= {"H", "L", "P"}
        if option in {"f", "i"}:
            flags -= {"f", "i"}
        flags |= {"R", "P", "p"} if option == "a" else {"R"} if option == "r" else {option}
    if len(args) < 2:
        usage()
    how = FTS_LOGICAL
    if "R" in flags:
        how = FTS_LOGICAL if "L" in flags else FTS_PHYSICAL
        if "H" in flags:
            how |= FTS_COMFOLLOW
    target = args.pop()
    with Writer(1) as out:
        copier = Copier(flags, out)
        there = copier.existing(target)
        into = there is not None and S_ISDIR(there.st_mode)
        if not into and len(args) > 1:
            errx(1, f"{target} is not a directory")
        if target.endswith("/") and there is None and "R" not in flags:
            errx(1, f"directory {target} does not exist")
        copier.copy(args, target, into, how)
    return copier.status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
