# SPDX-License-Identifier: BSD-2-Clause
"""The locales of a program."""

import locale
from collections.abc import Callable

from kernel.api import Result

Run = Callable[..., Result]


def test_categories_are_the_programs_own(run: Run) -> None:
    """The environment names LC_CTYPE at first, all of them when asked; the host's stays."""
    before = locale.setlocale(locale.LC_ALL)
    source = """
import locale
print(locale.setlocale(locale.LC_ALL), locale.getencoding(), open("f", "w").encoding)
print(locale.setlocale(locale.LC_ALL, ""), locale.setlocale(locale.LC_TIME))
print(locale.setlocale(locale.LC_ALL, "C/C.UTF-8/C/C/C/C"))
for name in ("en_US.UTF-8", "C/C"):
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error as exc:
        print(exc)
"""
    lines = run(source, env={"LANG": "C.UTF-8"}).stdout.decode().split("\n")
    assert lines[:3] == ["C/C.UTF-8/C/C/C/C UTF-8 UTF-8", "C.UTF-8 C.UTF-8", "C/C.UTF-8/C/C/C/C"]
    assert lines[3:5] == ["unsupported locale setting"] * 2
    assert locale.setlocale(locale.LC_ALL) == before


def test_names_with_a_nul_are_refused(run: Run) -> None:
    """strcoll and strxfrm are C's."""
    source = "import locale\ntry:\n    locale.strcoll('a\\0', 'b')\nexcept ValueError as e:\n    print(e)"
    assert run(source).stdout == b"embedded null character\n"
