# SPDX-License-Identifier: BSD-2-Clause
"""Whether a call costs the same after many others as after few."""

import pytest

from benchmarks.test_syscall import OUT
from benchmarks.yardstick import Figure, Interleaved
from kernel import api
from kernel.sys.fcntl import O_CREAT, O_TRUNC, O_WRONLY
from kernel.sys.ktrace import KTROP_SET, KTRFACv2
from userland import libc
from userland.libktrace.points import DEF_POINTS

FEW, MANY = 10**4, 10**6


def calls(count: int) -> None:
    """Make so many calls."""
    getpid = libc.getpid
    for _ in range(count):
        getpid()


@pytest.mark.parametrize("traced", [False, True], ids=["untraced", "traced"])
def test_growth(interleaved: Interleaved, traced: bool) -> None:
    """Each of a million calls costs at most 1.25 of what each of 10,000 does."""
    with api.boot(limits=api.Limits(fs_size=1 << 30)) as system:
        process = system.process()

        def before() -> None:
            process.proc.p_md.md_history = []
            if traced:
                process.close(process.open(OUT, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
                process.ktrace(OUT, KTROP_SET, DEF_POINTS | KTRFACv2, process.pid)

        got, yard = interleaved.run(
            lambda: process.call(calls, MANY),
            lambda: process.call(calls, FEW),
            rounds=3,
            before=before,
        )
    each, each_yard = got / MANY, yard / FEW
    name = f"a call of {MANY:,} / of {FEW:,}, {'traced' if traced else 'untraced'}"
    interleaved.note(Figure(name, each, each_yard, each / each_yard, 1.25, "x"))
