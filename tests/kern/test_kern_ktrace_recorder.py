# SPDX-License-Identifier: BSD-2-Clause
"""The records of calls, made by the helper's recorders and by their twins: the same bytes."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import api
from kernel.kern import kern_ktrace
from kernel.sys.ktrace import KTR_SYSCALL, KTR_SYSRET
from kernel.sys.syscall import sysno
from kernel.sys.systm import SYS_NSYSENT
from userland import libktrace

CODES = st.integers(0, SYS_NSYSENT - 1)
REGISTERS = st.integers(-(1 << 70), 1 << 70)
CALLS = (kern_ktrace.ktrsyscall, kern_ktrace._ktrsyscall)
RETURNS = (kern_ktrace.ktrsysret, kern_ktrace._ktrsysret)


class Traces:
    """A process with a trace, and one whose trace has ended."""

    def __init__(self, system: api.System) -> None:
        self.sink = io.BytesIO()
        self.traced, self.untraced = system.process(), system.process()
        system.ktrace(self.traced, self.sink)
        system.ktrace(self.untraced, io.BytesIO())
        kern_ktrace.ktrderef(self.untraced.proc)

    def recorded(self, record: Callable[..., None], *what: Any) -> bytes:
        """Return a record of the first process's trace."""
        self.sink.seek(0)
        self.sink.truncate()
        record(self.traced.lwp, *what)
        return self.sink.getvalue()


@pytest.fixture(scope="module")
def traces() -> Iterator[Traces]:
    with api.boot() as system:
        yield Traces(system)


@given(CODES, st.lists(REGISTERS, max_size=10).map(tuple))
def test_calls(traces: Traces, code: int, args: tuple[int, ...]) -> None:
    """Any number, any registers, more or fewer than the call takes."""
    one, other = (traces.recorded(record, code, args) for record in CALLS)

    assert one == other
    assert next(iter(libktrace.open(io.BytesIO(one)))).type == KTR_SYSCALL


@given(CODES, st.integers(-5, 100), st.none() | REGISTERS | st.tuples(REGISTERS, REGISTERS))
def test_returns(traces: Traces, code: int, error: int, retval: Any) -> None:
    """No register, one or two, an error or none."""
    one, other = (traces.recorded(record, code, error, retval) for record in RETURNS)

    assert one == other
    assert next(iter(libktrace.open(io.BytesIO(one)))).type == KTR_SYSRET


@pytest.mark.parametrize("record", CALLS)
def test_what_is_no_integer(traces: Traces, record: Callable[..., None]) -> None:
    """A record holds integers: nothing of it is written."""
    with pytest.raises(TypeError):
        traces.recorded(record, sysno("write"), (1, "2"))
    assert traces.sink.getvalue() == b""


@pytest.mark.parametrize("record", CALLS)
def test_a_trace_that_has_ended(traces: Traces, record: Callable[..., None]) -> None:
    """Nothing happens: it may end between a call and its return."""
    record(traces.untraced.lwp, sysno("getpid"), ())


def test_a_real_clock() -> None:
    """The time is the host's; it does not go back."""
    sink = io.BytesIO()
    with api.boot(real_clock=True) as system:
        process = system.process()
        system.ktrace(process, sink)
        process.getpid()
        process.getpid()
    times = [record.time for record in libktrace.open(io.BytesIO(sink.getvalue()))]
    assert len(times) >= 4
    assert times == sorted(times)
