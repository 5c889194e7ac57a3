# SPDX-License-Identifier: BSD-2-Clause
"""What each call on sockets leaves in a trace: paths, bytes, and what is copied in and out."""

import io
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from kernel.api import Process
from kernel.sys.in_ import INADDR_LOOPBACK, SockaddrIn
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KtrGenio,
    KtrUser,
)
from kernel.sys.socket import (
    AF_INET,
    AF_LOCAL,
    SCM_RIGHTS,
    SHUT_WR,
    SO_TYPE,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    Msghdr,
)
from kernel.sys.uio import UIO_READ, UIO_WRITE
from kernel.sys.un import SockaddrUn
from tests.syscalls.errnos import CALLS, Traced
from tests.syscalls.sockets import HERE, NAME, listener, local_listener
from userland import libktrace


class Place(NamedTuple):
    """A process with sockets."""

    p: Process
    a: int  # of a pair of datagram sockets, ...
    b: int  # ... which has received "one", "two"
    listening: int  # locally, at NAME, where somebody waits
    udp: int  # bound to HERE
    fresh: int  # a local stream without a name


def genio(rw: int, data: bytes) -> tuple[int, Any]:
    return KTR_GENIO, (rw, data)


def user(label: str, data: bytes | None = None) -> tuple[int, Any]:
    return KTR_USER, (label, data)


def namei(path: bytes) -> tuple[int, Any]:
    return KTR_NAMEI, path


HEAD = user("msghdr")
FROM = SockaddrUn(b"").pack()
RIGHTS = [(SOL_SOCKET, SCM_RIGHTS, bytes(4))]
Act = Callable[[Place], object]

TRACES: dict[str, tuple[Act, tuple[tuple[int, Any], ...]]] = {
    "socket": (lambda w: w.p.socket(AF_INET, SOCK_STREAM), ()),
    "socketpair": (lambda w: w.p.socketpair(AF_LOCAL, SOCK_STREAM), ()),
    "bind": (
        lambda w: w.p.bind(w.fresh, SockaddrUn(b"new")),
        (user("mbsoname", SockaddrUn(b"new").pack()), namei(b"new")),
    ),
    "connect": (
        lambda w: w.p.connect(w.fresh, NAME),
        (user("mbsoname", NAME.pack()), namei(b"s")),
    ),
    "listen": (lambda w: w.p.listen(w.listening, 1), ()),
    "accept": (lambda w: w.p.accept(w.listening), (user("mbsoname", FROM),)),
    "paccept": (lambda w: w.p.paccept(w.listening), (user("mbsoname", FROM),)),
    "getsockname": (lambda w: w.p.getsockname(w.udp), (user("mbsoname", HERE.pack()),)),
    "getpeername": (lambda w: w.p.getpeername(w.a), (user("mbsoname", FROM),)),
    "getsockopt": (lambda w: w.p.getsockopt(w.a, SOL_SOCKET, SO_TYPE), ()),
    "setsockopt": (lambda w: w.p.setsockopt(w.a, SOL_SOCKET, 4, 1), ()),
    "shutdown": (lambda w: w.p.shutdown(w.a, SHUT_WR), ()),
    "sendto": (
        lambda w: w.p.sendto(w.udp, b"data", 0, HERE),
        (HEAD, user("mbsoname", HERE.pack()), genio(UIO_WRITE, b"data")),
    ),
    "sendmsg": (
        lambda w: w.p.sendmsg(w.a, [b"da", b"ta"], RIGHTS),
        (HEAD, user("mbcontrol"), genio(UIO_WRITE, b"da"), genio(UIO_WRITE, b"ta")),
    ),
    "sendmmsg": (
        lambda w: w.p.sendmmsg(w.a, [[b"da"], [b"ta"]]),
        (HEAD, genio(UIO_WRITE, b"da"), HEAD, HEAD, genio(UIO_WRITE, b"ta"), HEAD),
    ),
    "recvfrom": (
        lambda w: w.p.recvfrom(w.b, 100),
        (HEAD, genio(UIO_READ, b"one"), user("mbsoname", FROM)),
    ),
    "recvmsg": (
        lambda w: w.p.recvmsg(w.b, 100, 100),
        (
            HEAD,
            genio(UIO_READ, b"one"),
            user("mbcontrol"),
            user("mbsoname", FROM),
            HEAD,
        ),
    ),
    "recvmmsg": (
        lambda w: w.p.recvmmsg(w.b, [100]),
        (HEAD, genio(UIO_READ, b"one"), user("mbsoname", FROM), HEAD),
    ),
}
_WORDS = {KTR_NAMEI: "NAMI", KTR_GENIO: "GIO", KTR_USER: "MISC"}


