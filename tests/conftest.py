# SPDX-License-Identifier: BSD-2-Clause
"""A booted kernel for every test that asks for one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel import api


@pytest.fixture
def k() -> Iterator[api.System]:
    """A kernel, round robin, virtual time, its console buffers."""
    with api.boot() as system:
        yield system


@pytest.fixture
def run(k: api.System, tmp_path: Path) -> Callable[..., api.Result]:
    """Run the text of a program on k."""

    def runner(source: str, *argv: str, **options: object) -> api.Result:
        program = tmp_path / "prog.py"
        program.write_text(source)
        return k.run(program, argv, **options)  # type: ignore[arg-type]

    return runner
