# SPDX-License-Identifier: BSD-2-Clause
"""Warnings that come from what is C in CPython."""

from collections.abc import Callable

from kernel.api import Result

Run = Callable[..., Result]


def test_a_file_that_is_dropped_is_warned_of_at_the_line(run: Run) -> None:
    """ResourceWarning names the line that dropped the file, if the filters let it pass."""
    source = "import warnings\nwarnings.simplefilter('always')\nf = open('g', 'w')\nf = None\n"
    err = run(source).stderr.decode()
    assert err.startswith("/root/prog.py:4: ResourceWarning: unclosed file <_io.TextIOWrapper name")
    assert run(source.replace("always", "ignore")).stderr == b""


def test_a_warning_that_is_an_error_is_said_and_passed_over(run: Run) -> None:
    """Nobody can catch what happens as a file goes away."""
    source = (
        "import warnings\nwarnings.simplefilter('error')\nf = open('g', 'w')\nf = None\nprint(1)"
    )
    result = run(source)
    assert (result.status, result.stdout) == (0, b"1\n")
    assert b"ResourceWarning: unclosed file" in result.stderr


def test_line_buffering_of_bytes_is_warned_of_without_warnings_imported(run: Run) -> None:
    """A RuntimeWarning is shown by default."""
    result = run("open('g', 'wb', 1).close()\n")
    assert b"/root/prog.py:1: RuntimeWarning: line buffering (buffering=1)" in result.stderr


def test_no_encoding_is_warned_of_with_the_option(run: Run) -> None:
    """-X warn_default_encoding, for open() and io.text_encoding()."""
    source = """
import subprocess
code = "open('g', 'w').close()\\nimport io\\ndef f():\\n    io.text_encoding(None)\\nf()"
done = subprocess.run(
    ["/usr/bin/python3", "-X", "warn_default_encoding", "-c", code], stderr=subprocess.PIPE
)
print(done.stderr.decode())
"""
    lines = run(source).stdout.decode().split("\n")
    assert lines[0] == "<string>:1: EncodingWarning: 'encoding' argument not specified"
    assert "<string>:5: EncodingWarning: 'encoding' argument not specified" in lines


def test_warnings_of_the_compiler_and_of_codecs_are_the_programs(run: Run) -> None:
    """What C warns of is shown, kept or raised by the process's filters; the host hears nothing."""
    source = r"""
import codecs, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    codecs.escape_decode(b"\\d")
    eval("1 is 1")
print(*sorted(one.category.__name__ for one in caught))
warnings.simplefilter("error")
for attempt in (lambda: codecs.escape_decode(b"\\d"), lambda: eval("1 is 1")):
    try:
        attempt()
    except (DeprecationWarning, SyntaxError) as exc:
        print(type(exc).__name__)
assert (1, "always true")
"""
    result = run(source)
    assert result.stdout == b"DeprecationWarning SyntaxWarning\nDeprecationWarning\nSyntaxError\n"
    text = (
        b"/root/prog.py:14: SyntaxWarning: assertion is always true, perhaps remove parentheses?\n"
    )
    assert result.stderr == text + b'  assert (1, "always true")\n'