def kinds(middle: tuple[tuple[int, Any], ...]) -> str:
    """The records of a call in kdump's words."""
    return " ".join(["CALL", *(_WORDS[kind] for kind, _ in middle), "RET"])


@pytest.fixture
def place(root: Process, other: Process) -> Place:
    a, b = root.socketpair(AF_LOCAL, SOCK_DGRAM)
    root.sendmsg(a, [b"one"], RIGHTS)
    root.write(a, b"two")
    root.umask(0)
    listening = local_listener(root)
    other.connect(other.socket(AF_LOCAL, SOCK_STREAM), NAME)
    udp = root.socket(AF_INET, SOCK_DGRAM)
    root.bind(udp, HERE)
    return Place(root, a, b, listening, udp, root.socket(AF_LOCAL, SOCK_STREAM))


def seen(record: libktrace.Record) -> tuple[int, Any]:
    """A record as the table has it."""
    if record.type == KTR_GENIO:
        return genio(record.body(KtrGenio).ktr_rw, record.data)
    if record.type == KTR_USER:
        label = record.body(KtrUser).ktr_id.rstrip(b"\0").decode()
        return user(label, record.data if label == "mbsoname" else None)
    return record.type, record.payload


@pytest.mark.parametrize(
    ("call", "act", "middle"),
    [
        pytest.param(call, act, middle, id=call, marks=pytest.mark.trace(call, kinds(middle)))
        for call, (act, middle) in TRACES.items()
    ],
)
def test_records(k, place, call, act, middle):
    """Between CALL and RET: names, messages and control data as they are copied, and the bytes."""
    trace = Traced(k, place.p)
    act(place)
    records = trace.records()
    begin = [at for at, r in enumerate(records) if r.type == KTR_SYSCALL][-1]
    first, *between, last = records[begin:]
    assert first.body().ktr_code == CALLS[call].number
    assert (last.type, last.body().ktr_error) == (KTR_SYSRET, 0)
    assert [seen(record) for record in between] == list(middle)


def test_waiting(k, root, other):
    """A connect that waits has a CSW pair before its RET; what moves is recorded after it."""
    listener(root)
    c = other.socket(AF_INET, SOCK_STREAM)
    trace = Traced(k, other)
    other.connect(c, HERE)
    assert [r.type for r in trace.records()][-4:] == [KTR_USER, KTR_CSW, KTR_CSW, KTR_SYSRET]
    n, _ = root.accept(3)
    other.begin("recv", c, 10)
    root.write(n, b"hello")
    other.finish()
    kinds = [r.type for r in trace.records()][-5:]
    assert kinds == [KTR_USER, KTR_CSW, KTR_CSW, KTR_GENIO, KTR_SYSRET]


def test_no_such_records_in_version_0(k, place):
    """The seed's format has bytes and paths only."""
    sink = io.BytesIO()
    k.ktrace(place.p, sink, "cniu", version=0, inherit=False)
    place.p.recvmsg(place.b, 100, 100)
    records = list(libktrace.open(io.BytesIO(sink.getvalue())))
    assert [r.type for r in records][-3:] == [KTR_SYSCALL, KTR_GENIO, KTR_SYSRET]


def test_kdump_prints_them(k, place):
    """msghdr, mbsoname, mbcontrol are printed by what is in them."""
    sink = io.BytesIO()
    k.ktrace(place.p, sink, "cniu", inherit=False)
    place.p.sendto(place.udp, b"x", 0, SockaddrIn(9, INADDR_LOOPBACK))
    place.p.recvmsg(place.b, 100, 100)
    k.install(b"/t/out", sink.getvalue())
    shown = k.run(b"/usr/bin/kdump", ["-f", "/t/out"]).stdout.decode()
    assert "mbsoname: [127.0.0.1]" in shown
    assert "mbcontrol: [len=20, level=65535, type=1]" in shown
    assert "msghdr: [name=0x" in shown


def test_a_trace_through_a_socket(k, root, other):
    """fktrace to a stream: the records come out at the other end, whole."""
    a, b = root.socketpair(AF_LOCAL, SOCK_STREAM)
    root.fktrace(a, 0, 1 << 1 | 1 << 2 | 2 << 24, other.pid)  # SET, SYSCALL and SYSRET, v2
    for _ in range(3):
        other.getpid()
    data = root.recv(b, 4000)
    records = list(libktrace.open(io.BytesIO(data)))
    assert [r.type for r in records if r.type in (KTR_SYSCALL, KTR_SYSRET)] == [1, 2] * 3
    assert len(Msghdr().pack()) == 48
