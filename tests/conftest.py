# SPDX-License-Identifier: BSD-2-Clause
"""A booted kernel for every test that asks for one."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kernel import api

# One tree, one answer: HYPOTHESIS_PROFILE=default looks elsewhere each time.
# How long that takes is no failure: a machine may be slow, and busy.
settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# The host's programs that are compared with start with every signal at its default, although the
# tests may be run by nohup(1) or in the background, where some are ignored.
for _signo in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
    if signal.getsignal(_signo) is signal.SIG_IGN:
        signal.signal(_signo, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Have the collector pass over what stays to the end: modules, and the tests themselves."""
    gc.collect()
    gc.freeze()


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
