# SPDX-License-Identifier: BSD-2-Clause
"""What other graders read has their fields, of their types, and says nothing of hidden tests."""

import base64
import csv
import io
import json
import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from kernel.grade.formats import FORMATS
from kernel.grade.outcome import Graded, Outcome

SECRET = "the-answer-is-42"
BINARY = "\x00\x1b[31m\ud800\ufffe garbage"
OUTCOMES = [
    Outcome("copies", "it copies", 1, 2, True, calls=7, seconds=0.5, cpu_seconds=0.25),
    Outcome(
        "long", "a long one", 2, 3, False, hint="ask <again>", reason="short", said="short",
        explained=f"expected 5\ngot 4 {BINARY}", actual="got 4", ran="prog.py a", output=BINARY,
    ),
    Outcome(
        "secret", "an empty one", 3, 1, False, hidden=True, hint=SECRET, reason=SECRET,
        said=SECRET, explained=SECRET, actual=SECRET, ran=SECRET, output=SECRET,
    ),
]  # fmt: skip
GRADED = Graded("Lab", "alice", "a note", OUTCOMES)
ENV = {
    "CLASSROOM": "os", "ASSIGNMENT": "lab2", "USERNAME": "al", "SUBMISSION_TAG": "v1",
    "COMMIT_URL": "c", "RELEASE_URL": "r", "REVIEW_URL": "w",
}  # fmt: skip
FORMAT_NAMES = ("text", "html", "simple_format", "md", "ansi")
VISIBILITY = ("hidden", "after_due_date", "after_published", "visible")
NUMBER = (int, float)


class Maybe(NamedTuple):
    """A field that may be null: of this kind if it is not."""

    kind: object


# Each field's type; a tuple of strings: one of these; a list of one: a list of such.
GRADESCOPE = {
    "score": NUMBER, "execution_time": NUMBER, "output": str, "output_format": FORMAT_NAMES,
    "test_output_format": FORMAT_NAMES, "test_name_format": FORMAT_NAMES, "visibility": VISIBILITY,
    "stdout_visibility": VISIBILITY, "extra_data": dict,
    "tests": [{
        "score": NUMBER, "max_score": NUMBER, "status": ("passed", "failed"), "name": str,
        "name_format": FORMAT_NAMES, "number": str, "output": str, "output_format": FORMAT_NAMES,
        "tags": [str], "visibility": VISIBILITY, "extra_data": dict,
    }],
}  # fmt: skip
CLASSROOM50 = {
    "schema": ("classroom50/result/v1",), "classroom": str, "assignment": str, "owner": str,
    "assignment_type": ("individual", "group", "team"),
    "submission": str, "commit": str, "release": str, "review": str, "datetime": str, "score": int,
    "max-score": int,
    "tests": [{"test-name": str, "passed": bool, "score": int, "max-score": int}],
}  # fmt: skip
GITHUB = {
    "version": int, "status": ("pass", "fail", "error"), "max_score": NUMBER,
    "tests": [{
        "name": str, "status": ("pass", "fail", "error"), "score": NUMBER, "line_no": int,
        "test_code": str, "message": str,
    }],
}  # fmt: skip
PRAIRIELEARN = {
    "gradable": bool, "score": NUMBER, "message": str, "output": str,
    "images": [{"label": str, "url": str}],
    "tests": [{
        "name": str, "description": str, "points": NUMBER, "max_points": NUMBER, "message": str,
        "output": str, "images": [{"label": str, "url": str}],
    }],
}  # fmt: skip
CODERUNNER = {
    "fraction": NUMBER, "prologuehtml": str, "testresults": [list], "columnformats": [str],
    "epiloguehtml": str,
}  # fmt: skip
EXERCISM = {
    "version": int, "status": ("pass", "fail", "error"), "message": Maybe(str),
    "tests": [{
        "name": str, "status": ("pass", "fail", "error"), "message": Maybe(str), "output": str,
        "test_code": str, "task_id": int,
    }],
}  # fmt: skip


def conforms(value, schema):
    """Whether a JSON value is as schema says, with no field that it does not have."""
    if isinstance(schema, Maybe):
        return value is None or conforms(value, schema.kind)
    if isinstance(schema, dict):
        return (
            isinstance(value, dict)
            and value.keys() == schema.keys()
            and all(conforms(value[key], schema[key]) for key in schema)
        )
    if isinstance(schema, list):
        return isinstance(value, list) and all(conforms(one, schema[0]) for one in value)
    if isinstance(schema, tuple) and isinstance(schema[0], str):
        return value in schema
    return isinstance(value, schema) and not (isinstance(value, bool) and schema is not bool)


