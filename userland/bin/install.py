# SPDX-License-Identifier: BSD-2-Clause
"""install: copy files to where they belong.  NetBSD usr.bin/xinstall/xinstall.c."""

import sys
from contextlib import suppress
from typing import NoReturn

from userland.libc import (
    AT_FDCWD,
    O_CREAT,
    O_EXCL,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    S_ISDIR,
    S_ISREG,
    UINT_MAX,
    Stat,
    Timespec,
    chmod,
    chown,
    close,
    err,
    errx,
    exit,
    getgrnam,
    getmode,
    getopt,
    getpwnam,
    link,
    lstat,
    mkdir,
    open,
    rename,
    setmode,
    stat,
    strtoi,
    symlink,
    umask,
    unlink,
    utimensat,
    write,
    writeall,
)
from userland.libc.basename import basename, dirname
from userland.libc.fgetln import blocks
from userland.libc.realpath import realpath

UNCHANGED = 0xFFFFFFFF  # (uid_t)-1
USAGE = b"""\
usage: install [-Ubcprs] [-M log] [-D dest] [-T tags] [-B suffix]
           [-a aftercmd] [-f flags] [-m mode] [-N dbdir] [-o owner]
           [-g group] [-l linkflags] [-h hash] [-S stripflag] file1 file2
       install [-Ubcprs] [-M log] [-D dest] [-T tags] [-B suffix]
           [-a aftercmd] [-f flags] [-m mode] [-N dbdir] [-o owner]
           [-g group] [-l linkflags] [-h hash] [-S stripflag] file1 ...
           fileN directory
       install -d [-Up] [-M log] [-D dest] [-T tags] [-a aftercmd]
           [-m mode] [-N dbdir] [-o owner] [-g group] directory ...
"""


def usage() -> NoReturn:
    write(2, USAGE)
    exit(1)


def identity(text: str, known: int | None, what: str) -> int:
    """Return a user or group by name or number."""
    if known is not None:
        return known
    try:
        return strtoi(text, 0, UINT_MAX)
    except ValueError:
        errx(1, f"unknown {what} {text}")


class Installer:
    """What the options ask for."""

    def __init__(self, flags: set[str]) -> None:
        self.flags = flags
        self.mode = 0o755
        self.uid = self.gid = UNCHANGED
        self.suffix = ".old"
        self.links = ""
        self.made = 0

    def attributes(self, path: str) -> None:
        """Give a file its owner and mode."""
        try:
            if (self.uid, self.gid) != (UNCHANGED, UNCHANGED):
                chown(path, self.uid, self.gid)
        except OSError:
            err(1, f"{path}: chown/chgrp")
        try:
            chmod(path, self.mode)
        except OSError:
            err(1, f"{path}: chmod")

    def directory(self, path: str) -> None:
        """Make a directory and those above it."""
        parts = path.split("/")
        for at in range(1, len(parts) + 1):
            part = "/".join(parts[:at])
            if part and not is_directory(part):
                try:
                    mkdir(part, 0o755)
                except OSError:
                    err(1, f"{part}: mkdir")
        self.attributes(path.rstrip("/") or "/")

    def into(self, source: str, directory: str) -> None:
        """Install a file under its own name."""
        self.file(source, f"{directory.rstrip('/')}/{basename(source)}")

    def file(self, source: str, target: str) -> None:
        """Install a file."""
        if self.links:
            self.link(source, target)
            return
        try:
            status = stat(source)
        except OSError:
            err(1, f"{source}: stat")
        if not S_ISREG(status.st_mode) and source != "/dev/null":
            errx(1, f"{source}: not a regular file")
        there = known(target)
        if there is not None and (there.st_dev, there.st_ino) == (status.st_dev, status.st_ino):
            errx(1, f"{source} and {target} are the same file")
        if "b" in self.flags and there is not None:
            rename(target, target + self.suffix)
        place = f"{dirname(target)}/inst.{self.made:06}" if "r" in self.flags else target
        self.made += 1
        self.copy(source, place)
        self.attributes(place)
        if "p" in self.flags:
            times = (Timespec.from_ns(status.st_atim), Timespec.from_ns(status.st_mtim))
            utimensat(AT_FDCWD, place, times, 0)
        if place != target:
            try:
                rename(place, target)
            except OSError:
                err(1, f"{place}: rename")

    def copy(self, source: str, target: str) -> None:
        """Copy the data."""
        try:
            from_fd = open(source, O_RDONLY)
        except OSError:
            err(1, f"{source}: open")
        with suppress(OSError):
            unlink(target)
        try:
            to_fd = open(target, O_CREAT | O_WRONLY | O_TRUNC | O_EXCL, 0o600)
        except OSError:
            err(1, f"{target}: open")
        try:
            for data in blocks(from_fd, 65536):
                writeall(to_fd, data)
        except OSError:
            unlink(target)
            err(1, f"{target}: write")
        close(from_fd)
        close(to_fd)

    def link(self, source: str, target: str) -> None:
        """Make a link instead of a copy: h, s, a absolute, m either."""
        with suppress(OSError):
            unlink(target)
        try:
            if "h" in self.links or "m" in self.links:
                link(source, target)
                return
        except OSError:
            if "m" not in self.links:
                err(1, f"link {source} -> {target}")
        text = realpath(source) if "a" in self.links else source
        try:
            symlink(text, target)
        except OSError:
            err(1, f"symlink {target} -> {text}")


def known(path: str) -> Stat | None:
    try:
        return lstat(path)
    except OSError:
        return None


def is_directory(path: str) -> bool:
    try:
        return S_ISDIR(stat(path).st_mode)
    except OSError:
        return False


def main(argv: list[str]) -> int:
    """Run install(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "a:cbB:dD:f:g:h:l:m:M:N:o:prsS:T:U")
    installer = Installer(flags)
    umask(0o022)
    for option, value in options:
        if option == "?":
            usage()
        if option == "m":
            try:
                installer.mode = getmode(setmode(value), 0)
            except OSError:
                err(1, "Cannot set file mode `" + value + "'")
        elif option == "o":
            user = getpwnam(value)
            installer.uid = identity(value, user.pw_uid if user else None, "user")
        elif option == "g":
            group = getgrnam(value)
            installer.gid = identity(value, group.gr_gid if group else None, "group")
        elif option == "B":
            installer.suffix = value
            flags.add("b")
        elif option == "l":
            if not set(value) <= set("hsarm"):
                errx(1, f"{value[0]}: invalid link type")
            installer.links = value
        else:
            flags.add(option)
    if len(args) < (1 if "d" in flags else 2):
        usage()
    if "d" in flags:
        for path in args:
            installer.directory(path)
        return 0
    target = args.pop()
    if is_directory(target):
        for source in args:
            installer.into(source, target)
    elif len(args) > 1:
        usage()
    else:
        installer.file(args[0], target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
