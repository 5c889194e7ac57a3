# SPDX-License-Identifier: BSD-2-Clause
"""kdump as a function: the flags and a trace in, what it prints out."""

import io
from collections.abc import Callable

import pytest

from userland.libktrace import kdump


def run(*args: str, trace: bytes = b"", columns: int | None = None) -> tuple[int, str, str]:
    """Run kdump with the trace as any file but "nosuch"; return status, output, errors."""
    out, err = io.BytesIO(), io.BytesIO()

    def open_binary(name: str) -> io.BytesIO:
        if name == "nosuch":
            raise FileNotFoundError(2, "No such file or directory", name)
        return io.BytesIO(trace)

    status = kdump.main(["kdump", *args], open_binary, out, err, columns=columns)
    return status, out.getvalue().decode("latin-1"), err.getvalue().decode("latin-1")


def text(*args: str, trace: bytes, columns: int | None = None) -> str:
    """Return what kdump prints, without the part of each line that names the process."""
    status, out, err = run(*args, trace=trace, columns=columns)
    assert (status, err) == (0, "")
    lines = out.splitlines(keepends=True)
    starts = ("     1      1 prog     ", "     1 prog     ")
    return "".join(
        next((line[len(s) :] for s in starts if line.startswith(s)), line) for line in lines
    )


@pytest.fixture(name="run")
def run_fixture() -> Callable[..., tuple[int, str, str]]:
    """run(*flags, trace, columns) gives status, output, errors."""
    return run


@pytest.fixture(name="text")
def text_fixture() -> Callable[..., str]:
    """text(*flags, trace, columns) gives the output, lines without who they are about."""
    return text
