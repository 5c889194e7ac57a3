# SPDX-License-Identifier: BSD-2-Clause
"""What each descriptor of each process is, as far as a trace's calls tell."""

from collections.abc import Callable
from typing import Final

from kernel.sys.fcntl import F_CLOSEM, F_DUPFD, F_DUPFD_CLOEXEC, F_SETFD, FD_CLOEXEC, O_CLOEXEC
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.socket import SOCK_CLOEXEC
from userland.libktrace.calls import Call

_SOCKETS: Final = frozenset(("accept", "paccept"))
_FILES: Final = frozenset(("open", "openat"))
_OTHERS: Final = frozenset(("kqueue", "kqueue1", "eventfd", "timerfd_create", "mq_open", "socket"))
_PAIRS: Final = frozenset(("pipe", "pipe2", "socketpair"))

_CLOEXEC: Final = {"pipe": O_CLOEXEC, "socket": SOCK_CLOEXEC}


class Open(NamedTuple):
    """An open descriptor: what it is, None if nobody has told, and the call that it is from.

    Not own is what another process has opened, or another program.
    """

    what: str | None
    call: Call
    own: bool = True


Table = dict[int, Open]


class Descriptors:
    """The tables of all processes; a call changes them when it has returned."""

    def __init__(self) -> None:
        self._tables: dict[int, Table] = {}
        self._closed_by_exec: dict[int, set[int]] = {}
        self._pipes = 0

    def name(self, pid: int, fd: int) -> str | None:
        """Return what fd of a process is: a path, pipe:[1], socket; None if nobody has told."""
        found = self._tables.get(pid, {}).get(fd)
        return None if found is None else found.what

    def opened(self, pid: int) -> dict[int, Call]:
        """Return the descriptors that a program has open and has opened itself, by which call."""
        table = self._tables.get(pid, {})
        return {fd: one.call for fd, one in sorted(table.items()) if one.own}

    def add(self, call: Call) -> None:
        """Take note of a call."""
        if call.row is None or call.failed:
            return
        name = call.c_name
        self._tables.setdefault(call.pid, {})
        if call.child:
            self._fork(call)
        elif name in _FILES:
            path = call.paths[0] if call.paths else None
            self._open(call, path, bool(open_flags(call) & O_CLOEXEC))
        elif name in _SOCKETS or name in _OTHERS:
            self._open(call, "socket" if name in _SOCKETS else name.removesuffix("1"), False)
        elif name in _PAIRS:
            self._pipe(call)
        elif name in _CHANGES:
            _CHANGES[name](self, call)

    def _fork(self, call: Call) -> None:
        """A child has what its parent has; one that has gone far by now has told of its own."""
        lost = self._cloexec(call.pid) if call.name == "posix_spawn" else set()
        table = {
            fd: one._replace(own=False)
            for fd, one in self._tables[call.pid].items()
            if fd not in lost
        }
        self._tables.setdefault(call.child, table)
        self._closed_by_exec.setdefault(call.child, self._cloexec(call.pid) - lost)

    def _cloexec(self, pid: int) -> set[int]:
        return self._closed_by_exec.setdefault(pid, set())

    def _open(self, call: Call, what: str | None, cloexec: bool) -> None:
        self._tables[call.pid][call.value] = Open(what, call)
        self._mark(call.pid, call.value, cloexec)

    def _mark(self, pid: int, fd: int, cloexec: bool) -> None:
        (self._cloexec(pid).add if cloexec else self._cloexec(pid).discard)(fd)

    def _pipe(self, call: Call) -> None:
        """Both ends: pipe(2) returns them in its two registers, the others store them."""
        ends = call.stored or (call.values if call.values[1] else ())
        if ends:
            self._pipes += 1
            kind = "socket" if call.name == "socketpair" else "pipe"
            flags = call.argument("type" if kind == "socket" else "flags")
            for fd in ends:
                self._tables[call.pid][fd] = Open(f"{kind}:[{self._pipes}]", call)
                self._mark(call.pid, fd, bool(flags & _CLOEXEC[kind]))

    def _close(self, call: Call) -> None:
        self._tables[call.pid].pop(_first(call), None)

    def _closefrom(self, call: Call) -> None:
        table = self._tables[call.pid]
        for fd in [fd for fd in table if fd >= _first(call)]:
            del table[fd]

    def _dup(self, call: Call) -> None:
        if call.value != _first(call):  # dup2(2) of one onto itself changes nothing
            self._open(call, self.name(call.pid, _first(call)), False)

    def _fcntl(self, call: Call) -> None:
        command = call.argument("cmd")
        if command in (F_DUPFD, F_DUPFD_CLOEXEC):
            self._dup(call)
            self._mark(call.pid, call.value, command == F_DUPFD_CLOEXEC)
        elif command == F_CLOSEM:
            self._closefrom(call)
        elif command == F_SETFD:
            self._mark(call.pid, _first(call), bool(call.argument("arg") & FD_CLOEXEC))

    def _exec(self, call: Call) -> None:
        table = self._tables[call.pid]
        for fd in self._cloexec(call.pid):
            table.pop(fd, None)
        for fd, one in table.items():
            table[fd] = one._replace(own=False)
        self._closed_by_exec.pop(call.pid, None)

    def _exit(self, call: Call) -> None:
        self._tables.pop(call.pid, None)
        self._closed_by_exec.pop(call.pid, None)


_CHANGES: Final[dict[str, Callable[[Descriptors, Call], None]]] = {
    "close": Descriptors._close,
    "closefrom": Descriptors._closefrom,
    "dup": Descriptors._dup,
    "dup2": Descriptors._dup,
    "dup3": Descriptors._dup,
    "fcntl": Descriptors._fcntl,
    "execve": Descriptors._exec,
    "fexecve": Descriptors._exec,
    "exit": Descriptors._exit,
}


def _first(call: Call) -> int:
    return call.args[0] & 0xFFFFFFFF if call.args else -1


def open_flags(call: Call) -> int:
    """Return the O_ flags of an open(2) or openat(2), which name them differently."""
    return call.argument("flags") | call.argument("oflags")
