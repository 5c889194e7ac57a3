# SPDX-License-Identifier: BSD-2-Clause
"""`run`: a program of the host's, on a kernel of its own."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from kernel import api
from kernel.cli.console import HostConsole, LineConsole
from kernel.cli.ending import SIGNALLED, fail, told
from kernel.cli.options import BadOption, Options, add_boot_options, boot
from kernel.kern.init_main import boot_symlink
from kernel.sys.errno import KernelError
from kernel.sys.ioccom import TIOCSCTTY
from kernel.sys.module import autoload

if TYPE_CHECKING:
    import argparse

    from kernel.cli import formatter
else:
    argparse = autoload("argparse")
    formatter = autoload("kernel.cli.formatter")

PYTHON: Final = b"/usr/bin/python3"

_REMAINDER: Final = "..."  # argparse's
_BESIDE: Final = b"/mnt/program"
_LINE: Final = 512  # bytes of a first line
_HISTORY: Final = "~/.sysent_python_history"


def parser() -> "argparse.ArgumentParser":
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        formatter_class=formatter.Help,
        prog="python -m kernel run",
        usage="%(prog)s [option ...] [-c code | -m module | program | -] [arg ...]",
        description="Boot a kernel, run a Python program on it, and exit as it exits. "
        "Without a program: Python's prompt, or the program that stdin is.",
        epilog="What is beside the program (with -c and -m: in the current directory) can be read "
        "and imported: it is linked into the home directory, where the program runs. The host's "
        "files cannot be changed, and new ones are gone with the kernel; "
        "to keep some use --mount. ^C interrupts the program, ^\\ ends it, whatever it does.",
        allow_abbrev=False,  # the program's own options may begin like ours
    )
    add_options(parser)
    return parser


def add_options(parser: "argparse.ArgumentParser | Options") -> None:
    """Give parser the command's options."""
    add_boot_options(parser)
    add_trace_options(parser)
    group = parser.add_argument_group("the program")
    group.add_argument(
        "--alone", action="store_true", help="do not show what is beside the program"
    )
    group.add_argument("-c", dest="command", nargs=_REMAINDER, metavar="CODE", help="run this text")
    group.add_argument(
        "-m", dest="module", nargs=_REMAINDER, metavar="MODULE", help="run this module"
    )
    group.add_argument(
        "program",
        nargs="?",
        help="a Python program, a directory or archive with a __main__.py, a script of the shell's",
    )
    group.add_argument("args", nargs=_REMAINDER, help="its arguments")


def add_trace_options(parser: "argparse.ArgumentParser | Options") -> None:
    """Give parser the options about the trace."""
    group = parser.add_argument_group("the trace")
    group.add_argument("--ktrace", metavar="FILE", help="write a trace of it and its children")
    group.add_argument("--points", default="+", metavar="LETTERS", help="as ktrace(1)'s -t [+]")
    group.add_argument(
        "--ktrace-version", type=int, choices=(0, 1, 2), default=2, help="of the records [2]"
    )


def read(argv: list[str]) -> Options:
    """Read the command line; most have a program, and no options of ours before it."""
    if not argv or argv[0].startswith("-") or "--" in argv:
        return parser().parse_args(argv, Options())
    options = Options(program=argv[0], args=argv[1:])
    add_options(options)
    return options


def main(argv: list[str]) -> int:
    """Run the command; return the exit status."""
    options = read(argv)
    here = None if options.alone else "."
    for letter, words in (("-c", options.command), ("-m", options.module)):
        if words == []:
            return fail("run", f"argument expected for the {letter} option", 2)
        if words:
            return launch("run", options, HostConsole(), PYTHON, [letter, *words], here)
    if options.program in (None, "-"):
        typed = options.program is None and sys.stdin.isatty()
        console = LineConsole(_HISTORY) if typed else HostConsole()
        words = [] if options.program is None else ["-", *options.args]
        return launch("run", options, console, PYTHON, words, here)
    program = options.program
    if not os.path.exists(program):
        return fail("run", f"{program}: No such file or directory", 127)
    if os.path.isdir(program) and not os.path.isfile(f"{program}/__main__.py"):
        return fail("run", f"{program}: Is a directory", 127)
    directory, name = os.path.split(os.path.abspath(program))
    if os.path.isfile(program) and (program.endswith(".py") or _is_script(program)):
        beside = None if options.alone else directory
        return launch("run", options, HostConsole(), program, options.args, beside)
    return launch("run", options, HostConsole(), PYTHON, [name, *options.args], directory)


def _is_script(program: str) -> bool:
    """Return whether a file's first line names an interpreter other than Python's."""
    try:
        with open(program, "rb") as file:
            line = file.readline(_LINE)
    except OSError:
        return False  # told when it is read to be run
    return line.startswith(b"#!") and b"python" not in line


def launch(
    command: str,
    options: Options,
    console: HostConsole,
    program: str | bytes,
    args: list[str],
    beside: str | None = None,
) -> int:
    """Boot, run program to its end, and return its exit code, 128 + the signal if killed.

    Args:
        command: who speaks if something is wrong.
        options: of the command line.
        console: the terminal.
        program: of the host's, or inside.
        args: its arguments.
        beside: a directory of the host whose files it is to find in its home.
    """
    try:
        with _open_trace(command, options.ktrace) as sink, boot(options, console) as system:
            return _run(system, options, program, args, sink, beside)
    except OSError as exc:
        return fail(command, told(exc), 126)
    except KernelError as exc:
        return fail(command, f"boot: {exc.errno.text}")
    except BadOption as exc:
        return fail(command, exc, 2)
    except (api.Deadlock, api.Panic) as exc:
        return fail(command, f"{type(exc).__name__.lower()}: {exc}", 70)
    except api.Stopped as exc:
        return SIGNALLED + exc.signo
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
    options: Options,
    program: str | bytes,
    args: list[str],
    sink: BinaryIO | None,
    beside: str | None,
) -> int:
    process = system.process(options.user, name="host" if sink is None else "ktrace")
    system.kernel.foreground = process.proc.p_pgrp.pg_id
    if system.console.isatty(0):  # as if logged in on the console: job control wants that
        process.ioctl(0, TIOCSCTTY)
    if sink is not None:
        try:
            system.ktrace(process, sink, options.points, options.ktrace_version)
        except ValueError as exc:
            raise BadOption(f"unknown facility in {exc}") from None
    system.mount_zones()
    system.start(process, program, args, dict(options.env))
    if beside is not None:
        _link(system, beside, options.user)
    try:
        process.finish()
    except api.Reboot:
        _say(system.dmesg())
        raise
    _say(system.dmesg())
    return api.Result(process.status, b"", b"", b"").status


def _link(system: api.System, directory: str, uid: int) -> None:
    """Show directory at _BESIDE, and link what is in it into uid's home, but for hidden files."""
    _, home, _ = api.HOMES.get(uid, ("", "/", 0))
    system.mount(directory, _BESIDE, readonly=True)
    for name in sorted(os.listdir(directory)):
        if not name.startswith("."):
            path = os.fsencode(f"{home}/{name}")
            boot_symlink(system.kernel, path, _BESIDE + b"/" + os.fsencode(name))


def _say(lines: list[str]) -> None:
    for line in lines:
        sys.stderr.write(f"{line}\n")
