# SPDX-License-Identifier: BSD-2-Clause
"""What a fresh system has on its root."""

import marshal
import py_compile
import shutil
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from userland import distribution as module
from userland.distribution import compiled, distribution


def test_every_program_is_there(k):
    """Each source of userland/bin is an executable at its NetBSD place, and starts."""
    p = k.root()
    names = {path.stem for path in (Path(module.__file__).parent / "bin").glob("*.py")}
    programs = [entry for entry in distribution() if entry.data and entry.mode == 0o555]
    assert len(programs) == len(names - {"__init__"}) + len(module._LINKS)
    for entry in programs:
        assert p.stat(entry.path).st_mode & 0o777 == 0o555
    for path in (b"/bin/cat", b"/usr/bin/kdump", b"/sbin/chown", b"/bin/["):
        assert p.access(path, 1) in (0, None)


def test_directories_come_before_what_is_in_them():
    """Boot makes them in this order."""
    seen = {b"/"}
    for entry in distribution():
        assert (entry.path.rpartition(b"/")[0] or b"/") in seen, entry.path
        if entry.data is None:
            seen.add(entry.path)


def test_a_compiled_program_is_magic_and_code(tmp_path):
    """And follows its source when that changes."""
    source = tmp_path / "prog.py"
    source.write_text("x = 1\n")
    data = compiled(source)
    assert data.startswith(MAGIC_NUMBER)
    assert marshal.loads(data[len(MAGIC_NUMBER) :]).co_names == ("x",)
    source.write_text("longer = 2\n")
    assert marshal.loads(compiled(source)[len(MAGIC_NUMBER) :]).co_names == ("longer",)


def test_a_tree_that_was_copied_names_its_own_files(tmp_path):
    """Also where the cache of compiled files has come along."""
    source = tmp_path / "old" / "prog.py"
    source.parent.mkdir()
    source.write_text("def f():\n    pass\n")
    py_compile.compile(str(source), doraise=True)
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    copy = tmp_path / "new" / "prog.py"
    code = marshal.loads(compiled(str(copy))[len(MAGIC_NUMBER) :])
    assert {code.co_filename, code.co_consts[0].co_filename} == {str(copy)}


def test_a_source_that_does_not_compile(tmp_path):
    """SyntaxError, at boot."""
    (tmp_path / "bad.py").write_text("def\n")
    with pytest.raises(SyntaxError):
        compiled(tmp_path / "bad.py")
