# SPDX-License-Identifier: BSD-2-Clause
"""The idle loop: input, callouts, and the way back to the host."""

import pytest

from kernel import api
from userland.libc import O_RDONLY


class Slow(api.Buffers):
    """A console whose input comes only when nobody else can run."""

    def __init__(self) -> None:
        super().__init__(b"typed\n")
        self.asked: list[bool] = []
        self.come = False

    def read_ready(self, block: bool) -> bool:
        """Only for who waits something comes."""
        self.asked.append(block)
        self.come = self.come or block
        return self.come


def test_a_reader_waits_and_others_run():
    """Polled without waiting while there is something to do, and waited for in the end."""
    console = Slow()
    with api.boot(console=console) as k:
        reader, other = k.process(), k.process()
        reader.begin("read", 0, 100)
        assert other.getpid() == other.pid
        other.nanosleep(3)
        assert not any(console.asked)
        assert reader.finish() == b"typed\n"
        assert True in console.asked


def test_time_jumps_to_the_next_callout(k):
    """A century of sleep takes no time."""
    p = k.root()
    before = k.time()
    p.nanosleep(3e9)
    assert k.time() - before == pytest.approx(3e9, abs=1)


def test_with_nothing_to_come_the_host_goes_on(k):
    """Who waits for what nobody will do is a deadlock, told to the host; others live on."""
    p, q = k.process(), k.process()
    r, _ = p.pipe()
    with pytest.raises(api.Deadlock, match=rf"pid {p.pid} .*piperd"):
        p.read(r, 1)
    assert q.read(q.open("/dev/zero", O_RDONLY), 2) == b"\0\0"


def test_the_loop_returns_once_the_host_has_what_it_wants(k):
    """Who is runnable then goes on with the next call, not before."""
    p, q = k.process(), k.process()
    done: list[str] = []
    q.begin(done.append, "q", run=False)
    p.begin(done.append, "p", run=False)
    p.finish()
    assert done == ["p"]
    q.finish()
    assert done == ["p", "q"]
