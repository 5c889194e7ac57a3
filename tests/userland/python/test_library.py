# SPDX-License-Identifier: BSD-2-Clause
"""The standard library is at its place in the emulated system, and tells so everywhere."""

from collections.abc import Callable

import pytest

from kernel import api
from userland.python.frames import LIBRARY, STDLIB

Run = Callable[..., api.Result]


def test_the_library_is_mounted_read_only(k: api.System) -> None:
    """It is root's and at python3, too; nobody can write to it."""
    process = k.root()
    assert process.readlink(b"/usr/lib/python3", 1024) == LIBRARY.rpartition("/")[2].encode()
    assert process.stat(b"/usr/lib/python3/os.py").st_uid == 0
    with pytest.raises(OSError, match="Read-only file system"):
        process.open(f"{LIBRARY}/os.py", 2)


def test_modules_know_where_they_are(run: Run) -> None:
    """Names of files are the emulated system's, and what they name can be read."""
    result = run(
        "import inspect, json, linecache, os, re, traceback\n"
        "print(os.__file__, json.__path__, json.loads.__code__.co_filename)\n"
        "print(inspect.getsource(json.loads)[:9], linecache.getline(os.__file__, 1)[:4])\n"
        "try:\n    re.compile('(')\nexcept re.error:\n    print(traceback.format_exc())\n"
        "json.loads('[')\n"
    )
    lines = result.stdout.decode().splitlines()
    assert lines[0] == f"{LIBRARY}/os.py ['{LIBRARY}/json'] {LIBRARY}/json/__init__.py"
    assert lines[1] == 'def loads r"""'
    assert f'File "{LIBRARY}/json/__init__.py", line'.encode() in result.stderr
    assert b"    return _default_decoder.decode(s)\n" in result.stderr
    assert str(STDLIB).encode() not in result.stdout + result.stderr


def test_package_test_is_there(run: Run) -> None:
    """CPython's own tests can be imported, if the host has them."""
    assert run("import test.support\n").status == 0
