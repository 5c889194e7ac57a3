# SPDX-License-Identifier: BSD-2-Clause
"""Files of programs."""

import gc
from collections.abc import Callable

from kernel.api import Result
from userland.python.fileio import FileIO


def test_a_buffer_left_behind_moves_no_offset(run: Callable[..., Result]):
    """What a program that has ended left open makes no system call when it is collected.

    The collector runs in whatever process is current: a call there is one that its program did
    not make, and a child of it could not be replayed.
    """
    source = "import os\nleft = open('left behind', 'w+b')\ndef cycle():\n    pass\nos._exit(0)\n"
    assert run(source).status == 0
    files = (each for each in gc.get_objects() if type(each) is FileIO)

    left = next(each for each in files if each.name == "left behind")

    assert left.seek(0, 2) == left.tell() == 0
