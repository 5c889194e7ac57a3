# SPDX-License-Identifier: BSD-2-Clause
"""`run`: a program of the host's, on a kernel of its own."""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kernel import api
from kernel.cli.console import HostConsole
from kernel.cli.options import add_boot_options, boot, fail
from kernel.sys.errno import KernelError
from kernel.sys.ioccom import TIOCSCTTY
from kernel.sys.kernel import ConsoleDevice


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="python -m kernel run",
        description="Boot a kernel, run a Python program on it, and exit as it exits.",
    )
    add_boot_options(parser)
    add_trace_options(parser)
    parser.add_argument("program", help="a Python program")
    parser.add_argument("args", nargs=argparse.REMAINDER, help="its arguments")
    return parser


def add_trace_options(parser: argparse.ArgumentParser) -> None:
    """Give parser the options about the trace."""
    group = parser.add_argument_group("the trace")
    group.add_argument("--ktrace", metavar="FILE", help="write a trace of it and its children")
    group.add_argument("--points", default="+", metavar="LETTERS", help="as ktrace(1)'s -t [+]")
    group.add_argument(
        "--ktrace-version", type=int, choices=(0, 1, 2), default=2, help="of the records [2]"
    )


def main(argv: list[str]) -> int:
    """Run the command; return the exit status."""
    options = parser().parse_args(argv)
    program = Path(options.program)
    if not program.is_file():
        reason = "Is a directory" if program.is_dir() else "No such file or directory"
        return fail("run", f"{program}: {reason}", 127)
    return launch("run", options, HostConsole(), program, options.args)


def launch(
    command: str,
    options: argparse.Namespace,
    console: ConsoleDevice,
    program: Path | bytes,
    args: list[str],
) -> int:
    """Boot, run program to its end, and return its exit code, 128 + the signal if killed."""
    try:
        with _open_trace(command, options.ktrace) as sink, boot(options, console) as system:
            return _run(system, options, program, args, sink)
    except OSError as exc:
        return fail(command, f"{exc.filename or exc.strerror}: {exc.strerror}", 126)
    except KernelError as exc:
        return fail(command, f"boot: {exc.errno.text}")
    except ValueError as exc:
        return fail(command, f"unknown facility in {exc}", 2)
    except (api.Deadlock, api.Panic) as exc:
        return fail(command, f"{type(exc).__name__.lower()}: {exc}", 70)
    except api.Reboot:
        return 0  # the kernel's last message says which kind of end it was


@contextlib.contextmanager
def _open_trace(command: str, path: str | None) -> Iterator[BinaryIO | None]:
    """Open the trace file; what cannot be written at its end is said, the program's status stays.

    Raises:
        OSError: it cannot be opened.
    """
    if path is None:
        yield None
        return
    sink = open(path, "wb")  # noqa: SIM115 - closed below, its errors told
    try:
        yield sink
    finally:
        try:
            sink.close()
        except OSError as exc:
            fail(command, f"{path}: {exc.strerror}; the trace is not whole")


def _run(
    system: api.System,
    options: argparse.Namespace,
    program: Path | bytes,
    args: list[str],
    sink: BinaryIO | None,
) -> int:
    process = system.process(options.user, name="host" if sink is None else "ktrace")
    system.kernel.foreground = process.proc.p_pgrp.pg_id
    if system.console.isatty(0):  # as if logged in on the console: job control wants that
        process.ioctl(0, TIOCSCTTY)
    if sink is not None:
        system.ktrace(process, sink, options.points, options.ktrace_version)
    system.start(process, program, args, dict(options.env))
    try:
        process.finish()
    except api.Reboot:
        _say(system.dmesg())
        raise
    _say(system.dmesg())
    return api.Result(process.status, b"", b"", b"").status


def _say(lines: list[str]) -> None:
    for line in lines:
        sys.stderr.write(f"{line}\n")
