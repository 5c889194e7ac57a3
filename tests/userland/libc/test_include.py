# SPDX-License-Identifier: BSD-2-Clause
"""What programs include."""

import subprocess
import sys
from pathlib import Path

from userland.libc import exports, include, makeinclude

ROOT = Path(__file__).parents[3]


def test_exports_are_fresh() -> None:
    """exports.py is what makeinclude makes."""
    assert Path(exports.__file__).read_text() == makeinclude.source()


def test_every_name_is_there() -> None:
    """What dir() names can be had, and nothing else."""
    assert {"write", "SIGINT", "pthread_create", "_exit", "_lwp_self"} <= set(dir(include))
    assert all(getattr(include, name, None) is not None for name in dir(include))
    assert not hasattr(include, "Annotated")


def test_only_what_is_named_is_loaded() -> None:
    """A function's module is loaded when the function is first asked for."""
    code = (
        "import sys; from userland.libc import include as libc\n"
        "assert 'userland.libc.stdlib' not in sys.modules\n"
        "libc.getenv\n"
        "assert 'userland.libc.stdlib' in sys.modules and 'getenv' in vars(libc)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_names_of_the_package_are_kept() -> None:
    """A function is looked for once; one with the name of its module does not hide the module."""
    code = (
        "import sys; from userland import libc\n"
        "assert libc.getpid is vars(libc)['getpid'] and callable(libc.poll)\n"
        "assert libc.poll is sys.modules['userland.libc.poll']"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_program_has_all_of_libc(run) -> None:
    """A star gives a program every name; a name alone is there as well, also a module's."""
    done = run(
        "from userland.libc import *\nimport userland.libc as c\nfrom userland.libc import getpid\n"
        "print(write is c.write, getpid() > 0, callable(select), SIGINT, len(c.__all__) > 1900)\n"
    )
    assert done.stderr == b""
    assert done.stdout == b"True True True 2 True\n"
