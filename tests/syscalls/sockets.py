# SPDX-License-Identifier: BSD-2-Clause
"""Sockets that tests of calls need before they begin, and calls with raw registers."""

from kernel.api import Process
from kernel.sys.in_ import INADDR_LOOPBACK, SockaddrIn
from kernel.sys.socket import AF_INET, AF_LOCAL, SOCK_STREAM, Msghdr
from kernel.sys.un import SockaddrUn
from userland.libc.socket import Sockaddr
from userland.libc.stack import Arena
from userland.libc.syscall import call

BAD = 16  # an address where there is nothing
HERE = SockaddrIn(7000, INADDR_LOOPBACK)
NAME = SockaddrUn(b"s")
CALLS_ON_SOCKETS = (
    "accept paccept bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg"
    " sendmmsg sendmsg sendto setsockopt shutdown"
).split()


def raw(name: str, fd: int) -> int:
    """Make any call on a socket with registers that are otherwise right."""
    with Arena() as memory:
        at, length = memory.room(64), memory.put((64).to_bytes(4, "little"))
        where = memory.put(HERE.pack())
        header = memory.put(Msghdr().pack() + bytes(8))
        registers = {
            "accept": (at, length),
            "paccept": (at, length, 0, 0),
            "bind": (where, 16),
            "connect": (where, 16),
            "getpeername": (at, length),
            "getsockname": (at, length),
            "getsockopt": (0xFFFF, 4, at, length),
            "listen": (1,),
            "recvfrom": (at, 1, 0, 0, 0),
            "recvmmsg": (header, 1, 0, 0),
            "recvmsg": (header, 0),
            "sendmmsg": (header, 1, 0),
            "sendmsg": (header, 0),
            "sendto": (at, 1, 0, 0, 0),
            "setsockopt": (0xFFFF, 4, at, 4),
            "shutdown": (1,),
        }
        return call(name, fd, *registers[name])


def at_bad(name: str, fd: int, *registers: object) -> int:
    """Make a call; bytes among the registers are stored, and their address passed."""
    with Arena() as memory:
        filled = [memory.put(r) if isinstance(r, bytes) else r for r in registers]
        return call(name, fd, *filled)  # type: ignore[arg-type]


def listener(p: Process, address: Sockaddr = HERE, family: int = AF_INET, backlog: int = 5) -> int:
    """Return a socket that listens."""
    s: int = p.socket(family, SOCK_STREAM)
    p.bind(s, address)
    p.listen(s, backlog)
    return s


def local_listener(p: Process, name: SockaddrUn = NAME, backlog: int = 5) -> int:
    """Return a local socket that listens."""
    return listener(p, name, AF_LOCAL, backlog)


def connection(p: Process, q: Process) -> tuple[int, int]:
    """Return the ends of a TCP connection: one accepted by p, q's that has asked for it."""
    s = listener(p)
    c = q.socket(AF_INET, SOCK_STREAM)
    q.connect(c, HERE)
    n, _ = p.accept(s)
    p.close(s)
    return n, c
