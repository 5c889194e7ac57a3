# SPDX-License-Identifier: BSD-2-Clause
"""Seeing and steering another process, by ptrace(2).  NetBSD sys/sys/ptrace.h.

The call itself is ptrace(req, pid, addr, data); the functions here are for the
requests whose addr leads to a struct.
"""

from struct import Struct

from kernel.sys import ptrace as pt
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.siginfo import Siginfo
from userland.libc.stack import Frame, fetch, pushbytes, reserve
from userland.libc.sys import ptrace

__all__ = [
    "PtraceSiginfo",
    "ptrace_getregs",
    "ptrace_lwps",
    "ptrace_peek",
    "ptrace_poke",
    "ptrace_set_events",
    "ptrace_siginfo",
    "ptrace_state",
]

_SYSCALL = Struct("<iiii8Q")


class PtraceSiginfo(NamedTuple):
    """What a process has stopped for (struct ptrace_siginfo).

    si_sysnum and what follows count for TRAP_SCE and TRAP_SCX only.
    """

    psi_siginfo: Siginfo
    psi_lwpid: int
    si_sysnum: int
    si_retval: tuple[int, int]
    si_error: int
    si_args: tuple[int, ...]


def ptrace_siginfo(pid: int) -> PtraceSiginfo:
    """Return what pid has stopped for (PT_GET_SIGINFO).

    Raises:
        OSError: as ptrace.
    """
    data = _ask(pt.PT_GET_SIGINFO, pid, pt.SIZEOF_PTRACE_SIGINFO)
    number, *rest = _SYSCALL.unpack_from(data, pt.SIGINFO_REASON)
    lid = int.from_bytes(data[-8:-4], "little")
    info = Siginfo.unpack(data[:-8])
    return PtraceSiginfo(info, lid, number, (rest[0], rest[1]), rest[2], tuple(rest[3:]))


def ptrace_state(pid: int) -> pt.PtraceState:
    """Return the event that pid has stopped for (PT_GET_PROCESS_STATE).

    Raises:
        OSError: as ptrace.
    """
    return pt.PtraceState.unpack(_ask(pt.PT_GET_PROCESS_STATE, pid, pt.SIZEOF_PTRACE_STATE))


def ptrace_set_events(pid: int, events: int) -> None:
    """Have pid stop at events, PTRACE_FORK ..., as well (PT_SET_EVENT_MASK).

    Raises:
        OSError: ENOTSUP, an event that there is none of; and as ptrace.
    """
    with Frame() as lwp:
        size = pt.SIZEOF_PTRACE_EVENT
        ptrace(pt.PT_SET_EVENT_MASK, pid, pushbytes(lwp, events.to_bytes(size, "little")), size)


def ptrace_lwps(pid: int) -> list[pt.PtraceLwpinfo]:
    """Return pid's LWPs, and which has stopped the process (PT_LWPINFO).

    Raises:
        OSError: as ptrace.
    """
    found: list[pt.PtraceLwpinfo] = []
    size = pt.SIZEOF_PTRACE_LWPINFO
    while True:
        last = found[-1] if found else pt.PtraceLwpinfo(0)
        with Frame() as lwp:
            at = pushbytes(lwp, last.pack())
            ptrace(pt.PT_LWPINFO, pid, at, size)
            info = pt.PtraceLwpinfo.unpack(fetch(lwp, at, size))
        if not info.pl_lwpid:
            return found
        found.append(info)


def ptrace_getregs(pid: int) -> tuple[int, ...]:
    """Return the 26 words of pid's struct reg (PT_GETREGS).

    Raises:
        OSError: as ptrace.
    """
    words: tuple[int, ...] = pt.REG.unpack(_ask(pt.PT_GETREGS, pid, pt.REG.size))
    return words


def ptrace_peek(pid: int, address: int, size: int) -> bytes:
    """Return size bytes of pid's memory (PT_IO, PIOD_READ_D).

    Raises:
        OSError: EFAULT, they are not all there; and as ptrace.
    """
    with Frame() as lwp:
        room = reserve(lwp, size)
        desc = pt.PtraceIoDesc(pt.PIOD_READ_D, address, room, size)
        at = pushbytes(lwp, desc.pack())
        ptrace(pt.PT_IO, pid, at, 0)
        done = pt.PtraceIoDesc.unpack(fetch(lwp, at, pt.SIZEOF_PTRACE_IO_DESC))
        return fetch(lwp, room, done.piod_len)


def ptrace_poke(pid: int, address: int, data: bytes) -> None:
    """Store data in pid's memory (PT_IO, PIOD_WRITE_D).

    Raises:
        OSError: EFAULT; and as ptrace.
    """
    with Frame() as lwp:
        desc = pt.PtraceIoDesc(pt.PIOD_WRITE_D, address, pushbytes(lwp, data), len(data))
        ptrace(pt.PT_IO, pid, pushbytes(lwp, desc.pack()), 0)


def _ask(request: int, pid: int, size: int) -> bytes:
    with Frame() as lwp:
        room = reserve(lwp, size)
        ptrace(request, pid, room, size)
        return fetch(lwp, room, size)
