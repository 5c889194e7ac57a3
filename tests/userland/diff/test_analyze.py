# SPDX-License-Identifier: BSD-2-Clause
"""The lines that diff(1) finds to differ."""

import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from userland.diff.analyze import compare


def ranges(changes):
    """Changes as diff's normal output names them."""
    out = []
    for c in changes:
        letter = "c" if c.deleted and c.inserted else "d" if c.deleted else "a"
        sides = []
        for first, count in ((c.line0, c.deleted), (c.line1, c.inserted)):
            sides.append(str(first + count) if count <= 1 else f"{first + 1},{first + count}")
        out.append(sides[0] + letter + sides[1])
    return out


def host(tmp_path, old, new):
    for name, lines in (("old", old), ("new", new)):
        (tmp_path / name).write_bytes(b"".join(lines))
    result = subprocess.run(
        ["diff", tmp_path / "old", tmp_path / "new"], check=False, capture_output=True
    )
    text = result.stdout.decode()
    return [line for line in text.splitlines() if line[:1] not in "<>-"]


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"{\n", b"}\n", b"\n"]), max_size=40)


@settings(max_examples=150)
@given(LINES, LINES)
def test_random_files(tmp_path_factory, old, new):
    """Hunks are the host's: the same lines differ, in the same places."""
    assert ranges(compare(old, new)) == host(tmp_path_factory.mktemp("diff"), old, new)


@settings(max_examples=100)
@given(st.lists(st.integers(0, 400).map(lambda n: b"%d\n" % (n % 60)), max_size=200), st.data())
def test_edited_files(tmp_path_factory, old, data):
    """The same of a file and what some insertions and deletions made of it."""
    new = list(old)
    for _ in range(data.draw(st.integers(0, 10))):
        at = data.draw(st.integers(0, len(new)))
        if data.draw(st.booleans()):
            new[at:at] = data.draw(st.lists(st.sampled_from([b"x\n", b"1\n", b"\n"]), max_size=4))
        else:
            del new[at : at + data.draw(st.integers(1, 5))]
    assert ranges(compare(old, new)) == host(tmp_path_factory.mktemp("diff"), old, new)


def test_many_equal_lines():
    """Lines that occur everywhere do not lead astray."""
    old = [b"{\n", b"x\n", b"}\n"] * 30
    new = [b"{\n", b"y\n", b"}\n"] * 30
    assert all(c.deleted == c.inserted == 1 for c in compare(old, new))
