# SPDX-License-Identifier: BSD-2-Clause
"""mknod: make a device or FIFO.  NetBSD sbin/mknod/mknod.c."""

import sys
from typing import NoReturn

from kernel.sys.types import major, makedev, minor
from userland.libc import (
    S_IFBLK,
    S_IFCHR,
    ULONG_MAX,
    chmod,
    chown,
    err,
    errx,
    exit,
    getgrnam,
    getmode,
    getopt,
    getpwnam,
    mkfifo,
    setmode,
    strtoi,
    umask,
    write,
)
from userland.libc import mknod as mknod_

UNCHANGED = 0xFFFFFFFF  # (uid_t)-1
KINDS = {"b": S_IFBLK, "c": S_IFCHR, "u": S_IFCHR}
USAGE = b"""\
usage: mknod [-rR] [-F format] [-m mode] [-u user] [-g group]
             [ name [b | c] [major | driver] minor
             | name [b | c] major unit subunit
             | name [b | c] number
             | name p ]
       mknod -l
"""


def usage() -> NoReturn:
    write(2, USAGE)
    exit(1)


def number(text: str, what: str) -> int:
    """Return an unsigned long; of a negative number all bits, as strtoul(3) has it."""
    try:
        return strtoi(text, -ULONG_MAX, ULONG_MAX, 0) & ULONG_MAX
    except ValueError:
        errx(1, f"invalid {what} number: {text}")


def pack_native(maj: int, mnr: int) -> int:
    """Return the device of a unit of a driver, if a dev_t has room for its numbers."""
    device = makedev(maj, mnr)
    if major(device) != maj:
        errx(1, "invalid major number")
    if minor(device) != mnr:
        errx(1, "invalid minor number")
    return device


def main(argv: list[str]) -> int:
    """Run mknod(8)."""
    uid = gid = UNCHANGED
    mode: int | None = None
    options, args = getopt(argv, "F:g:lm:rRu:")
    for option, value in options:
        if option == "m":
            try:
                mode = getmode(setmode(value), 0)
            except OSError:
                err(1, f"Cannot set file mode `{value}'")
        elif option == "u":
            user = getpwnam(value)
            uid = user.pw_uid if user else number(value, "user")
        elif option == "g":
            group = getgrnam(value)
            gid = group.gr_gid if group else number(value, "group")
        elif option == "?":
            usage()
    if len(args) < 2 or args[1] not in {*KINDS, "p"}:
        if len(args) > 1:
            errx(1, "node type must be 'b', 'c' or 'p'.")
        usage()
    name, kind, *numbers = args
    if len(numbers) not in ({0} if kind == "p" else {1, 2}):
        usage()
    permissions = 0o666 if mode is None else mode
    if mode is not None:
        umask(0)
    try:
        if kind == "p":
            mkfifo(name, permissions)
        elif len(numbers) == 1:
            mknod_(name, KINDS[kind] | permissions, number(numbers[0], "device"))
        else:
            device = pack_native(number(numbers[0], "major"), number(numbers[1], "minor"))
            mknod_(name, KINDS[kind] | permissions, device)
        if (uid, gid) != (UNCHANGED, UNCHANGED):
            chown(name, uid, gid)
        if mode is not None:
            chmod(name, mode)
    except OSError:
        err(1, name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
