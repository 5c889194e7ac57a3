# SPDX-License-Identifier: BSD-2-Clause
"""setmode(3) and getmode(3): symbolic modes, against the host's chmod."""

import errno
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.sys.stat import S_IFDIR, S_IFREG

PROGRAM = """
import sys
from userland.libc import umask
from userland.libc.setmode import getmode, setmode
umask(0o022)
for word in sys.argv[2:]:
    try:
        print(f"{getmode(setmode(word), int(sys.argv[1], 8)):o}")
    except OSError as exc:
        print(exc.errno)
"""


def modes(start, *words, tmp_path=None):
    with api.boot() as k:
        k.install(b"/root/modes.py", PROGRAM.encode())
        result = k.run(b"/root/modes.py", [f"{start:o}", *words])
    assert result.status == 0, result.stderr.decode()
    return [int(line, 8) for line in result.stdout.split()]


def test_octal_replaces_all():
    """A number sets permissions and special bits; the type stays."""
    assert modes(S_IFREG | 0o7777, "644", "0", "4755") == [
        S_IFREG | 0o644,
        S_IFREG,
        S_IFREG | 0o4755,
    ]


def test_copies_and_conditional_execute():
    """g=u copies; X counts only where something may execute, or for a directory."""
    assert modes(S_IFREG | 0o640, "g=u", "a+X", "u+x,a+X") == [
        S_IFREG | 0o660,
        S_IFREG | 0o640,
        S_IFREG | 0o751,
    ]
    assert modes(S_IFDIR | 0o600, "a+X") == [S_IFDIR | 0o711]


def test_without_who_the_umask_holds():
    """+w adds what the umask lets through, a+w all."""
    assert modes(0o444, "+w", "a+w", "=rw") == [0o644, 0o666, 0o644]


@pytest.mark.parametrize("word", ["", "u+q", "z+x", "999", "u", "+", "u+x,", "77777", "u+rg"])
def test_what_is_no_mode(word):
    """EINVAL for anything else; a bare operator changes nothing."""
    found = modes(0o644, word)
    assert found in ([int(str(errno.EINVAL), 8)], [0o644])


CLAUSE = st.tuples(
    st.sampled_from(["u", "g", "o", "a", "ug", "go", "uo"]),
    st.sampled_from("+-="),
    st.sampled_from(["r", "w", "x", "rw", "rwx", "", "X", "u", "g", "o", "s", "t"]),
).map("".join)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 0o777), st.lists(CLAUSE, min_size=1, max_size=8))
def test_same_as_chmod_of_the_host(tmp_path_factory, start, words):
    """Each clause does to a mode what the host's chmod does."""
    if shutil.which("stat") is None:
        pytest.skip("no stat(1)")
    words = [word for word in words if not {"s", "t"} & set(word[1:]) or word[0] in "ug"]
    words = [word for word in words if "t" not in word]
    path = tmp_path_factory.mktemp("modes") / "f"
    path.write_text("")
    expected = []
    for word in words:
        path.chmod(start)
        subprocess.run(
            ["chmod", word, path], check=True, env={"LC_ALL": "C", "PATH": "/bin:/usr/bin"}
        )
        expected.append(path.stat().st_mode & 0o7777)
    assert [mode & 0o7777 for mode in modes(S_IFREG | start, *words)] == expected
