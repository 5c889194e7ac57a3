# SPDX-License-Identifier: BSD-2-Clause
"""What graders of courses read: one writer each.

What a student sees of a hidden test is that there is one and whether it passed; only Gradescope,
which has hidden tests itself, gets all of it.
"""

import base64
import csv
import html
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from kernel.grade.outcome import Graded, Outcome
from kernel.grade.report import markdown, report, table

_EXERCISM: Final = 500  # characters of an output
_PRAIRIELEARN: Final = 80_000  # characters of all tests' messages; six bytes each at worst, twice


class Format(NamedTuple):
    """One format.

    Attributes:
        write: makes the text.
        many: it is made of all submissions together, else of each.
        alone: a file holds one and nothing after it.
        suffix: of its files.
        judges: whether the command's status says that a test failed; for the others grading
            has succeeded then, too.
    """

    write: Callable[[list[Graded], Mapping[str, str]], str]
    many: bool
    suffix: str
    judges: bool
    alone: bool = False


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


def _gradescope(graded: Graded, _env: Mapping[str, str]) -> str:
    """results.json of https://gradescope-autograders.readthedocs.io/en/latest/specs/."""
    return _json(
        {
            "score": graded.points,
            "execution_time": round(graded.cpu_seconds, 3),
            "output": graded.note,
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "extra_data": {"lab": graded.lab, "student": graded.student},
            "tests": [
                {
                    "score": one.points,
                    "max_score": one.max_points,
                    "status": "passed" if one.passed else "failed",
                    "name": one.title,
                    "name_format": "text",
                    "number": str(one.number),
                    "output": one.message(staff=one.hidden),
                    "output_format": "text",
                    "tags": [],
                    "visibility": "hidden" if one.hidden else "visible",
                    "extra_data": {"calls": one.calls, "virtual_seconds": one.seconds},
                }
                for one in graded.outcomes
            ],
        }
    )


def _classroom50(graded: Graded, env: Mapping[str, str]) -> str:
    """result.json of CS50's Classroom 50, schema classroom50/result/v1.

    https://github.com/foundation50/classroom50/wiki/Advanced-Autograding; its runner puts in
    owner and assignment_type itself.  Its release-body.md is any Markdown: see markdown.
    """
    commit = env.get("COMMIT_URL", "")
    return _json(
        {
            "schema": "classroom50/result/v1",
            "classroom": env.get("CLASSROOM", ""),
            "assignment": env.get("ASSIGNMENT", graded.lab),
            "assignment_type": env.get("ASSIGNMENT_TYPE", "individual"),
            "owner": env.get("OWNER") or env.get("USERNAME") or graded.student,
            "submission": env.get("SUBMISSION_TAG", ""),
            "commit": commit,
            "release": env.get("RELEASE_URL", ""),
            "review": env.get("REVIEW_URL") or commit,
            "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "score": graded.points,
            "max-score": graded.max_points,
            "tests": [
                {
                    "test-name": one.label(),
                    "passed": one.passed,
                    "score": one.points,
                    "max-score": one.max_points,
                }
                for one in graded.outcomes
            ],
        }
    )


def _github(graded: Graded, _env: Mapping[str, str]) -> str:
    """<RUNNER>_RESULTS of GitHub Classroom's autograding-grading-reporter: base64 of JSON."""
    value = {
        "version": 1,
        "status": "pass" if graded.passed else "fail",
        "max_score": graded.max_points,
        "tests": [
            {
                "name": one.label(),
                "status": "pass" if one.passed else "fail",
                "score": one.points,
                "line_no": 0,
                "test_code": one.name if not one.hidden else "",
                "message": one.message(),
            }
            for one in graded.outcomes
        ],
    }
    return base64.b64encode(json.dumps(value).encode()).decode() + "\n"


def _exercism(graded: Graded, _env: Mapping[str, str]) -> str:
    """results.json of an exercism test runner, version 3."""
    return _json(
        {
            "version": 3,
            "status": "pass" if graded.passed else "fail",
            "message": graded.note or None,
            "tests": [
                {
                    "name": one.label(),
                    "status": "pass" if one.passed else "fail",
                    "message": one.message() or None,
                    "output": "" if one.hidden else one.output[:_EXERCISM],
                    "test_code": one.name if not one.hidden else "",
                    "task_id": one.number,
                }
                for one in graded.outcomes
            ],
        }
    )


