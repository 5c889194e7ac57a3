# SPDX-License-Identifier: BSD-2-Clause
"""Whether a lab does what it says: only its solution passes, wrong ones are told apart."""

from typing import Final

from kernel.grade.lab import Lab
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

    The folder of a wrong one has only what differs from the solution.

    Raises:
        OSError: one cannot be read.
    """
    solution, starter = (read_submission(lab.folder / name, lab.files) for name in _OWN)
    found = [solution, starter]
    for one in lab.wrong:
        path = lab.folder / "wrong" / one.name
        files = {**solution.files, **read_submission(path, []).files}
        found.append(Submission(f"wrong/{one.name}", path, files))
    return found
