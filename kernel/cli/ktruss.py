# SPDX-License-Identifier: BSD-2-Clause
"""`ktruss`: print calls as they return: of a trace of the host's, or of a command run inside."""

import getopt
import os
import sys
from pathlib import Path

from kernel.cli.ending import INTERRUPTED, SIGNALLED, fail, is_unwritten, reader_left, told
from kernel.cli.follow import Trace, columns
from userland.libc.strto import atoi
from userland.libktrace import ktruss
from userland.libktrace.ktruss import TrussOptions
from userland.libktrace.points import getpoints
from userland.libktrace.reader import Reader, Rewound, TornTrace

_KTRUSS = b"/usr/bin/ktruss"
USAGE = """\
usage:	ktruss [-lRT] [-e emulation] [-m maxdata] [-t trstr] -f infile
	ktruss [-dinRT] [-e emulation] [-m maxdata] [-t trstr] [-v vers] command
"""


def main(argv: list[str]) -> int:
    """Run the command; return the exit status."""
    try:
        flags, command = getopt.getopt(argv, "aCce:df:g:ilm:no:p:RTt:v:")
    except getopt.GetoptError as exc:
        sys.stderr.write(f"ktruss: {exc.msg}\n{USAGE}")
        return 1
    given = dict(flags)
    if ("-f" in given) == bool(command) or given.keys() & {"-C", "-c", "-g", "-p", "-o"}:
        sys.stderr.write(USAGE)
        return 1
    if command:
        return _run(argv[: len(argv) - len(command)], command)
    try:
        return _dump(given["-f"], flags)
    except ValueError as exc:
        return fail("ktruss", f"unknown facility in {exc}")
    except BrokenPipeError:
        return reader_left()
    except KeyboardInterrupt:
        return INTERRUPTED


def _dump(name: str, flags: list[tuple[str, str]]) -> int:
    """Print a trace; ValueError: its points."""
    options = TrussOptions()
    width = columns()
    if width is not None and width > 8:
        options.screen = width
    follow = ("-l", "") in flags
    for flag, value in flags:
        match flag:
            case "-e":
                options.emulation = value
            case "-m":
                options.maxdata = atoi(value)
            case "-R" | "-T":
                options.relative, options.absolute = flag == "-R", flag == "-T"
            case "-t":
                options.points = getpoints(0, value)
    try:
        while True:
            try:
                _print(name, options, follow)
                return 0
            except Rewound:
                _warn("the trace has been begun anew")
    except OSError as exc:
        if is_unwritten(exc):
            raise
        return fail("ktruss", f"fopen: {name}: {exc.strerror}")
    except TornTrace as exc:
        return fail("ktruss", exc)


def _print(name: str, options: TrussOptions, follow: bool) -> None:
    """Print a trace to its end; OSError: there is none; TornTrace, Rewound: it ends too soon."""
    trace = Trace(name)
    with Reader(trace, wait=trace.wait if follow else None) as reader:
        ktruss.dump(reader, options, sys.stdout.buffer, _warn, at_once=follow)


def _warn(text: str) -> None:
    fail("ktruss", text)


def _run(flags: list[str], command: list[str]) -> int:
    """Boot, and have the ktruss inside run command: calls are printed as they are made."""
    from kernel import api
    from kernel.cli.console import HostConsole
    from kernel.cli.keys import attend
    from kernel.cli.ktrace import program

    try:
        console = HostConsole()
        with api.boot(console=console) as k:
            attend(k, console)
            process = k.process()
            k.kernel.foreground = process.proc.p_pgrp.pg_id
            path = program(command[0])
            if isinstance(path, Path):
                inside = f"/root/{path.name}".encode()
                k.install(inside, path.read_bytes())
                path = inside
            k.start(process, _KTRUSS, [*flags, os.fsdecode(path), *command[1:]])
            process.finish()
            return api.Result(process.status).status
    except OSError as exc:
        return fail("ktruss", told(exc))
    except (api.Deadlock, api.Panic) as exc:
        return fail("ktruss", exc, 70)
    except api.Stopped as exc:
        return SIGNALLED + exc.signo
    except api.Reboot:
        return 0