def _prairielearn(graded: Graded, _env: Mapping[str, str]) -> str:
    """results.json of PrairieLearn's external graders; at most 1 MB."""
    longest = _PRAIRIELEARN // max(len(graded.outcomes), 1)
    return _json(
        {
            "gradable": True,
            "score": graded.points / graded.max_points if graded.max_points else 0,
            "message": f"{graded.points} of {graded.max_points} points",
            "output": graded.note,
            "images": [],
            "tests": [
                {
                    "name": one.label(),
                    "description": told.get("hint", ""),
                    "points": one.points,
                    "max_points": one.max_points,
                    "message": told.get("what", "")[:longest],
                    "output": one.message()[:longest],
                    "images": [],
                }
                for one in graded.outcomes
                for told in [dict(one.parts())]
            ],
        }
    )


def _coderunner(graded: Graded, _env: Mapping[str, str]) -> str:
    """What a combinator template grader of Moodle's CodeRunner prints."""
    rows: list[list[Any]] = [["iscorrect", "Test", "Points", "Message", "ishidden"]]
    rows += [
        [int(one.passed), one.label(), f"{one.points}/{one.max_points}", one.message(), one.hidden]
        for one in graded.outcomes
    ]
    note = f"<p>{html.escape(graded.note)}</p>" if graded.note else ""
    return _json(
        {
            "fraction": graded.points / graded.max_points if graded.max_points else 0,
            "prologuehtml": note,
            "testresults": rows,
            "columnformats": ["%s", "%s", "%s"],
            "epiloguehtml": f"<p>{graded.points} of {graded.max_points} points</p>",
        }
    )


def _junit(all_graded: list[Graded], _env: Mapping[str, str]) -> str:
    """JUnit XML as pytest writes it: one suite for each submission."""
    root = ET.Element("testsuites")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for graded in all_graded:
        suite = ET.SubElement(
            root, "testsuite", name=graded.student, tests=str(len(graded.outcomes)),
            failures=str(sum(not one.passed for one in graded.outcomes)), errors="0", skipped="0",
            time=f"{graded.cpu_seconds:.3f}", timestamp=now,
            hostname="sysent",
        )  # fmt: skip
        for one in graded.outcomes:
            case = ET.SubElement(
                suite, "testcase", classname=f"{graded.lab}.{graded.student}", name=one.label(),
                time=f"{one.cpu_seconds:.3f}",
            )  # fmt: skip
            if not one.passed:
                failure = ET.SubElement(case, "failure", message=_line(one), type="AssertionError")
                failure.text = one.message()
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _line(one: Outcome) -> str:
    parts = dict(one.parts())
    return parts.get("what", "failed").partition("\n")[0]


def _csv(all_graded: list[Graded], _env: Mapping[str, str]) -> str:
    """A row for each student: what each test gave, then the sum, and the host's seconds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, graded in enumerate(all_graded):
        if number == 0:
            names = [one.name for one in graded.outcomes]
            writer.writerow(["student", *names, "score", "max_score", "cpu_seconds", "note"])
        points = [one.points for one in graded.outcomes]
        student = graded.student
        if student.startswith(("=", "+", "-", "@")):  # a spreadsheet would compute it
            student = f"'{student}"
        seconds = round(graded.cpu_seconds, 3)
        writer.writerow([student, *points, graded.points, graded.max_points, seconds, graded.note])
    return out.getvalue()


def _each(
    write: Callable[[Graded, Mapping[str, str]], str],
) -> Callable[[list[Graded], Mapping[str, str]], str]:
    return lambda graded, env: "".join(write(one, env) for one in graded)


FORMATS: Final = {
    "report": Format(lambda g, _: report(g), True, ".txt", True),
    "staff": Format(lambda g, _: report(g, staff=True), True, ".txt", True),
    "table": Format(lambda g, _: table(g), True, ".txt", True),
    "markdown": Format(_each(lambda one, _: markdown(one)), False, ".md", False),
    "csv": Format(_csv, True, ".csv", False),
    "junit": Format(_junit, True, ".xml", True),
    "gradescope": Format(_each(_gradescope), False, ".json", False, True),
    "classroom50": Format(_each(_classroom50), False, ".json", False, True),
    "github": Format(_each(_github), False, ".txt", False, True),
    "prairielearn": Format(_each(_prairielearn), False, ".json", False, True),
    "coderunner": Format(_each(_coderunner), False, ".json", False, True),
    "exercism": Format(_each(_exercism), False, ".json", False, True),
}
