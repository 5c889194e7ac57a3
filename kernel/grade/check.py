# SPDX-License-Identifier: BSD-2-Clause
"""Whether a lab does what it says: only its solution passes, wrong ones are told apart."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from kernel.grade.lab import BadLab, Lab
from kernel.grade.outcome import Graded
from kernel.grade.pool import Pool
from kernel.grade.submission import Submission, read_submission

_OWN: Final = ("solution", "starter")


def check_lab(lab: Lab, jobs: int) -> list[str]:
    """Grade a lab's own submissions; return what is amiss, a line each.

    Raises:
        OSError: one cannot be read.
    """
    submissions = own_submissions(lab)
    graded = {one.student: one for one in Pool(lab, submissions, jobs, None).grade()}
    amiss = []
    if not graded["solution"].passed:
        amiss.append(f"the solution fails {', '.join(failures(graded['solution']))}")
    if graded["starter"].passed:
        amiss.append("the starter passes")
    for one in lab.wrong:
        did = graded[f"wrong/{one.name}"]
        if failures(did) != one.fails:
            found, wanted = (", ".join(names) or "nothing" for names in (failures(did), one.fails))
            amiss.append(f"wrong/{one.name} fails {found}, not {wanted}")
        text = "\n".join(outcome.message() for outcome in did.outcomes)
        if one.says not in text:
            amiss.append(f"wrong/{one.name} is not told {one.says!r}")
    return amiss


def failures(graded: Graded) -> list[str]:
    """Return the names of the tests that failed, in their order."""
    return [outcome.name for outcome in graded.outcomes if not outcome.passed]


def own_submissions(lab: Lab) -> list[Submission]:
    """Return the solution, the starter and the wrong solutions.

    A wrong one stands as a diff against the solution.

    Raises:
        OSError: one cannot be read.
        BadLab: a diff does not fit the solution.
    """
    solution, starter = (read_submission(lab.folder / name, lab.files) for name in _OWN)
    found = [solution, starter]
    for one in lab.wrong:
        path = lab.folder / "wrong" / f"{one.name}.diff"
        try:
            files = patched(solution.files, path.read_text(encoding="utf-8"))
        except ValueError as exc:
            raise BadLab(f"{path}: {exc}") from exc
        found.append(Submission(f"wrong/{one.name}", path, files))
    return found


def patched(files: Mapping[str, bytes], diff: str) -> dict[str, bytes]:
    """Return files with a unified diff made in them: what it says is there has to be there.

    Raises:
        ValueError: it is not, or this is no such diff.
    """
    made = dict(files)
    sections = re.split(r"^--- .*\n\+\+\+ [^/\n]*/(.*)\n", diff, flags=re.MULTILINE)
    if sections[0] or len(sections) == 1:
        raise ValueError("this is no unified diff")
    for name, hunks in zip(sections[1::2], sections[2::2], strict=True):
        old = made.get(name, b"").decode().splitlines(keepends=True)
        made[name] = "".join(_patched_lines(old, hunks, name)).encode()
    return made


def _patched_lines(old: list[str], hunks: str, name: str) -> Iterator[str]:
    """Yield the lines of a file as its hunks make them."""
    done = 0  # lines of old that are through
    pieces = re.split(r"^@@ -(\d+)(?:,(\d+))? .*\n", hunks, flags=re.MULTILINE)
    for start, count, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        lines = body.splitlines(keepends=True)
        at = int(start) - (count != "0")  # of no lines: the one before them is named
        expected = [line[1:] for line in lines if line[0] in " -"]
        if at < done or old[at : at + len(expected)] != expected:
            raise ValueError(f"it does not fit {name}, line {start}")
        yield from old[done:at]
        yield from (line[1:] for line in lines if line[0] in " +")
        done = at + len(expected)
    yield from old[done:]
