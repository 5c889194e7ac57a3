# SPDX-License-Identifier: BSD-2-Clause
"""fnmatch(3) against the rules of POSIX patterns."""

import fnmatch as host

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userland.libc.fnmatch import FNM_NOESCAPE, FNM_NOMATCH, FNM_PATHNAME, FNM_PERIOD, fnmatch

MATCHES = [
    ("", "", 0),
    ("*", "", 0),
    ("a*c", "abbc", 0),
    ("?", "a", 0),
    ("[abc]", "b", 0),
    ("[!abc]", "d", 0),
    ("[^abc]", "d", 0),
    ("[a-c]x", "bx", 0),
    ("[]]", "]", 0),
    ("[!]]", "a", 0),
    ("[[:digit:]]", "7", 0),
    ("[[:alpha:]_]*", "_x", 0),
    (r"\*", "*", 0),
    ("[", "[", 0),
    ("[a", "[a", 0),
    ("a[", "a[", 0),
    (r"[\]]", "]", 0),
    ("*", ".a", 0),
    ("*.c", "x\n.c", 0),
    (r"\a", r"\a", FNM_NOESCAPE),
    ("a/*", "a/b", FNM_PATHNAME),
]
FAILS = [
    ("", "a", 0),
    ("?", "", 0),
    ("?", "ab", 0),
    ("[a-c]", "d", 0),
    ("[!a]", "a", 0),
    (r"\*", "a", 0),
    ("*", ".a", FNM_PERIOD),
    ("?a", ".a", FNM_PERIOD),
    ("[.]a", ".a", FNM_PERIOD),
    ("a/*", "a/.b", FNM_PERIOD | FNM_PATHNAME),
    ("a*", "a/b", FNM_PATHNAME),
    ("a?b", "a/b", FNM_PATHNAME),
    ("a[/]b", "a/b", FNM_PATHNAME),
    ("[c-a]", "b", 0),
]


@pytest.mark.parametrize(("pattern", "string", "flags"), MATCHES)
def test_match(pattern, string, flags):
    """What matches gives 0."""
    assert fnmatch(pattern, string, flags) == 0


@pytest.mark.parametrize(("pattern", "string", "flags"), FAILS)
def test_no_match(pattern, string, flags):
    """What does not gives FNM_NOMATCH."""
    assert fnmatch(pattern, string, flags) == FNM_NOMATCH


@given(st.text("ab*?", max_size=8), st.text("abc", max_size=8))
def test_same_as_the_library_of_the_host(pattern, string):
    """`*` and `?` match what Python's fnmatch says."""
    assert (fnmatch(pattern, string) == 0) == host.fnmatchcase(string, pattern)


@given(st.text("ab[]!^-*?\\:./", max_size=12), st.text("ab[]-/.\\", max_size=6), st.integers(0, 7))
def test_any_pattern_is_a_pattern(pattern, string, flags):
    """No pattern is an error."""
    assert fnmatch(pattern, string, flags) in {0, FNM_NOMATCH}


@given(st.text("ab*[?\\", max_size=8))
def test_quoted_text_matches_itself(text):
    """A backslash before each character leaves nothing special."""
    assert fnmatch("".join("\\" + c for c in text), text) == 0
