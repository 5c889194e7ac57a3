# SPDX-License-Identifier: BSD-2-Clause
"""The host command: python -m kernel COMMAND ..."""

import atexit
import gc
import os
import sys
from collections.abc import Callable
from importlib import import_module

from kernel.cli.ending import INTERRUPTED, closed_output, is_unwritten, unwritten

COMMANDS = {
    "run": "boot a kernel and run a Python program on it",
    "sh": "boot a kernel and run its shell",
    "ktrace": "run a command traced, with the flags of ktrace(1)",
    "kdump": "print a trace, with the flags of kdump(1)",
    "ktruss": "print the calls of a command or a trace, with the flags of ktruss(1)",
    "trace": "print a trace as calls, chosen and counted as strace does",
    "report": "write a trace as a page to look around in",
    "diff": "say where two traces differ, by process and call",
    "grade": "grade what students have handed in, by a lab's tests",
    "syscalls": "print the system call table",
}
OURS = ("kernel", "native", "userland")
BOOTING = ("run", "sh", "ktrace", "ktruss", "grade")


def usage() -> str:
    """Return the help text."""
    lines = [f"  {name:10}{text}" for name, text in COMMANDS.items()]
    return "usage: python -m kernel COMMAND ... | --version | --help\n\n" + "\n".join(lines) + "\n"


def describe() -> str:
    """Return the version, and which helper is at work."""
    from importlib.metadata import PackageNotFoundError, version

    from native import genio

    try:
        number = version("sysent")
    except PackageNotFoundError:
        number = "(not installed)"
    return (
        f"sysent {number}, Python {sys.version.split()[0]}, native helper: {genio.implementation}\n"
    )


def settle_hashes() -> None:
    """Start the interpreter anew with the hashes of strings fixed, unless the caller has done so.

    The order of a program's sets follows them, and one program has one trace.  The second
    start finds sys.path made, and need not look through site-packages for it once more.
    """
    if os.environ.get("PYTHONHASHSEED", "random") == "random":
        os.environ["PYTHONHASHSEED"] = "0"
        flags = []
        if not sys.flags.ignore_environment:
            home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
            os.environ["PYTHONPATH"] = os.pathsep.join([home, *sys.path[1:]])
            flags = ["-S"]
        os.execv(sys.executable, [sys.executable, *flags, *sys.orig_argv[1:]])


def leave(status: int) -> int:
    """End the interpreter at once: the host takes its memory back whole, not object by object."""
    try:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return status  # the interpreter says what could not be written
    os._exit(status)


def main(argv: list[str] | None = None) -> int:
    """Run a command; return its exit status.  Of the host's own command line, if argv is None."""
    if argv is None:
        closed_output()
        try:
            status = _main(sys.argv[1:], direct=True)
            sys.stdout.flush()
            return leave(status)
        except OSError as exc:
            if not is_unwritten(exc):
                raise
            return leave(unwritten(sys.argv[1], exc))
        except KeyboardInterrupt:  # before there is a program, or after it
            return leave(INTERRUPTED)
    return _main(argv, direct=False)


def _load(command: str) -> Callable[[list[str]], int]:
    """Import a command, with all that it needs: most of what is made now stays to the end."""
    gc.disable()
    try:
        from kernel.cli.startup import Startup

        start = Startup(command)
        main = import_module(f"kernel.cli.{command}").main
    finally:
        gc.freeze()
        gc.enable()
    start.loaded()
    if command in BOOTING:  # the host comes to its end with what programs have made
        import_module("kernel.arch.python.collector").collector_enter()

    def run(argv: list[str]) -> int:
        status = int(main(argv))
        start.keep()
        return status

    return run


def _missing(exc: ImportError) -> str:
    """Say what this interpreter needs to import us; raise what is a fault of ours."""
    from native import StaleHelper

    if isinstance(exc, StaleHelper):
        return str(exc)
    if exc.name is None or exc.name.partition(".")[0] in OURS:
        raise exc
    return (
        f"{sys.executable} has no module {exc.name}: `make native` sets up one that has, in .venv;"
        " `. .venv/bin/activate` makes it python"
    )


def _main(argv: list[str], direct: bool) -> int:
    if argv[:1] in (["--help"], ["-h"], ["help"]):
        sys.stdout.write(usage())
        return 0
    version = argv[:1] == ["--version"]
    if not version and (not argv or argv[0] not in COMMANDS):
        from userland.libktrace.spelling import did_you_mean

        near = f"kernel: no command {argv[0]!r}{did_you_mean(argv[0], COMMANDS)}\n" if argv else ""
        sys.stderr.write(near + usage())
        return 2
    if direct and argv[0] in BOOTING:
        settle_hashes()
    try:
        if version:
            sys.stdout.write(describe())
            return 0
        command = _load(argv[0]) if direct else import_module(f"kernel.cli.{argv[0]}").main
    except ImportError as exc:
        sys.stderr.write(f"kernel: {_missing(exc)}\n")
        return 2
    return int(command(argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
