# SPDX-License-Identifier: BSD-2-Clause
"""basename(3) and dirname(3)."""

import pytest

from userland.libc.basename import basename, dirname

CASES = {
    "": (".", "."),
    "/": ("/", "/"),
    "//": ("/", "/"),
    "a": ("a", "."),
    "a/": ("a", "."),
    "/a": ("a", "/"),
    "a/b": ("b", "a"),
    "a//b//": ("b", "a"),
    "/a/b": ("b", "/a"),
    ".": (".", "."),
    "..": ("..", "."),
}


@pytest.mark.parametrize("path", CASES)
def test_parts(path):
    """Slashes at the end do not count; the root is its own directory."""
    assert (basename(path), dirname(path)) == CASES[path]
