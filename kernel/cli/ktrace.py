# SPDX-License-Identifier: BSD-2-Clause
"""`ktrace`: run a command on a kernel of its own and trace it, with ktrace(1)'s flags."""

import getopt
import sys
from pathlib import Path
from typing import BinaryIO, cast

from kernel import api
from kernel.cli.console import HostConsole
from kernel.cli.ending import SIGNALLED, fail, told
from kernel.cli.keys import attend
from kernel.sys.errno import KernelError
from userland.distribution import distribution
from userland.libktrace.points import getpoints

USAGE = """\
usage:	ktrace [-aCcdins] [-f trfile] [-g pgrp] [-p pid] [-t [AaceilmnSsuvw+-]]
	ktrace [-adis] [-f trfile] [-t [AaceilmnSsuvw+-]] command
"""


def main(argv: list[str]) -> int:
    """Run the command; return the traced program's exit status.

    No process outlives its kernel, so there is nothing for -C, -c, -g and -p to find.
    """
    try:
        flags, command = getopt.getopt(argv, "aCcdf:g:ip:nst:v:")
    except getopt.GetoptError as exc:
        sys.stderr.write(f"ktrace: {exc.msg}\n{USAGE}")
        return 1
    given = dict(flags)
    points = [value for flag, value in flags if flag == "-t"]
    if not command or given.keys() & {"-C", "-c", "-g", "-p"}:
        if given.keys() & {"-g", "-p"} and not command:
            return fail("ktrace", f"pid {given.get('-p') or given.get('-g')}: No such process")
        sys.stderr.write(USAGE)
        return 1
    try:
        for text in points:
            getpoints(0, text)
        version = _version(given.get("-v", "2"))
    except ValueError as exc:
        sys.stderr.write(f"ktrace: {exc}\n{USAGE}")
        return 1
    mode = "ab" if "-a" in given else "wb"
    name = given.get("-f", "ktrace.out")
    try:
        console = HostConsole()
        with _open(name, mode) as sink, api.boot(console=console) as k:
            attend(k, console)
            process = k.process(name="ktrace")
            k.kernel.foreground = process.proc.p_pgrp.pg_id
            k.ktrace(process, sink, "".join(points) or "+", version, inherit="-i" in given)
            k.start(process, program(command[0]), command[1:])
            process.finish()
            return api.Result(process.status, b"", b"", b"").status
    except OSError as exc:
        return fail("ktrace", told(exc, name))
    except KernelError as exc:
        return fail("ktrace", f"{name}: {exc.errno.text}")
    except (api.Deadlock, api.Panic) as exc:
        return fail("ktrace", exc, 70)
    except api.Stopped as exc:
        return SIGNALLED + exc.signo
    except api.Reboot:
        return 0


def _version(text: str) -> int:
    """Read the version of the records.

    Raises:
        ValueError: it is no number.
    """
    if not text.isdecimal():
        raise ValueError(f"{text}: no version of a trace")
    return int(text)


def _open(name: str, mode: str) -> BinaryIO:
    """Open the trace file, or standard output for "-"."""
    return cast("BinaryIO", open(1 if name == "-" else name, mode))


def program(command: str) -> Path | bytes:
    """A Python program of the host's, or a command of the emulated /bin."""
    path = Path(command)
    if path.is_file():
        return path
    if "/" in command:
        return command.encode()
    installed = {entry.path for entry in distribution()}
    paths = (f"{place}/{command}".encode() for place in ("/bin", "/usr/bin", "/sbin"))
    return next((path for path in paths if path in installed), command.encode())
