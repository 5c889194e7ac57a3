# SPDX-License-Identifier: BSD-2-Clause
"""Errors by name: the table's numbers, and a stub file that knows them all."""

import ast
from pathlib import Path

from kernel.sys.errno import Errno
from userland.libc import errno

_STUB = Path(errno.__file__).with_suffix(".pyi")


def test_the_stub_file_is_fresh():
    """errno.pyi names every error, with its number."""
    declared = {
        node.target.id: ast.literal_eval(node.value)
        for node in ast.parse(_STUB.read_text()).body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.value is not None
    }
    assert declared == {name: int(value) for name, value in Errno.__members__.items()}


def test_programs_see_them():
    """ENOENT and the like are names of libc."""
    assert {name: getattr(errno, name) for name in Errno.__members__} == {
        name: int(value) for name, value in Errno.__members__.items()
    }
