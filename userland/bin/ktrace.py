# SPDX-License-Identifier: BSD-2-Clause
"""ktrace: set or clear the tracing of processes.  NetBSD usr.bin/ktrace/ktrace.c."""

import sys
from typing import NoReturn

from userland.libc import (
    F_GETFL,
    F_SETFL,
    KTRFAC_INHERIT,
    KTRFAC_VER_SHIFT,
    KTRFLAG_DESCEND,
    KTROP_CLEAR,
    KTROP_CLEARFILE,
    KTROP_SET,
    O_CREAT,
    O_NONBLOCK,
    O_SYNC,
    O_TRUNC,
    O_WRONLY,
    SIG_DFL,
    SIGCHLD,
    SIGSYS,
    clone,
    close,
    err,
    execvp,
    exit,
    fcntl,
    fktrace,
    getopt,
    getpid,
    open,
    pipe,
    read,
    signal,
    unlink,
    warn,
    warnx,
    write,
    writeall,
)
from userland.libc import ktrace as ktrace_
from userland.libktrace.points import ALL_POINTS
from userland.libktrace.request import Request, RequestError


def usage() -> NoReturn:
    write(
        2,
        b"usage:\tktrace [-aCcdins] [-f trfile] [-g pgrp] [-p pid] [-t [AaceilmnSsuvw+-]]\n"
        b"\tktrace [-adis] [-f trfile] [-t [AaceilmnSsuvw+-]] command\n",
    )
    exit(1)


def no_ktrace(tracefile: str) -> NoReturn:
    """SIGSYS: the kernel has no ktrace(2)."""
    write(
        2,
        b"ktrace: ktrace(2) system call not supported in the running kernel;"
        b" re-compile kernel with `options KTRACE'\n",
    )
    unlink(tracefile)
    exit(1)


def create(request: Request) -> None:
    """Make the trace file, or empty it; what is written to it then is appended."""
    mode = O_CREAT | O_WRONLY
    if not request.append:
        mode |= O_TRUNC
    if not request.sync:
        mode |= O_SYNC
    try:
        close(open(request.tracefile, mode, 0o666))
    except OSError:
        err(1, request.tracefile)


def do_ktrace(request: Request, ops: int, facilities: int, pid: int) -> None:
    """Make the system call, to a file or, for `-f -`, through a pipe to standard output."""
    try:
        if request.tracefile == "-" and ops & 3 == KTROP_SET:
            to_stdout(ops, facilities, pid)
        else:
            ktrace_(request.tracefile, ops, facilities, pid)
    except OSError:
        err(1, f"file {request.tracefile}, pid {pid}")


def to_stdout(ops: int, facilities: int, pid: int) -> None:
    """Trace to a pipe that a child copies to standard output."""
    reader, writer = pipe()
    clone(lambda _: copy(reader, writer), SIGCHLD)
    close(reader)
    fktrace(writer, ops, facilities, pid)
    fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) & ~O_NONBLOCK)
    close(writer)


def copy(reader: int, writer: int) -> int:
    """Copy a trace from a pipe until all that write to it are gone."""
    close(writer)
    signal(SIGSYS, SIG_DFL)
    while data := read(reader, 8192):
        writeall(1, data)
    return 0


def clear(request: Request) -> int:
    """Carry out -C and -c."""
    if request.clear_all:
        ops = KTROP_CLEAR | KTRFLAG_DESCEND
        do_ktrace(request, ops, ALL_POINTS | request.version << KTRFAC_VER_SHIFT, 1)
        return 0
    if request.pid is not None:
        facilities = request.facilities(ALL_POINTS) & ~KTRFAC_INHERIT
        do_ktrace(request, KTROP_CLEAR | request.descend, facilities, request.pid)
        return 0
    do_ktrace(request, KTROP_CLEARFILE | request.descend, request.facilities(), getpid())
    return 0


def main(argv: list[str]) -> int:
    """Run ktrace(1)."""
    request = Request()
    options, command = getopt(argv, "+aCcdf:g:ip:nst:v:")
    for letter, value in options:
        try:
            known = request.option(letter, value)
        except RequestError as exc:
            warnx(str(exc))
            known = False
        if not known:
            usage()
    is_target = request.pid is not None or request.clear
    if is_target == bool(command):
        usage()
    signal(SIGSYS, lambda _: no_ktrace(request.tracefile))
    if request.clear or request.clear_all:
        return clear(request)
    if request.tracefile != "-":
        create(request)
    if command:
        do_ktrace(request, KTROP_SET, request.facilities(), getpid())
        try:
            execvp(command[0], command)
        except OSError:
            warn(f"exec of '{command[0]}' failed")
        return 1
    target = request.pid or 0
    do_ktrace(request, KTROP_SET | request.descend, request.facilities(), target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
