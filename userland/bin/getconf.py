# SPDX-License-Identifier: BSD-2-Clause
"""getconf: tell the limits of the system.  NetBSD usr.bin/getconf/getconf.c."""

import sys
from typing import NoReturn

from kernel.sys import unistd
from userland.libc import EINVAL, Writer, err, errx, exit, getopt, pathconf, write

# What does not depend on a file.
VARIABLES = {
    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin:/usr/pkg/bin:/usr/pkg/sbin:/usr/local/bin"
    ":/usr/local/sbin",
    "POSIX2_BC_BASE_MAX": 99, "POSIX2_BC_DIM_MAX": 2048, "POSIX2_BC_SCALE_MAX": 99,
    "POSIX2_BC_STRING_MAX": 1000, "POSIX2_COLL_WEIGHTS_MAX": 2, "POSIX2_EXPR_NEST_MAX": 32,
    "POSIX2_LINE_MAX": 2048, "POSIX2_RE_DUP_MAX": 255, "POSIX2_VERSION": 199212,
    "_POSIX_ARG_MAX": 4096, "_POSIX_CHILD_MAX": 25, "_POSIX_LINK_MAX": 8, "_POSIX_MAX_CANON": 255,
    "_POSIX_MAX_INPUT": 255, "_POSIX_NAME_MAX": 14, "_POSIX_NGROUPS_MAX": 8, "_POSIX_OPEN_MAX": 20,
    "_POSIX_PATH_MAX": 256, "_POSIX_PIPE_BUF": 512, "_POSIX_SSIZE_MAX": 32767,
    "_POSIX_STREAM_MAX": 8, "_POSIX_TZNAME_MAX": 6,
    "BC_BASE_MAX": 0x7FFFFFFF, "BC_DIM_MAX": 65535, "BC_SCALE_MAX": 0x7FFFFFFF,
    "BC_STRING_MAX": 0x7FFFFFFF, "COLL_WEIGHTS_MAX": 2, "EXPR_NEST_MAX": 32, "LINE_MAX": 2048,
    "RE_DUP_MAX": 255, "ARG_MAX": 262144, "CHILD_MAX": 160, "CLK_TCK": 100, "NGROUPS_MAX": 16,
    "OPEN_MAX": 128, "STREAM_MAX": 20, "TZNAME_MAX": 10, "_POSIX_JOB_CONTROL": 1,
    "_POSIX_SAVED_IDS": 1, "_POSIX_VERSION": 200112, "PAGESIZE": 4096, "PAGE_SIZE": 4096,
    "_POSIX_FSYNC": 1, "_POSIX_MAPPED_FILES": 1, "_POSIX_MEMLOCK": 1, "_POSIX_THREADS": 200112,
    "_POSIX_MONOTONIC_CLOCK": 200112, "_POSIX_SEMAPHORES": 200112, "_POSIX_TIMERS": 200112,
    "LOGIN_NAME_MAX": 17, "IOV_MAX": 1024, "NPROCESSORS_CONF": 1, "NPROCESSORS_ONLN": 1,
}  # fmt: skip
PATH_VARIABLES = {
    "LINK_MAX": "_PC_LINK_MAX", "MAX_CANON": "_PC_MAX_CANON", "MAX_INPUT": "_PC_MAX_INPUT",
    "NAME_MAX": "_PC_NAME_MAX", "PATH_MAX": "_PC_PATH_MAX", "PIPE_BUF": "_PC_PIPE_BUF",
    "_POSIX_CHOWN_RESTRICTED": "_PC_CHOWN_RESTRICTED", "_POSIX_NO_TRUNC": "_PC_NO_TRUNC",
    "_POSIX_VDISABLE": "_PC_VDISABLE", "FILESIZEBITS": "_PC_FILESIZEBITS",
}  # fmt: skip


def usage() -> NoReturn:
    write(
        2,
        b"Usage: getconf system_var\n\tgetconf -a\n\tgetconf path_var pathname\n"
        b"\tgetconf -a pathname\n",
    )
    exit(1)


def of_path(name: str, path: str, quiet: bool) -> str | None:
    """Return a limit of a file; None, if it has none and that is not to be told."""
    number: int = getattr(unistd, PATH_VARIABLES[name])
    try:
        return str(pathconf(path, number))
    except OSError as exc:
        if quiet and exc.errno == EINVAL:
            return None
        err(1, f"pathconf({path}, {number})")


def main(argv: list[str]) -> int:
    """Run getconf(1)."""
    options, args = getopt(argv, "a")
    if any(option == "?" for option, _ in options):
        usage()
    with Writer(1) as out:
        if options:
            if len(args) > 1:
                usage()
            for name in PATH_VARIABLES if args else VARIABLES:
                value = of_path(name, args[0], quiet=True) if args else str(VARIABLES[name])
                if value is not None:
                    out.print(f"{name} = {value}")
            return 0
        if len(args) not in {1, 2}:
            usage()
        name, *path = args
        if name not in VARIABLES and name not in PATH_VARIABLES:
            errx(1, f"{name}: unknown variable")
        if (name in PATH_VARIABLES) != bool(path):
            errx(1, f"{name}: invalid variable type")
        out.print((of_path(name, path[0], quiet=False) or "") if path else str(VARIABLES[name]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
