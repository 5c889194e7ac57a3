# SPDX-License-Identifier: BSD-2-Clause
"""Utilities do what the host's do on what both offer: tests/data/utilities, a paragraph each.

Where GNU and NetBSD differ by design, test_utility_forms has NetBSD's own.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel import api

DATA = Path(__file__).parents[2] / "data" / "utilities"


def paragraphs() -> Iterator[object]:
    """Yield each script, by its utility and number; of utilities that the host has."""
    for path in sorted(DATA.glob("*.sh")):
        if shutil.which(path.stem) is None:
            continue
        for at, text in enumerate(path.read_text().strip().split("\n\n")):
            yield pytest.param(text, id=f"{path.stem}{at}")


@pytest.mark.parametrize("script", list(paragraphs()))
def test_same_as_the_host(script, on_host):
    """Output and exit status of a script equal the host's."""
    host = on_host(script)
    with api.boot() as k:
        guest = k.run(b"/bin/sh", ["-c", script])
    assert guest.stdout == host.stdout, (guest.stderr.decode(), host.stderr.decode())
    assert guest.status == host.returncode


def test_each_utility_is_compared_at_least_six_times():
    """A paragraph may run a utility several times."""
    for path in DATA.glob("*.sh"):
        assert path.read_text().count(path.stem) >= 6, path.stem
