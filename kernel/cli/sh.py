# SPDX-License-Identifier: BSD-2-Clause
"""`sh`: the emulated shell, interactive or not."""

import argparse
import sys

from kernel.cli.console import JOB_CONTROL, HostConsole, LineConsole
from kernel.cli.formatter import Help
from kernel.cli.options import Options, add_boot_options
from kernel.cli.run import add_trace_options, launch

_HISTORY = "~/.sysent_history"


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        formatter_class=Help,
        prog="python -m kernel sh",
        description="Boot a kernel and run its shell: a prompt, `-c COMMAND`, or a script inside.",
    )
    add_boot_options(parser)
    add_trace_options(parser)
    parser.add_argument("args", nargs=argparse.REMAINDER, help="for sh(1)")
    return parser


def main(argv: list[str]) -> int:
    """Run the command; return the shell's exit status."""
    options, flags = parser().parse_known_args(argv, Options())
    options.args = [*flags, *options.args]
    interactive = not options.args and sys.stdin.isatty()
    console = LineConsole(_HISTORY, JOB_CONTROL) if interactive else HostConsole()
    args = ["-i"] if interactive else options.args
    return launch("sh", options, console, b"/bin/sh", args)
