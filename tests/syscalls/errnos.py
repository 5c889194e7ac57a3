# SPDX-License-Identifier: BSD-2-Clause
"""Tests of errors by their call: what the manual calls it, and families of calls that fail alike."""

import io
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from kernel.api import Process, System
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_CSW, KTR_PSIG, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.syscall import SYSCALLS, Syscall, c_name
from userland import libktrace


def manual_name(row: Syscall) -> str:
    """What section 2 of the manual calls a call: "stat" for __stat50, "getcwd" for __getcwd."""
    return c_name(row.name).removeprefix("__")


CALLS: Final = {manual_name(row): row for row in SYSCALLS.values() if row.type in ("STD", "NOERR")}


def errnos(errno: Errno, calls: Mapping[str, Callable[..., tuple[Any, ...]]]) -> Any:
    """Run a test for each call: its `call` makes (libc function, arguments) that ought to fail.

    Keys are the manual's names; "open+creat" is a second way to make open fail.
    """
    return pytest.mark.parametrize(
        "call",
        [
            pytest.param(make, id=name, marks=pytest.mark.errno(name.partition("+")[0], errno))
            for name, make in calls.items()
        ],
    )


class Traced:
    """A process under ktrace while something is done with it."""

    def __init__(self, k: System, p: Process, points: str = "cniusw") -> None:
        self._sink = io.BytesIO()
        k.ktrace(p, self._sink, points, inherit=False)
        self._pid = p.pid

    def records(self) -> list[libktrace.Record]:
        """What has been recorded."""
        records = libktrace.open(io.BytesIO(self._sink.getvalue()))
        return [record for record in records if record.pid == self._pid]


def check_failure(records: list[libktrace.Record], call: str, errno: Errno) -> None:
    """The last call of a trace, but for its signal's handler, is the one meant; it returned errno."""
    skipped = (KTR_CSW, KTR_PSIG)
    handlers = [at for at, record in enumerate(records) if record.type == KTR_PSIG]
    records = records[: handlers[-1]] if handlers else records
    calls = [record for record in records if record.type == KTR_SYSCALL]
    last = [record for record in records if record.type not in skipped][-1]
    assert calls[-1].body().ktr_code == CALLS[call].number, f"the last call is not {call}"
    assert last.type == KTR_SYSRET
    ret = last.body()
    assert ret.ktr_code == CALLS[call].number
    returned = ret.ktr_error or ret.ktr_retval  # posix_fallocate(2) returns its error
    assert returned == errno, f"{call} returned {returned}, not {errno!r}"
