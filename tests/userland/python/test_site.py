# SPDX-License-Identifier: BSD-2-Clause
"""Packages of the host that programs may have: --site and --allow-module."""

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel import api
from userland.python.frames import LIBRARY, SITE

SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A directory of packages: one with a .pth file, one with a compiled module."""
    site = tmp_path / "packages"
    for name in ("pure", "compiled", "extra"):
        (site / name).mkdir(parents=True)
    (site / "pure" / "__init__.py").write_text("where = __file__\n")
    (site / "pure" / "data.txt").write_text("text")
    (site / "extra" / "more.py").write_text("x = 1\n")
    (site / "more.pth").write_text("extra\nimport sys; sys.from_pth = 1\n")
    (site / "compiled" / "__init__.py").write_text("")
    (site / "compiled" / f"fast{SUFFIX}").write_bytes(b"\x7fELF")
    (site / "compiled" / "fast.py").write_text("slow = 1\n")
    (site / "compiled" / f"only{SUFFIX}").write_bytes(b"\x7fELF")
    (site / "pure-1.5.dist-info").mkdir()
    (site / "pure-1.5.dist-info" / "METADATA").write_text("Name: pure\nVersion: 1.5\n")
    return site


@pytest.fixture
def system(packages: Path) -> Iterator[api.System]:
    """A kernel whose programs have the packages."""
    with api.boot(site=packages) as k:
        yield k


def lines(system: api.System, tmp_path: Path, source: str) -> list[str]:
    """Return what a program prints."""
    program = tmp_path / "prog.py"
    program.write_text(source)
    result = system.run(program)
    assert result.status == 0, result.stderr
    return result.stdout.decode().splitlines()


def test_packages_are_importable(system: api.System, tmp_path: Path) -> None:
    """They are at pkgsrc's place, with their data, their metadata and what .pth files say."""
    assert lines(
        system,
        tmp_path,
        "import importlib.metadata, importlib.resources, sys, pure, more\n"
        "print(pure.where, importlib.metadata.version('pure'), sys.from_pth)\n"
        "print(importlib.resources.files(pure).joinpath('data.txt').read_text(), sys.path)\n",
    ) == [
        f"{SITE}/pure/__init__.py 1.5 1",
        f"text ['/root', '{LIBRARY}', '{SITE}', '{SITE}/extra']",
    ]


def test_what_is_compiled_makes_way(system: api.System, tmp_path: Path) -> None:
    """Source beside an extension module serves; without it the module is refused by name."""
    assert lines(
        system,
        tmp_path,
        "import compiled.fast\nprint(compiled.fast.slow)\n"
        "try:\n    import compiled.only\nexcept ImportError as e:\n    print(e)\n",
    ) == [
        "1",
        "compiled.only is an extension module that could reach the host;"
        " `run --allow-module compiled.only` allows it",
    ]


def test_packages_cannot_be_written(system: api.System) -> None:
    """The host's files stay as they are."""
    with pytest.raises(OSError, match="Read-only file system"):
        system.root().open(f"{SITE}/pure/data.txt", 1)


def test_without_site_there_is_nothing(k: api.System) -> None:
    """Other installations' packages are not shown."""
    with pytest.raises(FileNotFoundError):
        k.root().stat(f"{LIBRARY}/site-packages")
    with pytest.raises(FileNotFoundError):
        k.root().stat(SITE)


def test_no_such_directory(tmp_path: Path) -> None:
    """boot() says so."""
    with pytest.raises(FileNotFoundError):
        api.boot(site=tmp_path / "nothing")


def test_allowed_modules_are_the_hosts(tmp_path: Path) -> None:
    """A C module that is allowed is the host's; a program's writes to it stay its own."""
    with api.boot(allow_modules=["_sqlite3"]) as system:
        source = (
            "import sqlite3\nc = sqlite3.connect(':memory:')\n"
            "print(c.execute('select 1 + 1').fetchone()[0])\n"
        )
        assert lines(system, tmp_path, source) == ["2"]


def test_pytest_runs_inside(tmp_path: Path) -> None:
    """The packages of the interpreter that runs do their work in an emulated process."""
    source = (
        "import os, pytest\nos.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'\nopen('test_x.py', 'w').write('''\n"
        "import os, pytest, time\n\n@pytest.mark.parametrize('n', [1, 2])\n"
        "def test_n(n, tmp_path, monkeypatch, capsys):\n"
        "    (tmp_path / 'x').write_text(str(n))\n    time.sleep(3600)\n    print(n)\n"
        "    assert capsys.readouterr().out == '1\\\\n'\n''')\n"
        "code = pytest.main(['-q', '-p', 'no:cacheprovider', '-p', 'no:faulthandler', '--tb=line', 'test_x.py'])\n"
        "print(int(code))\n"
    )
    with api.boot(site=True) as system:
        printed = lines(system, tmp_path, source)
    assert printed[-1] == "1"
    assert printed[-2].startswith("1 failed, 1 passed in 7200.")