def written(name, graded=(GRADED,)):
    return FORMATS[name].write(list(graded), ENV)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("gradescope", GRADESCOPE),
        ("classroom50", CLASSROOM50),
        ("prairielearn", PRAIRIELEARN),
        ("coderunner", CODERUNNER),
        ("exercism", EXERCISM),
    ],
)
def test_fields_of_json(name, schema):
    """All fields are there, of their types, and no other; the file is ASCII."""
    text = written(name)
    assert text.isascii()
    assert conforms(json.loads(text), schema)


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"gradescope", "staff", "csv", "table"}))
def test_hidden_tests_stay_hidden(name):
    """A student sees that there is one, and no word of it."""
    text = written(name)
    if name == "github":
        text = base64.b64decode(text).decode()
    assert SECRET not in text
    assert "an empty one" not in text
    assert "hidden test 3" in text


def test_gradescope():
    """The score is the sum; a hidden test is there for the staff, with its visibility."""
    value = json.loads(written("gradescope"))
    assert value["score"] == sum(one["score"] for one in value["tests"]) == 2
    assert [one["visibility"] for one in value["tests"]] == ["visible", "visible", "hidden"]
    assert SECRET in value["tests"][2]["output"]
    assert value["tests"][1]["output"].startswith("hint: ask <again>\nwhat: short\n")


def test_classroom50():
    """What the environment says of the submission, the time in UTC."""
    value = json.loads(written("classroom50"))
    assert (value["classroom"], value["owner"]) == ("os", "al")
    assert (value["commit"], value["review"]) == ("c", "w")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value["datetime"])
    assert (value["score"], value["max-score"]) == (2, 6)


def test_classroom50_without_a_history():
    """There is a review even where nothing is to be compared: the commit."""
    env = {**ENV, "REVIEW_URL": "", "OWNER": "group-1", "ASSIGNMENT_TYPE": "team"}
    value = json.loads(FORMATS["classroom50"].write([GRADED], env))
    assert (value["review"], value["owner"], value["assignment_type"]) == ("c", "group-1", "team")


def test_markdown():
    """A row each; words that Markdown would take for its own are escaped, output is in a fence that it cannot end."""
    output = "```\n# no heading\n````\n@all"
    one = Outcome(
        "x", "a | b", 1, 2, False, hint="read(2)'s <n> and O_CREAT", said="s", output=output
    )
    lines = written("markdown", [Graded("Lab", "al", "", [OUTCOMES[0], one])]).splitlines()
    assert lines[0] == "### Lab: 2 of 4 points"
    assert "| 1 | it copies | ok | 2/2 |" in lines
    assert "| 1 | a \\| b | FAIL | 0/2 |" in lines
    assert "read(2)'s \\<n\\> and O\\_CREAT" in lines
    begin, end = (number for number, line in enumerate(lines) if line.startswith("`````"))
    assert lines[begin : end + 1] == [
        "`````text", "what: s", "output:", *output.splitlines(), "`````"
    ]  # fmt: skip


def test_markdown_is_short_enough_for_a_release():
    """GitHub's limit holds whatever programs print."""
    long = Outcome("x", "x", 1, 1, False, said="y" * 10**6, output="\x01" * 10**6, ran="z" * 10**6)
    assert len(written("markdown", [Graded("Lab", "bob", "", [long] * 300)])) < 125_000


def test_github():
    """Base64 in one line; the points that count are the sum of the tests'."""
    text = written("github")
    assert re.fullmatch(r"[A-Za-z0-9+/=]+\n", text)
    value = json.loads(base64.b64decode(text))
    assert conforms(value, GITHUB)
    assert sum(one["score"] for one in value["tests"]) == 2
    assert value["max_score"] == 6


def test_prairielearn():
    """The score is a fraction; each test has both kinds of points; less than 1 MB, whatever is printed."""
    assert json.loads(written("prairielearn"))["score"] == 2 / 6
    long = Outcome("x", "x", 1, 1, False, said="y" * 10**6, output="\x01" * 10**6, ran="z" * 10**6)
    assert len(written("prairielearn", [Graded("Lab", "bob", "", [long] * 300)])) < 1 << 20


def test_coderunner():
    """The first row names the columns; there is a format for each but the special ones."""
    value = json.loads(written("coderunner"))
    head, *rows = value["testresults"]
    assert head[0] == "iscorrect"
    assert head[-1] == "ishidden"
    assert [len(row) for row in rows] == [len(head)] * 3
    special = ("iscorrect", "ishidden")
    assert len(value["columnformats"]) == sum(name not in special for name in head)
    assert [row[0] for row in rows] == [1, 0, 0]


