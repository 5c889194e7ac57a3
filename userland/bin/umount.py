# SPDX-License-Identifier: BSD-2-Clause
"""umount: unmount file systems.  NetBSD sbin/umount/umount.c."""

import sys
from typing import NoReturn

from userland.libc import (
    MNT_FORCE,
    S_ISDIR,
    Statvfs,
    Writer,
    errx,
    exit,
    getopt,
    getvfsstat,
    stat,
    unmount,
    warn,
    warnx,
    write,
)
from userland.libc.realpath import realpath


def usage() -> NoReturn:
    """Say how umount is called, and end."""
    write(2, b"usage: umount [-fRv] [-t fstypelist] special | node\n")
    write(2, b"       umount -a[fv] [-t fstypelist]\n")
    exit(1)


def selected(state: Statvfs, kinds: str) -> bool:
    """Return whether a list of types, or with "no" before it of others, has that of state."""
    wanted = kinds.removeprefix("no").split(",")
    return not kinds or (state.f_fstypename.decode() in wanted) != kinds.startswith("no")


def find(name: bytes) -> Statvfs | None:
    """Return what was mounted last on name, or else from it."""
    states = getvfsstat()[::-1]
    on = [state for state in states if state.f_mntonname == name]
    return next(iter(on or [state for state in states if state.f_mntfromname == name]), None)


def umountfs(out: Writer, name: str, flags: int, kinds: str, raw: bool, verbose: bool) -> int:
    """Unmount one; return the exit status."""
    origin = name
    if not raw:
        try:
            real = realpath(name)
            directory = S_ISDIR(stat(real).st_mode)
        except OSError:
            real, directory = name, True
        state = find(real.encode("utf-8", "surrogateescape"))
        if state is None:
            what = "not currently mounted" if directory else "not a directory or special device"
            warnx(f"{name}: {what}")
            return 1
        if not selected(state, kinds):
            return 1
        name = state.f_mntonname.decode("utf-8", "surrogateescape")
        origin = state.f_mntfromname.decode("utf-8", "surrogateescape")
    if verbose:
        out.print(f"{origin}: unmount from {name}")
        out.flush()
    try:
        unmount(name, flags)
    except OSError:
        warn(name)
        return 1
    return 0


def main(argv: list[str]) -> int:
    """Run umount(8)."""
    flags, kinds, raw, everything, verbose = 0, "", False, False, False
    options, args = getopt(argv, "afRt:v")
    for option, value in options:
        if option == "a":
            everything = True
        elif option == "f":
            flags = MNT_FORCE
        elif option == "R":
            raw = True
        elif option == "t":
            kinds = value
        elif option == "v":
            verbose = True
        else:
            usage()
    if everything == bool(args) or (raw and everything):
        usage()
    if raw and len(args) != 1:
        errx(1, "-R takes one node")
    if everything:
        raw = True
        states = [state for state in getvfsstat()[::-1] if selected(state, kinds)]
        names = [state.f_mntonname.decode("utf-8", "surrogateescape") for state in states]
        args = [name for name in names if name != "/"]
    with Writer(1) as out:
        return max((umountfs(out, name, flags, kinds, raw, verbose) for name in args), default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
