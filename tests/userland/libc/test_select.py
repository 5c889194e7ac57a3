# SPDX-License-Identifier: BSD-2-Clause
"""select, pselect, poll and pollts as programs call them."""

import errno

import pytest

from kernel.sys.file import POLLIN, POLLOUT
from kernel.sys.signal import SIGUSR1
from kernel.sys.time import Timespec, Timeval


@pytest.mark.parametrize("fill", [b"", b"x"])
def test_a_pipe_is_ready(k, fill):
    """All four agree on which end of a pipe is ready: the one to read from once there is something."""
    p = k.root()
    rfd, wfd = p.pipe()
    if fill:
        p.write(wfd, fill)
    readable = {rfd} if fill else set()
    assert p.select([rfd], [wfd], [rfd]) == (readable, {wfd}, set())
    assert p.pselect([rfd], [wfd], [], Timespec(1, 0)) == (readable, {wfd}, set())
    ready = [(rfd, POLLIN)] * bool(fill) + [(wfd, POLLOUT)]
    assert p.poll([(rfd, POLLIN), (wfd, POLLOUT)]) == ready
    assert p.pollts([(rfd, POLLIN), (wfd, POLLOUT)], Timespec(0, 0)) == ready


@pytest.mark.parametrize(
    ("name", "timeout"),
    [("select", Timeval(2, 500_000)), ("pselect", Timespec(2, 500_000_000))],
)
def test_time_runs_out(k, name, timeout):
    """A timeout that passes leaves empty sets, that long after."""
    p = k.root()
    rfd, _ = p.pipe()
    begin = k.time()
    assert p.call(name, [rfd], (), (), timeout) == (set(), set(), set())
    assert 2.5 <= k.time() - begin < 2.6


@pytest.mark.parametrize(("name", "idle"), [("pollts", []), ("pselect", (set(),) * 3)])
def test_the_mask_is_for_the_time_of_the_call(k, name, idle):
    """A signal that the call's mask blocks does not end it; one that it lets in does."""
    p, killer = k.root(), k.process()
    p.signal(SIGUSR1, lambda signo: None)
    rfd, _ = p.pipe()
    asked = ([(rfd, POLLIN)],) if name == "pollts" else ([rfd], (), ())
    p.begin(name, *asked, Timespec(1, 0), [SIGUSR1])
    killer.kill(p.pid, SIGUSR1)
    assert p.finish() == idle
    p.begin(name, *asked, Timespec(1, 0), [])
    killer.kill(p.pid, SIGUSR1)
    with pytest.raises(OSError, match="Interrupted") as failure:
        p.finish()
    assert failure.value.errno == errno.EINTR