JUNIT = {  # attributes that must be there, then those that may; then children
    "testsuites": ((), ("name", "time", "tests", "failures", "errors"), ("testsuite",)),
    "testsuite": (
        ("name", "tests", "failures", "errors", "time", "timestamp", "hostname"),
        ("skipped", "id", "package"),
        ("properties", "testcase", "system-out", "system-err"),
    ),
    "testcase": (
        ("name", "classname", "time"),
        ("file", "line", "assertions", "status"),
        ("skipped", "error", "failure", "system-out", "system-err"),
    ),
    "failure": (("type",), ("message",), ()),
}


def test_junit():
    """Elements and attributes are those of the schema that CI servers use; the counts are right."""
    root = ET.fromstring(written("junit", [GRADED, GRADED]))
    for element in root.iter():
        must, may, inside = JUNIT[element.tag]
        assert set(must) <= element.attrib.keys() <= {*must, *may}
        assert {child.tag for child in element} <= set(inside)
    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase")) == 3
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == 2
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
        assert float(suite.get("time")) == 0.25


def test_csv():
    """A row a student, which a spreadsheet does not take for a formula."""
    rows = list(
        csv.reader(io.StringIO(written("csv", [GRADED, Graded("L", "=1+1", "", OUTCOMES)])))
    )
    assert rows[0] == ["student", "copies", "long", "secret", "score", "max_score", "cpu_seconds", "note"]  # fmt: skip
    assert rows[1] == ["alice", "2", "0", "0", "2", "6", "0.25", "a note"]
    assert rows[2][0] == "'=1+1"


def test_table():
    """A line a student; then equal mistakes together, the most frequent first."""
    other = Graded("Lab", "bob", "", [OUTCOMES[0], OUTCOMES[1], OUTCOMES[2]])
    alone = Outcome("copies", "it copies", 1, 2, False, reason="nothing there")
    third = Graded("Lab", "carol", "", [alone, OUTCOMES[1], Outcome("s", "s", 3, 1, True)])
    lines = written("table", [GRADED, other, third]).splitlines()
    assert lines[1].split() == ["alice", "2", "-", "-", "2/6", "0.2", "s", "a", "note"]
    assert lines[3].split() == ["carol", "-", "-", "1", "1/6", "0.0", "s"]
    frequent = [line for line in lines if line.startswith("test ")]
    assert frequent == [
        "test 2, 3 of 3: short",
        f"test 3, 2 of 3: {SECRET}",
        "test 1, 1 of 3: nothing there",
    ]
    at = lines.index("test 2, 3 of 3: short")
    assert lines[at + 1 : at + 3] == ["     hint: ask <again>", "     alice, bob, carol"]
    assert "0.5 s in all" in written("table", [GRADED, other, third])


def test_one_mistake_of_several_tests_is_told_once():
    """Tests that fail for the same students by the same reason are one mistake, of which there is no one hint."""
    broken = [
        Outcome(f"t{n}", f"t{n}", n, 1, False, hint="a hint", reason="a syntax error")
        for n in (1, 2, 3, 5)
    ]
    graded = [
        Graded("Lab", name, "", [*broken[:3], Outcome("t4", "t4", 4, 1, True), broken[3]])
        for name in ("alice", "bob")
    ]
    text = written("table", graded)
    assert text.endswith("\n\ntests 1-3, 5, 2 of 2: a syntax error\n     alice, bob\n")
    assert "hint" not in text


@pytest.mark.parametrize(
    ("detail", "there", "absent"),
    [
        ("full", ["hint", "said", "wanted 5", "prog.py a", "printed"], []),
        ("actual", ["hint", "said", "got 4", "prog.py a", "printed"], ["wanted 5"]),
        ("none", ["hint"], ["said", "wanted 5", "got 4", "prog.py a", "printed"]),
    ],
)
def test_detail(detail, there, absent):
    """How much a failure tells is the lab's to say; the staff is told all."""
    one = Outcome(
        "x", "x", 1, 1, False, detail=detail, hint="hint", said="said", explained="wanted 5, got 4",
        actual="got 4", ran="prog.py a", output="printed",
    )  # fmt: skip
    assert all(word in one.message() for word in there)
    assert not any(word in one.message() for word in absent)
    assert "wanted 5" in one.message(staff=True)


def test_a_mistake_that_has_words_is_told_once():
    """The same words again are those of a test before; a bare assert tells its own hint."""
    tests = [
        Outcome(name, name, number, 1, False, hint=f"hint {name}", reason=reason, said=said)
        for number, (name, reason, said) in enumerate(
            [("a", "r", "words"), ("b", "r", "words"), ("c", "x == 1", ""), ("d", "x == 1", "")], 1
        )
    ]
    text = written("report", [Graded("Lab", "alice", "", tests)])
    assert "as test 1: words" in text
    assert [name for name in "abcd" if f"hint: hint {name}" in text] == ["a", "c", "d"]
