# SPDX-License-Identifier: BSD-2-Clause
"""`grade`: what students have handed in, by a lab's tests."""

import argparse
import os
import sys
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Final

from kernel.cli.ending import INTERRUPTED, fail, reader_left, told
from kernel.grade.check import check_lab
from kernel.grade.formats import FORMATS, Format
from kernel.grade.handout import hand_out
from kernel.grade.lab import BadLab, Lab, bundled, find_lab, load_lab
from kernel.grade.outcome import Graded
from kernel.grade.pool import Pool
from kernel.grade.submission import read_all

_FAILED: Final = 1
_TROUBLE: Final = 2


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="python -m kernel grade",
        description="Grade submissions: each test on a fresh system, in a host process that ends.",
        epilog="Exit status: 0, all has passed, or, for another grader's format, was graded; "
        "1, a test has failed; 2, the lab is not in order, or something cannot be read or written.",
    )
    parser.add_argument(
        "--format", choices=FORMATS, metavar="NAME", action="append", default=[], dest="formats",
        help=f"{', '.join(FORMATS)} [report; of several submissions: table]; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "-o", type=Path, metavar="FILE", action="append", default=[], dest="outputs",
        help="write there, the first format to the first FILE and so on, what is left to stdout;"
        " of several submissions, for the formats of one: a folder",
    )  # fmt: skip
    parser.add_argument(
        "-j", dest="jobs", type=int, default=os.cpu_count() or 1, metavar="N",
        help="so many tests at once [one for each processor]",
    )  # fmt: skip
    parser.add_argument("--traces", type=Path, metavar="DIR", help="keep the traces of what failed")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--check", action="store_true",
        help="grade the lab's own solution, starter and wrong solutions, and say what is amiss",
    )  # fmt: skip
    instead.add_argument(
        "--handout", type=Path, metavar="DIR",
        help="write what students begin with: the lab's text, and its starter",
    )  # fmt: skip
    parser.add_argument(
        "lab", nargs="?", help="a lab's folder, or the number or name of one of ours"
    )
    parser.add_argument(
        "submissions", nargs="*", type=Path, metavar="submission",
        help="a student's file or folder [the current directory]",
    )  # fmt: skip
    return parser


def main(argv: list[str]) -> int:
    """Run the command; return the exit status."""
    grammar = parser()
    options = grammar.parse_intermixed_args(argv)
    if len(options.outputs) > max(len(options.formats), 1):
        grammar.error("there are more -o than --format")
    if options.submissions and (options.check or options.handout):
        grammar.error("with --check and --handout no submission is graded")
    if options.lab is None:
        return _list()
    try:
        lab = load_lab(find_lab(options.lab))
        if options.check:
            return _check(lab, options.jobs)
        if options.handout is not None:
            return _hand_out(lab, options.handout)
        submissions = read_all(options.submissions or [Path()], lab.files)
    except BadLab as exc:
        return fail("grade", exc, _TROUBLE)
    except OSError as exc:
        return fail("grade", told(exc), _TROUBLE)
    names = options.formats or ["report" if len(submissions) == 1 else "table"]
    if len(submissions) > 1:
        for name in names[len(options.outputs) :]:
            if FORMATS[name].alone:
                grammar.error(f"{name} is of one submission: with several it needs -o FOLDER")
    pool = Pool(lab, submissions, max(options.jobs, 1), options.traces)
    try:
        graded = pool.grade(_progress(len(submissions) * len(lab.tests)))
    except KeyboardInterrupt:
        return INTERRUPTED
    formats = [FORMATS[name] for name in names]
    try:
        for one, output in zip_longest(formats, options.outputs):
            _write(one, graded, output)
    except BrokenPipeError:
        return reader_left()
    except OSError as exc:
        return fail("grade", told(exc), _TROUBLE)
    judged = any(one.judges for one in formats)
    return _FAILED if judged and not all(each.passed for each in graded) else 0


def _list() -> int:
    """Print the labs that there are."""
    for folder in bundled():
        number, _, name = folder.name.partition("-")
        try:
            title = load_lab(folder).title
        except BadLab as exc:
            return fail("grade", exc, _TROUBLE)
        sys.stdout.write(f"{int(number):3}  {name:20} {title}\n")
    return 0


def _check(lab: Lab, jobs: int) -> int:
    """Say what a lab's own submissions show to be amiss.

    Raises:
        OSError: one cannot be read.
    """
    amiss = check_lab(lab, jobs)
    for line in amiss:
        sys.stdout.write(f"{line}\n")
    if not amiss:
        sys.stdout.write(
            f"{lab.title}: {len(lab.tests)} tests, {lab.points} points,"
            f" {len(lab.wrong)} wrong solutions told apart\n"
        )
    return _FAILED if amiss else 0


def _hand_out(lab: Lab, folder: Path) -> int:
    """Write what students begin with, and say what that is.

    Raises:
        OSError, BadLab: as of hand_out.
    """
    for path in hand_out(lab, folder):
        sys.stdout.write(f"{path}\n")
    return 0


def _write(one: Format, graded: list[Graded], output: Path | None) -> None:
    """Write what was graded: to stdout, a file, or a file for each in a folder.

    Raises:
        OSError: it cannot be written.
    """
    if output is None:
        sys.stdout.write(one.write(graded, os.environ))
        sys.stdout.flush()
    elif one.many or (len(graded) == 1 and not output.is_dir()):
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(one.write(graded, os.environ), encoding="utf-8")
    else:
        output.mkdir(parents=True, exist_ok=True)
        for each in graded:
            path = output / f"{each.student}{one.suffix}"
            path.write_text(one.write([each], os.environ), encoding="utf-8")


def _progress(total: int) -> Callable[[int], None]:
    """Return what shows on a terminal's stderr how far the grading is."""
    if not sys.stderr.isatty():
        return lambda _done: None

    def show(done: int) -> None:
        end = "\r\033[K" if done == total else ""
        sys.stderr.write(f"\r{done} of {total} tests{end}")
        sys.stderr.flush()

    return show
