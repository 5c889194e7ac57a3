# SPDX-License-Identifier: BSD-2-Clause
"""ktruss: trace processes and print their calls as they return.  NetBSD usr.bin/ktruss."""

import sys
from typing import NoReturn

from userland.libc import (
    F_GETFL,
    F_SETFL,
    KTRFLAG_DESCEND,
    KTROP_CLEAR,
    KTROP_CLEARFILE,
    KTROP_SET,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    SIGCHLD,
    TIOCGWINSZ,
    Writer,
    clone,
    close,
    err,
    execvp,
    exit,
    fcntl,
    fktrace,
    getopt,
    getpid,
    ioctl,
    open,
    pipe,
    read,
    sleep,
    warn,
    warnx,
    write,
)
from userland.libc import ktrace as ktrace_
from userland.libc.strto import atoi
from userland.libktrace import Reader, TornTrace, ktruss
from userland.libktrace.ktruss import TrussOptions
from userland.libktrace.points import ALL_POINTS
from userland.libktrace.request import Request, RequestError


def usage() -> NoReturn:
    write(
        2,
        b"usage:\tktruss [-aCcdilnRT] [-e emulation] [-f infile] [-g pgrp] [-m maxdata]\n"
        b"\t    [-o outfile] [-p pid] [-t [AaceilmnSsuvw+-]]\n"
        b"\tktruss [-adinRT] [-e emulation] [-m maxdata] [-o outfile]\n"
        b"\t    [-t [AaceilmnSsuvw+-]] [-v vers] command\n",
    )
    exit(1)


class Source:
    """A trace: a file, or the end of a pipe."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def read(self, size: int) -> bytes:
        return read(self.fd, size)


def columns() -> int:
    """Return the width of the terminal that standard error is, or 80."""
    try:
        width = int.from_bytes(ioctl(2, TIOCGWINSZ)[2:4], "little")
    except OSError:
        return 80
    return width if width > 8 else 80


def wait_for_more() -> None:
    """Pause before the trace is looked at again (-l)."""
    sleep(1)


def dump(fd: int, options: TrussOptions, follow: bool) -> int:
    """Print a trace to its end, each line when it is known."""
    reader = Reader(Source(fd), wait=wait_for_more if follow else None)
    with Writer(1) as out:
        try:
            ktruss.dump(reader, options, out, warnx, at_once=True)
        except TornTrace as exc:
            warnx(str(exc))
            return 1
    return 0


def trace_command(request: Request, options: TrussOptions, command: list[str]) -> int:
    """Run a command, its calls printed; whoever it leaves behind with -i is waited for."""
    reader, writer = pipe()

    def run(_: object) -> int:
        close(reader)
        to_pipe(request, writer, getpid())
        try:
            execvp(command[0], command)
        except OSError:
            warn(f"exec of '{command[0]}' failed")
        return 1

    clone(run, SIGCHLD)
    close(writer)
    return dump(reader, options, False)


def to_pipe(request: Request, writer: int, pid: int) -> None:
    """Trace a process to a pipe, and let go of it; a full pipe holds the process up, but for -n."""
    try:
        fktrace(writer, KTROP_SET | request.descend, request.facilities(), pid)
    except OSError:
        err(1, f"pid {pid}")
    if not request.nonblocking:
        fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) & ~O_NONBLOCK)
    close(writer)


def to_file(request: Request, outfile: str, command: list[str]) -> int:
    """Only log (-o): what ktrace does."""
    truncate = 0 if request.append else O_TRUNC
    try:
        close(open(outfile, O_CREAT | O_WRONLY | truncate, 0o666))
        pid = getpid() if request.pid is None else request.pid
        ktrace_(outfile, KTROP_SET | request.descend, request.facilities(), pid)
    except OSError:
        err(1, outfile)
    if command:
        try:
            execvp(command[0], command)
        except OSError:
            warn(f"exec of '{command[0]}' failed")
        return 1
    return 0


def clear(request: Request, outfile: str) -> int:
    """Carry out -C and -c."""
    facilities = request.facilities(ALL_POINTS)
    try:
        if request.clear_all:
            ktrace_("", KTROP_CLEAR | KTRFLAG_DESCEND, facilities, 1)
        elif request.pid is not None:
            ktrace_("", KTROP_CLEAR | request.descend, facilities, request.pid)
        else:
            ktrace_(outfile, KTROP_CLEARFILE | request.descend, facilities, getpid())
    except OSError:
        err(1, f"file {outfile}, pid {request.pid or getpid()}")
    return 0


def main(argv: list[str]) -> int:
    """Run ktruss(1)."""
    request = Request(tracefile="")
    options = TrussOptions(screen=columns())
    outfile, follow = "", False
    flags, command = getopt(argv, "+aCce:df:g:ilm:no:p:RTt:v:")
    for letter, value in flags:
        match letter:
            case "e":
                options.emulation = value
            case "l":
                follow = True
            case "m":
                options.maxdata = atoi(value)
            case "o":
                outfile = value
            case "R" | "T":
                options.relative, options.absolute = letter == "R", letter == "T"
            case _:
                try:
                    if not request.option(letter, value):
                        usage()
                except RequestError as exc:
                    warnx(str(exc))
                    usage()
    if request.points is not None:
        options.points = request.points
    is_target = request.pid is not None or request.clear
    if not request.tracefile and is_target == bool(command):
        usage()
    if request.clear and not (request.clear_all or outfile or request.pid):
        usage()
    if request.tracefile:
        return dump_file(request.tracefile, options, follow)
    if request.clear or request.clear_all:
        return clear(request, outfile)
    if outfile:
        return to_file(request, outfile, command)
    if command:
        return trace_command(request, options, command)
    reader, writer = pipe()
    to_pipe(request, writer, request.pid or 0)
    return dump(reader, options, False)


def dump_file(name: str, options: TrussOptions, follow: bool) -> int:
    """Print a trace file; "-" is standard input."""
    try:
        fd = 0 if name == "-" else open(name, O_RDONLY)
    except OSError:
        err(1, f"fopen: {name}")
    return dump(fd, options, follow)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
