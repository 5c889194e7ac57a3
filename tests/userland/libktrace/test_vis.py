# SPDX-License-Identifier: BSD-2-Clause
"""Laws of data: encoded, folded, dumped, cut."""

from collections.abc import Callable

import pytest

from kernel.sys.ktrace import KTR_EXEC_ARG
from userland.libktrace import encode
from userland.libktrace.make import gio

Text = Callable[..., str]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"", '""'),
        (b'a"b\\c\n', r'"a\"b\\c\n"'),
        (b"\0", r'"\0"'),
        (b"\0008", r'"\08"'),
        (b"\0007", r'"\0007"'),
        (b"\a\b\v\f\r\x1b\x7f", r'"\a\b\v\f\r\^[\^?"'),
        (b"\x80\x9f\xa0\xa1\xfe\xff", r'"\M^@\M^_\240\M-!\M-~\M^?"'),
        (b"x" * 69 + b"\n", '"' + "x" * 69 + "\\\n\t\\n" + '"'),
        (b"x" * 68 + b"\n", '"' + "x" * 68 + r'\n"'),
        (b"x" * 70, '"' + "x" * 70 + '"'),
        (b"x" * 71, '"' + "x" * 70 + '\\\n\tx"'),
        (
            b"x" * 60 + b"\ty" + b"z" * 70,
            '"' + "x" * 60 + "\ty" + "z" * 5 + "\\\n\t" + "z" * 65 + '"',
        ),
        (b"x" * 65 + b"\ty", '"' + "x" * 65 + "\\\n\t\ty" + '"'),
    ],
)
def test_data_today(text: Text, data: bytes, shown: str) -> None:
    """Data is encoded as vis(3) does and folded in front of the last two columns."""
    heading = f"GIO   fd 1 wrote {len(data)} bytes\n"
    assert text(trace=gio(data)) == f"{heading}       {shown}\n"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"a\nb", '"a\n\tb"'),
        (b"a\n", '"a\n       "'),
        (b"a\n\nb\n\n", '"a\n\t\n\tb\n\t\n       "'),
        (b"\n", '"\n       "'),
        (b"x" * 71 + b"\n", '"' + "x" * 70 + '\\\n\tx\n       "'),
        (b"x" * 65 + b"\t" + b"y" * 63, '"' + "x" * 65 + "\\\n\t\t" + "y" * 63 + '"'),
    ],
)
def test_data_of_2003(text: Text, data: bytes, shown: str) -> None:
    """In 2003 newlines were left in the data, with a tab after them."""
    assert text(trace=gio(data, version=0)).partition("\n")[2] == f"       {shown}\n"


def test_a_tab_that_does_not_fit(text: Text) -> None:
    """Today a tab is 8 wide on its new line; in 2003 it kept the width it had on the old one."""
    data = b"x" * 66 + b"\t" + b"y" * 64
    assert f'\\\n\t\t{"y" * 62}\\\n\tyy"' in text(trace=gio(data))
    assert f'\\\n\t\t{"y" * 64}"' in text(trace=gio(data, version=0))


def test_the_screen(text: Text) -> None:
    """The width is the terminal's, except with -n; a screen of 8 columns is none."""
    trace = gio(b"x" * 40)
    assert f'"{"x" * 20}\\\n\t{"x" * 20}"' in text(trace=trace, columns=30)
    for args, columns in ((["-n"], 30), ([], 8), ([], 80), ([], 200)):
        assert f'"{"x" * 40}"' in text(*args, trace=trace, columns=columns)
    assert text(trace=gio(b"ab\n"), columns=9).endswith('"\\\n\ta\\\n\tb\\\n\t\\n"\n')


def test_strings_fold_from_where_they_start(text: Text) -> None:
    """ARG and ENV start in the middle of the line; -m and -x do not change them."""
    trace = encode(KTR_EXEC_ARG, b"y" * 60)
    expected = f'ARG   "{"y" * 48}\\\n\t{"y" * 12}"\n'
    assert text("-x", "-m", "3", trace=trace) == expected


def test_hexadecimal_of_both_eras(text: Text) -> None:
    """Offsets past 0xfff push the line; today's dump leaves repeated lines out."""
    data = bytes(range(16)) + b"A" * 64 + b"B" * 32 + b"C"
    old, new = text("-x", trace=gio(data, version=0)), text("-x", trace=gio(data))

    assert old.count("\n") == 9
    assert old.splitlines()[-1] == f"\t070   43{' ' * 47}C"
    assert new.splitlines()[1:] == [
        "\t000   00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f ................",
        f"\t010   {'41 ' * 8} {'41 ' * 8}{'A' * 16}",
        "\t***",
        f"\t050   {'42 ' * 8} {'42 ' * 8}{'B' * 16}",
        f"\t060  {' ' * 50}{'B' * 16}",
        f"\t070   43{' ' * 47}C",
    ]
    assert text("-x", trace=gio(bytes(4097))).splitlines()[-2:] == [
        "\t****",
        f"\t1000  00{' ' * 47}.",
    ]
    long = text("-x", trace=gio(bytes(4097), version=0)).splitlines()[-1]
    assert long == f"\t1000   00{' ' * 47}."


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ("2", "   0100  0302  0504  0706  0908  0b0a  0d0c  0f0e  ................"),
        ("8", "   0706050403020100   0f0e0d0c0b0a0908  ................"),
        ("16", "   0f0e0d0c0b0a09080706050403020100  ................"),
        ("0x1", "  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f ................"),
    ],
)
def test_words(text: Text, size: str, shown: str) -> None:
    """-X shows words of a size."""
    lines = text("-X", size, trace=gio(bytes(range(16)))).splitlines()
    assert lines[1].replace("\t000 ", "", 1).strip(" ") == shown.strip(" ")


def test_maxdata(text: Text) -> None:
    """-m cuts the data, not the count; 0 leaves the heading alone."""
    assert text("-m2", trace=gio(b"hello")) == 'GIO   fd 1 wrote 5 bytes\n       "he"\n'
    assert text("-m", "0x0", trace=gio(b"hello")) == "GIO   fd 1 wrote 5 bytes\n"
    assert text("-m", "-1", trace=gio(b"hi", rw=0)) == 'GIO   fd 1 read 2 bytes\n       "hi"\n'
    assert text(trace=gio(b"", fd=-1)) == 'GIO   wrote 0 bytes\n       ""\n'
    assert text(trace=gio(b"", fd=-1, version=0)).startswith("GIO   fd -1 wrote 0 bytes\n")
