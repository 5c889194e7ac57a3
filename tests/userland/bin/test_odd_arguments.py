# SPDX-License-Identifier: BSD-2-Clause
"""Arguments that are no text, or numbers that fit nowhere: a line says so, or they count as most."""

import pytest

HUGE = "9" * 23
FIRST = b"root:*:0:0:Charlie &:/root:/bin/sh\n"


@pytest.fixture
def sh(k):
    """Runs a command line; returns its status, what it said and what it complained of."""

    def run(command):
        done = k.run(b"/bin/sh", ["-c", command])
        return done.status, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    "command",
    [
        f"tail -n {HUGE}", f"tail -c {HUGE}", f"tail -r -n {HUGE} | tail -n 1", f"head -n {HUGE}",
        f"grep -B {HUGE} root",
    ],
)  # fmt: skip
def test_as_many_as_there_are(sh, command):
    """More than there can be is all."""
    command, _, more = command.partition("|")
    status, out, complaints = sh(f"{command} /etc/passwd | {more or 'head -n 1'}")
    assert (status, out, complaints) == (0, FIRST, b"")


@pytest.mark.parametrize(
    ("command", "status", "complaint"),
    [
        (f"strings -n {HUGE}", 1, f"strings: invalid minimum string length {HUGE}"),
        (f"timeout {HUGE} true", 1, "timeout: invalid duration"),
        (f"timeout -k {HUGE} 1 true", 1, "timeout: invalid duration"),
    ],
)
def test_too_much(sh, command, status, complaint):
    """It is refused."""
    assert sh(command) == (status, b"", f"{complaint}\n".encode())


def test_no_limit(sh):
    """A limit beyond all is none."""
    assert sh(f"ulimit -t {HUGE}; ulimit -t") == (0, b"unlimited\n", b"")


@pytest.mark.parametrize(
    ("command", "status", "complaint"),
    [
        ("diff", 2, b"diff: missing operand after `\xff'\ndiff: Try `diff --help' for more"),
        ("sysctl", 1, b"sysctl: top level name '\xff' in '\xff' is invalid"),
    ],
)
def test_no_text(sh, command, status, complaint):
    """It is shown as it is."""
    found, _, complaints = sh(f"{command} $(printf '\\377')")
    assert found == status
    assert complaints.startswith(complaint)


def test_no_text_to_tell(sh):
    """What is not UTF-8 is told as it is."""
    status, out, complaints = sh("shutdown -k now $(printf '\\377')")
    assert (status, complaints) == (0, b"")
    assert b"\n\xff\r\n" in out
