# SPDX-License-Identifier: BSD-2-Clause
"""Numbers on command lines."""

from typing import TYPE_CHECKING

from kernel.sys.module import autoload

if TYPE_CHECKING:
    import argparse
else:
    argparse = autoload("argparse")


def count(text: str) -> int:
    """Return a number of things.

    Raises:
        argparse.ArgumentTypeError: it is none, or negative.
    """
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 on")
    return number
