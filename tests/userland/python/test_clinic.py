# SPDX-License-Identifier: BSD-2-Clause
"""What stands before a function is made of its signature."""

import sys
from types import ModuleType

import pytest

from userland.python import clinic
from userland.python.arguments import DirFd, Path


def module(*functions):
    """Return a module that defines functions."""
    made = ModuleType("made")
    made.__file__ = __file__
    for function in functions:
        function.__module__ = "made"
        setattr(made, function.__name__, function)
    return made


def test_annotations_say_what_is_converted():
    """A path is checked, a number is one of C's, what has no known annotation passes."""

    def wanted(path: "Path", mode: "int" = 0o777, *, dir_fd: "DirFd" = None, other: "object" = ()):
        """Say what has come."""
        return path, mode, dir_fd, other

    call = clinic.checked("test_annotations", module(wanted))["wanted"]
    assert call("a") == ("a", 0o777, None, ())
    assert call(b"a", True, dir_fd=3, other=1.5) == (b"a", 1, 3, 1.5)
    assert (call.__name__, call.__doc__, call.__module__) == (
        "wanted", "Say what has come.", "test_annotations",
    )  # fmt: skip
    with pytest.raises(TypeError, match="wanted: path should be string, bytes or os"):
        call(1)
    with pytest.raises(OverflowError, match="Python int too large to convert to C int"):
        call("a", 1 << 31)
    with pytest.raises(TypeError, match="argument should be integer or None, not str"):
        call("a", dir_fd="b")


def test_an_interrupted_call_is_made_again():
    """PEP 475: only what is marked is, and what its handler raises comes through."""
    calls = []

    def marked(fd: "int"):
        calls.append(fd)
        if len(calls) < 3:
            raise InterruptedError
        return len(calls)

    def unmarked():
        raise InterruptedError

    made = clinic.checked("test_interrupted", module(clinic.interruptible(marked), unmarked))
    assert made["marked"](5) == 3
    with pytest.raises(InterruptedError):
        made["unmarked"]()


def test_what_python_has_not_yet_is_left_out():
    """A function that came with a later version is not there."""

    def old(): ...

    @clinic.since(3, 99)
    def new(): ...

    @clinic.since(3, 11)
    def here(): ...

    def _own(): ...

    assert set(clinic.functions(module(old, new, here, _own))) == {"old", "here"}


def test_a_program_has_the_functions_of_its_python(run):
    """posix_openpt and timerfd_create came with 3.13; NetBSD has no memfd_create at all."""
    names = ("posix_openpt", "timerfd_create", "eventfd", "lchflags", "memfd_create", "sendfile")
    result = run(f"import os\nprint(*[hasattr(os, name) for name in {names!r}])\n")
    new = sys.version_info >= (3, 13)
    assert result.stdout.decode() == f"{new} {new} True True False False\n"
