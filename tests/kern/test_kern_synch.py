# SPDX-License-Identifier: BSD-2-Clause
"""Sleep, wakeup, the schedule and time."""

import pytest

from kernel import api

LAB = "from userland.libc import *\n"

RACE = (
    LAB
    + "for name in (b'a', b'b', b'c'):\n"
    + "    if fork() == 0:\n"
    + "        for _ in range(200):\n            getppid()\n"
    + "        write(1, name)\n        _exit(0)\n"
    + "for _ in range(3):\n    wait()\n"
)


def test_an_idle_kernel_jumps_to_the_next_callout(k):
    """A day of sleep takes no time outside, and a day inside."""
    before = k.time()
    k.root().nanosleep(86400)
    assert 86400 <= k.time() - before < 86401


def test_sleepers_wake_in_the_order_of_their_times(run):
    """The shortest sleep ends first, whoever began first."""
    result = run(
        LAB
        + "for n in (3, 1, 2):\n"
        + "    if fork() == 0:\n        nanosleep(n)\n        write(1, b'%d' % n)\n        _exit(0)\n"
        + "for _ in range(3):\n    wait()\n"
    )
    assert result.stdout == b"123", result.stderr


def test_nobody_can_ever_wake(k):
    """All asleep and no callout: a deadlock that says who waits for what."""
    p = k.root()
    r, _ = p.pipe()
    with pytest.raises(api.Deadlock, match="piperd"):
        p.read(r, 1)


def test_csw_records_come_in_pairs_around_a_sleep(k):
    """stop before, resume after: (1, 0) and (0, 0)."""
    import io

    sink = io.BytesIO()
    p = k.root()
    k.ktrace(p, sink, "w")
    p.nanosleep(1)
    p._exit(0)
    from userland import libktrace

    bodies = [r.body() for r in libktrace.open(io.BytesIO(sink.getvalue()))]
    assert [(b.out, b.user) for b in bodies] == [(1, 0), (0, 0)]


def test_the_same_seed_gives_the_same_trace(tmp_path):
    """One program, one seed, one trace, byte for byte; other seeds give other schedules."""
    program = tmp_path / "race.py"
    program.write_text(RACE)
    traces, outputs = [], set()
    for seed in (1, 1, *range(2, 12)):
        with api.boot(seed=seed) as k:
            result = k.run(program, ktrace=True)
            traces.append(result.ktrace)
            outputs.add(result.stdout)
    assert traces[0] == traces[1]
    assert len(outputs) > 1


def test_a_long_runner_does_not_starve_the_others(run):
    """A process that only makes calls is preempted at the end of its slice."""
    result = run(
        LAB
        + "r, w = pipe()\n"
        + "if fork() == 0:\n    write(w, b'x')\n    _exit(0)\n"
        + "fcntl(r, F_SETFL, O_NONBLOCK)\n"
        + "tries = 0\n"
        + "while True:\n    try:\n        read(r, 1)\n        break\n    except BlockingIOError:\n        tries += 1\n"
        + "print(tries > 0)\n"
    )
    assert result.stdout == b"True\n", result.stderr
