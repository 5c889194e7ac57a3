# SPDX-License-Identifier: BSD-2-Clause
"""What a call does not look at: the many others there are of what it is about."""

import tracemalloc

import pytest

from kernel import api
from kernel.kern.kern_descrip import fd_getfile
from kernel.netinet.in_pcb import in_pcblookup_bind
from kernel.sys.event import EV_ADD, EVFILT_USER, NOTE_TRIGGER, Kevent
from kernel.sys.in_ import INADDR_LOOPBACK, IPPROTO_TCP, SockaddrIn
from kernel.sys.mman import MAP_ANON
from kernel.sys.signal import SIGCHLD
from kernel.sys.socket import AF_INET, SOCK_STREAM
from kernel.sys.time import Timespec
from tests.steps import lines
from userland import libc
from userland.libc import WNOHANG

FEW, MANY = 10, 300
PAGE = 4096


@pytest.fixture
def p():
    with api.boot(limits=api.Limits(nofile=(3 * MANY, 3 * MANY), nproc=(2 * MANY, 2 * MANY))) as k:
        yield k.process()


def map_page():
    return libc.mmap(0, PAGE, flags=MAP_ANON)


def test_mmap(p):
    """A mapping finds its place, and its size is within the limit, whatever else is mapped."""

    def measure():
        for _ in range(FEW):
            map_page()
        few = lines(map_page)
        places = [map_page() for _ in range(MANY)]
        return few, lines(map_page), places

    few, many, places = p.call(measure)
    assert many <= few
    assert places == list(range(places[0], places[0] - MANY * PAGE, -PAGE))


def test_mmap_reuses(p):
    """What is unmapped is free again, the highest first; a larger piece goes where it has room."""

    def unmap():
        places = [map_page() for _ in range(6)]
        for at in (4, 1, 2):
            libc.munmap(places[at], PAGE)
        found = [libc.mmap(0, 2 * PAGE, flags=MAP_ANON), map_page(), map_page()]
        return found == [places[2], places[4], places[5] - PAGE]

    assert p.call(unmap)


def test_waitpid(p):
    """Who waits for one child looks at that one."""

    def measure():
        def child(_arg):
            libc.nanosleep(1000)
            return 0

        pids = [libc.clone(child, SIGCHLD) for _ in range(FEW)]
        few = lines(libc.waitpid, pids[-1], WNOHANG)
        pids = [libc.clone(child, SIGCHLD) for _ in range(MANY)]
        return few, lines(libc.waitpid, pids[-1], WNOHANG)

    few, many = p.call(measure)
    assert many <= few


def test_kevent(p):
    """To tell one of very many events, the others are not copied."""
    kq = p.kqueue()
    events = [Kevent(n, EVFILT_USER, EV_ADD, NOTE_TRIGGER, 0, 0) for n in range(20_000)]
    p.kevent(kq, events)
    p.kevent(kq, [event._replace(flags=0) for event in events])

    def measure():
        tracemalloc.start()
        told = [libc.kevent(kq, [], 1, Timespec(0, 0))[0].ident for _ in range(3)]
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return told, size

    told, size = p.call(measure)
    assert told == [0, 1, 2]
    assert size < len(events)


def test_connect(p):
    """Who asks a listener for a connection does not pass those it has."""
    here = SockaddrIn(7000, INADDR_LOOPBACK)
    listener = p.socket(AF_INET, SOCK_STREAM)
    p.bind(listener, here)
    p.listen(listener, 5)
    steps = []
    for count in (FEW, MANY):
        for _ in range(count):
            p.connect(p.socket(AF_INET, SOCK_STREAM), here)
            p.accept(listener)
        table = p.kernel.net.inpcbtables[IPPROTO_TCP]
        inp = fd_getfile(p.proc, listener).f_data.so_pcb
        assert in_pcblookup_bind(table, inp.inp_laddr, 7000) is inp
        steps.append(lines(in_pcblookup_bind, table, inp.inp_laddr, 7000))
    assert steps[1] <= steps[0]
