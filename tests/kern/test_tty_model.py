# SPDX-License-Identifier: BSD-2-Clause
"""The line discipline against a model: what is read, and what stands on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import api
from kernel.sys.fcntl import F_SETFL, O_NONBLOCK, O_RDWR

EOF, LNEXT, REPRINT, KILL, WERASE, ERASE = 0x04, 0x16, 0x12, 0x15, 0x17, 0x7F
KEYS = [*b"ab ", *b"\t\n\r", 0x01, 0xE9, EOF, LNEXT, REPRINT, KILL, WERASE, ERASE, ERASE, ERASE]


def blank(key):
    return key in (" ", "\t")


class Line:
    """What is typed and not yet a line; a literal control character is marked by being a tuple."""

    def __init__(self):
        self.keys = []
        self.reads = []  # what each read returns
        self.literal = False

    def type(self, code):
        key = chr(code)
        if self.literal:
            self.literal = False
            self.keys.append((key,))
        elif code == LNEXT:
            self.literal = True
        elif code == ERASE:
            self.keys = self.keys[:-1]
        elif code == KILL:
            self.keys = []
        elif code == WERASE:
            self.erase_word()
        elif code in b"\r\n":
            self.end("\n")
        elif code == EOF:
            self.end("")
        elif code != REPRINT:
            self.keys.append(key)

    def erase_word(self):
        while self.keys and blank(self.keys[-1]):
            self.keys.pop()
        while self.keys and not blank(self.keys[-1]):
            self.keys.pop()

    def end(self, mark):
        text = "".join(key[0] for key in self.keys) + mark
        self.reads.append(text.encode("latin-1"))
        self.keys = []

    def shown(self):
        """What the line looks like."""
        text = ""
        for key in self.keys:
            if key == "\t":
                text += " " * (8 - len(text) % 8)
            elif ord(key[0]) == 0x7F:
                text += "^?"
            elif ord(key[0]) < 0x20:
                text += "^" + chr(ord(key[0]) + 0x40)
            else:
                text += key[0]
        return text


def last_row(output):
    """What stands in the row of the cursor, which a screen has come to by output."""
    row, column = [], 0
    for code in output:
        if code == 0x08:
            column -= 1
        elif code == 0x0D:
            column = 0
        elif code == 0x0A:
            row = []
        else:
            row[column : column + 1] = [chr(code)]
            column += 1
    return "".join(row[:column])


@pytest.fixture(scope="module")
def system():
    with api.boot() as k:
        yield k


@pytest.mark.filterwarnings("ignore:The recursion limit")
@given(typed=st.lists(st.sampled_from(KEYS), max_size=60))
def test_what_is_typed(system, typed):
    """Reads give the lines as they were edited; the screen shows the line that is being typed."""
    terminal = system.terminal()
    p = system.login(terminal)
    line = Line()
    shown = b""
    for code in typed:
        terminal.type(bytes([code]))
        shown += terminal.read()
        line.type(code)
        if line.reads:
            assert p.read(0, 1000) == line.reads.pop()
            if code == EOF and not line.literal:  # the next line begins where the program writes
                p.write(1, b"\n")
                shown += terminal.read()
        if not line.literal:
            assert last_row(shown) == line.shown()
    p.fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        p.read(0, 1000)
    terminal.hangup()


@pytest.mark.filterwarnings("ignore:The recursion limit")
@given(
    chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=8),
    sizes=st.lists(st.integers(1, 50), min_size=1, max_size=8),
)
def test_raw_is_a_pipe(system, chunks, sizes):
    """A raw terminal passes every byte on, both ways."""
    terminal = system.terminal()
    p = system.login(terminal)
    p.tcsetattr(0, 0, p.cfmakeraw(p.tcgetattr(0)))
    data = b"".join(chunks)
    for chunk in chunks:
        terminal.type(chunk)
    assert terminal.read() == b""
    got = b""
    while len(got) < len(data):
        got += p.read(0, sizes[len(got) % len(sizes)])
    assert got == data
    for chunk in chunks:
        p.write(1, chunk)
    assert terminal.read() == data
    terminal.hangup()
