# SPDX-License-Identifier: BSD-2-Clause
"""POSIX regular expressions."""

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userland.libc.regex import (
    REG_BASIC,
    REG_EXTENDED,
    REG_GNU,
    REG_ICASE,
    REG_NOSPEC,
    RegexError,
    regcomp,
)

BASIC = [
    (b"a*", b"baa", (0, 0)),
    (b"^*a", b"x*a*a", None),
    (b"^*a", b"*a", (0, 2)),
    (b"*a", b"b*a", (1, 3)),
    (b"\\(*a\\)", b"*a", (0, 2)),
    (b"a\\{2,3\\}", b"baaaa", (1, 4)),
    (b"a\\{2\\}b", b"aab", (0, 3)),
    (b"a+b", b"aab a+b", (4, 7)),
    (b"a^b$c", b"a^b$c", (0, 5)),
    (b"\\(ab\\)\\1", b"xababab", (1, 5)),
    (b"\\(a*\\)b\\1", b"aabaa", (0, 5)),
    (b"[]x]*", b"]x]a", (0, 3)),
    (b"[^]x]", b"]xa", (2, 3)),
    (b"[a\\]", b"\\", (0, 1)),
    (b"[[:digit:]x-z]*", b"1y2xa", (0, 4)),
    (b"[[.-.]a]", b"-", (0, 1)),
    (b"[[=a=]b]", b"b", (0, 1)),
    (b"a.c", b"a\nc", (0, 3)),
    (b"\\.", b"a.", (1, 2)),
]
EXTENDED = [
    (b"(a|ab)(c|bcd)", b"abcd", (0, 4)),
    (b"foo|foobar", b"xfoobar", (1, 7)),
    (b"(a*)(ab)*(b*)", b"abb", (0, 3)),
    (b"(foo|bar|foobar)+", b"foobar" * 500, (0, 3000)),
    (b"(a|aa)*b", b"aaaab", (0, 5)),
    (b"(a?b?)*c", b"ababc", (0, 5)),
    (b"x*", b"", (0, 0)),
    (b"^(a|b$)+", b"aab", (0, 3)),
    (b"a{2}{2}", b"aaaaa", (0, 4)),
    (b"a**", b"aaa", (0, 3)),
    (b"()b", b"b", (0, 1)),
    (b"a|", b"b", (0, 0)),
    (b"[a-c]{1,2}d", b"abcd", (1, 4)),
    (b"a{,2}", b"a{,2}", (0, 5)),
    (b"(x|xy)(z|yzw)?", b"xyzw", (0, 4)),
]


@pytest.mark.parametrize(("pattern", "data", "span"), BASIC)
def test_basic(pattern, data, span):
    """Basic expressions: groups and bounds with backslashes, * not where nothing could repeat."""
    match = regcomp(pattern, REG_BASIC).search(data)
    assert (match and match.span()) == span


@pytest.mark.parametrize(("pattern", "data", "span"), EXTENDED)
def test_extended(pattern, data, span):
    """Of the matches that start first the longest counts, whatever the order of alternatives."""
    match = regcomp(pattern, REG_EXTENDED).search(data)
    assert (match and match.span()) == span


def test_gnu():
    """REG_GNU: words, white space and edges; alternatives in basic expressions."""
    assert regcomp(b"\\<b\\w*\\>", REG_GNU).search(b"ab bcd").span() == (3, 6)
    assert regcomp(b"a\\|bc", REG_GNU).search(b"xbc").span() == (1, 3)
    assert regcomp(b"a\\+b\\?", REG_GNU).search(b"aab").span() == (0, 3)
    assert regcomp(b"a\\|b", REG_BASIC).search(b"a|b").span() == (0, 3)
    assert regcomp(b"\\Bb\\S\\s", REG_GNU).search(b"abc ").span() == (1, 4)


