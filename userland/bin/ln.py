# SPDX-License-Identifier: BSD-2-Clause
"""ln: make links.  NetBSD bin/ln/ln.c."""

import sys
from typing import NoReturn

from userland.libc import (
    ENOENT,
    S_ISDIR,
    S_ISLNK,
    Writer,
    errx,
    exit,
    getopt,
    link,
    lstat,
    read,
    stat,
    symlink,
    unlink,
    warn,
    warnx,
    write,
)


def usage() -> NoReturn:
    write(
        2,
        b"usage:\tln [-fhinsv] file1 file2\n\tln [-fhinsv] file ... directory\n",
    )
    exit(1)


def isdir(path: str, follow: bool) -> bool:
    try:
        return S_ISDIR((stat if follow else lstat)(path).st_mode)
    except OSError:
        return False


def linkit(target: str, source: str, flags: set[str], out: Writer) -> int:
    """Make source (or source/basename, if it is a directory) a link to target."""
    if "s" not in flags:
        try:
            mode = stat(target).st_mode
        except OSError:
            warn(target)
            return 1
        if S_ISDIR(mode):
            warnx(f"{target}: is a directory")
            return 1
    if isdir(source, follow="h" not in flags):
        source = f"{source}/{target.rstrip('/').rpartition('/')[2] or target}"
    try:
        existing = lstat(source)
    except OSError:
        existing = None
    if existing is not None and "i" in flags:
        write(2, f"replace {source}? ".encode("utf-8", "surrogateescape"))
        answer = first = read(0, 1)
        while answer and answer != b"\n":
            answer = read(0, 1)
        if first not in {b"y", b"Y"}:
            write(2, b"not replaced\n")
            return 1
    try:
        if existing is not None and flags & {"f", "i"}:
            unlink(source)
        (symlink if "s" in flags else link)(target, source)
    except OSError:
        warn(source)
        return 1
    if "v" in flags:
        out.print(f"{source} {'->' if 's' in flags else '=>'} {target}")
    return 0


def main(argv: list[str]) -> int:
    """Run ln(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "fhinsv")
    for option, _ in options:
        if option == "?":
            usage()
        flags -= {"f": {"i"}, "i": {"f"}}.get(option, set())
        flags.add("h" if option == "n" else option)
    if not args:
        usage()
    with Writer(1) as out:
        if len(args) == 1:
            return linkit(args[0], ".", flags, out)
        if len(args) == 2:
            return linkit(args[0], args[1], flags, out)
        directory = args.pop()
        if "h" in flags and S_ISLNK(lstat_mode(directory)):
            errx(1, f"{directory}: Not a directory")
        if not isdir(directory, follow=True):
            usage()
        return max(linkit(target, directory, flags, out) for target in args)


def lstat_mode(path: str) -> int:
    try:
        return lstat(path).st_mode
    except OSError as exc:
        if exc.errno != ENOENT:
            warn(path)
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
