# SPDX-License-Identifier: BSD-2-Clause
"""`report`: a trace as a page of HTML to look around in."""

import argparse
import sys
from pathlib import Path

from kernel.cli.ending import INTERRUPTED, fail
from kernel.cli.numbers import count
from kernel.cli.progress import reading
from userland.libktrace.report.collect import DATA, collect
from userland.libktrace.report.page import page


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="python -m kernel report",
        description="Write a trace, ours or a NetBSD's, as one page of HTML that any browser shows"
        " without a network: processes, a timeline, errors, calls with arguments and data.",
    )
    parser.add_argument("-o", dest="output", metavar="FILE", default="report.html",
                        help="the page; - is the standard output [report.html]")  # fmt: skip
    parser.add_argument("-m", dest="data", type=count, default=DATA, metavar="BYTES",
                        help=f"of the data of a transfer that are kept [{DATA}]")  # fmt: skip
    parser.add_argument("file", nargs="?", default="ktrace.out",
                        help="the trace; - is the standard input")  # fmt: skip
    return parser


def main(argv: list[str]) -> int:
    """Run the command; return the exit status: 1 if the trace is torn or cannot be read."""
    options = parser().parse_args(argv)
    try:
        data = collect(reading(options.file, shown=True), options.data)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as exc:
        return fail("report", f"{options.file}: {exc.strerror}")
    text = page(data, options.file)
    try:
        if options.output == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            Path(options.output).write_text(text, encoding="utf-8")
    except OSError as exc:
        return fail("report", f"{options.output}: {exc.strerror}")
    if data["torn"]:
        return fail("report", f"{options.file}: {data['torn']}; the page ends there")
    return 0