def test_linear_time():
    """A group that repeats, with choices in it, takes no exponential time to match nothing."""
    for pattern in (b"(a|aa)*b", b"(a+)+b", b"((a|b)*c?)*d", b"(a*)*(a|b)*e"):
        regex = regcomp(pattern, REG_EXTENDED)
        assert regex.search(b"a" * 2000) is None
        assert not regex.matches(b"a" * 1000 + b"x")
    assert regcomp(b"(a|aa)*b", REG_EXTENDED).search(b"xx" + b"a" * 500 + b"b").span() == (2, 503)
    assert regcomp(b"((a|b)*)c", REG_EXTENDED).search(b"zabc").groups() == (b"ab", b"b")


def test_flags():
    """REG_ICASE, also in sets and back references; REG_NOSPEC."""
    assert regcomp(b"[a-c]x\\(q\\)\\1", REG_ICASE).search(b"BXqQ").span() == (0, 4)
    assert regcomp(b"[^a]", REG_ICASE).search(b"AaB").span() == (2, 3)
    assert regcomp(b"a.*", REG_NOSPEC).search(b"ab a.*").span() == (3, 6)


def test_groups():
    """Groups of a match, and their number."""
    regex = regcomp(b"(a)(b)?", REG_EXTENDED)
    assert regex.re_nsub == 2
    assert regex.search(b"a").groups() == (b"a", None)


def test_whole():
    """Only a match that is a line, or a word, counts; a later one may do."""
    assert regcomp(b"foo|foob", REG_EXTENDED, "line").search(b"foob").span() == (0, 4)
    assert regcomp(b"foo", REG_BASIC, "line").search(b"foo bar") is None
    assert regcomp(b"foo", REG_BASIC, "word").search(b"foobar foo").span() == (7, 10)


ERRORS = {
    b"(": "parentheses not balanced",
    b"a)": "parentheses not balanced",
    b"[a": "brackets ([ ]) not balanced",
    b"[b-a]": "invalid character range",
    b"[[:x:]]": "invalid character class",
    b"[[.ab.]]": "invalid collating element",
    b"*a": "repetition-operator operand invalid",
    b"a{2,1}": "invalid repetition count(s)",
    b"a{256}": "invalid repetition count(s)",
    b"a{1": "braces not balanced",
    b"a\\": "trailing backslash (\\)",
    b"\\1": "invalid backreference number",
    b"(\\1)": "invalid backreference number",
}


@pytest.mark.parametrize("pattern", ERRORS)
def test_errors(pattern):
    """What is no pattern is refused in regerror(3)'s words."""
    with pytest.raises(RegexError, match=re.escape(ERRORS[pattern])):
        regcomp(pattern, REG_EXTENDED)


def patterns():
    """Extended expressions over a and b."""
    atoms = st.sampled_from(["a", "b", ".", "[ab]", "ab"])
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.builds("({})".format, inner),
            st.builds("{}{}".format, inner, inner),
            st.builds("({}|{})".format, inner, inner),
            st.builds("({}){}".format, inner, st.sampled_from("*+?")),
            st.builds("({}){{1,2}}".format, inner),
        ),
        max_leaves=8,
    )


@settings(max_examples=150)
@given(st.lists(st.tuples(patterns(), st.text("abc", max_size=8)), min_size=12, max_size=12))
def test_matches_as_the_host(cases):
    """Where a match is, and how long, is what the host's sed finds."""
    script, expected = [], []
    for pattern, text in cases:
        match = regcomp(pattern.encode(), REG_EXTENDED).search(text.encode())
        if match:
            at, end = match.span()
            text = f"{text[:at]}<{text[at:end]}>{text[end:]}"
        expected.append(text)
    for at, (pattern, _) in enumerate(cases, 1):
        script += ["-e", f"{at}s/{pattern}/<&>/"]
    lines = "".join(text + "\n" for _, text in cases)
    host = subprocess.run(
        ["sed", "-E", *script], input=lines, capture_output=True, text=True, check=True
    )
    assert host.stdout.splitlines() == expected
