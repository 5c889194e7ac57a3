# SPDX-License-Identifier: BSD-2-Clause
"""A call as a person writes it: names for flags and signals, paths, files behind descriptors.

What an argument is follows from its C type and name in the table, and where that does not
say enough from the call.
"""

import stat
import struct
from collections.abc import Callable
from functools import cache
from typing import Final

from kernel.sys import fcntl, mman, resource, signal, socket, time, wait
from kernel.sys.cdefs import Abi
from kernel.sys.errno import Errno
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.syscall import Syscall, SyscallArg, c_name
from userland.libktrace.calls import Call, Event, Signal
from userland.libktrace.callset import is_descriptor, is_path
from userland.libktrace.constants import FCNTL, SOCKET_LEVELS, SOCKET_OPTIONS
from userland.libktrace.descriptors import Descriptors, open_flags
from userland.libktrace.names import ioctl_names, signame, strerror

_SHOWN: Final = 32  # bytes of data that are shown
_NUMBERS: Final = 0xFFFF  # no address is that low
_ADDRESSES: Final = frozenset(("mmap", "mremap", "break", "sbrk", "shmat"))
_UNSIGNED: Final = ("size_t", "u_int", "u_long", "uint", "unsigned", "mode_t", "uid_t", "gid_t")
_ACCMODES: Final = {0: "O_RDONLY", 1: "O_WRONLY", 2: "O_RDWR"}
_WHENCE: Final = {0: "SEEK_SET", 1: "SEEK_CUR", 2: "SEEK_END", 3: "SEEK_DATA", 4: "SEEK_HOLE"}
_HOW: Final = {1: "SIG_BLOCK", 2: "SIG_UNBLOCK", 3: "SIG_SETMASK"}


def _bits(module: object, prefix: str, *, without: tuple[str, ...] = ()) -> dict[int, str]:
    """Return the single bits that a header names so."""
    found: dict[int, str] = {}
    for name, value in vars(module).items():
        if not name.startswith(prefix) or name in without or not isinstance(value, int):
            continue
        if value > 0 and value & (value - 1) == 0:
            found.setdefault(value, name)
    return found


def _values(module: object, prefix: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, value in vars(module).items():
        if name.startswith(prefix) and isinstance(value, int):
            found.setdefault(int(value), name)
    return found


_OPEN: Final = _bits(fcntl, "O_", without=("O_WRONLY", "O_RDWR", "O_MASK"))
_AT: Final = _bits(fcntl, "AT_")
_PROT: Final = _bits(mman, "PROT_")
_MAP: Final = _bits(mman, "MAP_")
_MSG: Final = _bits(socket, "MSG_")
_WAIT: Final = {wait.WNOHANG: "WNOHANG", wait.WUNTRACED: "WUNTRACED"}
_CLOCKS: Final = _values(time, "CLOCK_")
_ABSTIME: Final = {time.TIMER_ABSTIME: "TIMER_ABSTIME"}
_ITIMERS: Final = _values(time, "ITIMER_")
_RLIMITS: Final = _values(resource, "RLIMIT_")
_PRIORITIES: Final = {
    resource.PRIO_PROCESS: "PRIO_PROCESS",
    resource.PRIO_PGRP: "PRIO_PGRP",
    resource.PRIO_USER: "PRIO_USER",
}
_ACCESS: Final = {4: "R_OK", 2: "W_OK", 1: "X_OK"}
_FAMILIES: Final = _values(socket, "AF_")
_TYPES: Final = {1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 5: "SOCK_SEQPACKET"}
_SHUT: Final = {0: "SHUT_RD", 1: "SHUT_WR", 2: "SHUT_RDWR"}


def flags(value: int, names: dict[int, str], none: str = "0") -> str:
    """Return the names of the bits of value, what has none in hexadecimal."""
    shown = [name for bit, name in names.items() if value & bit]
    rest = value & ~sum(names)
    if rest:
        shown.append(f"{rest:#x}")
    return "|".join(shown) or none


def quoted(data: bytes, limit: int = _SHOWN) -> str:
    """Return data in quotes as C writes it, no more than limit bytes of it."""
    text = "".join(_CHARACTERS[byte] for byte in data[:limit])
    return f'"{text}"{"..." if len(data) > limit else ""}'


_ESCAPES: Final = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
_CHARACTERS: Final = tuple(
    _ESCAPES.get(byte)
    or (
        f"\\{chr(byte)}"
        if chr(byte) in '"\\'
        else chr(byte)
        if 32 <= byte < 127
        else f"\\x{byte:02x}"
    )
    for byte in range(256)
)


def _path(path: str) -> str:
    return quoted(path.encode("latin-1"), len(path))


def _file_name(path: str) -> str:
    """Return the name of a file that a record has, latin-1, as programs and globs have it."""
    return path.encode("latin-1").decode("utf-8", "surrogateescape")


def signed(value: int, ctype: str) -> int:
    """Return what a register holds as its C type has it."""
    mask, sign = _width(ctype)
    return (value & mask ^ sign) - sign


@cache
def _width(ctype: str) -> tuple[int, int]:
    """Return the bits of a register that a C type has, and which of them is the sign."""
    if ctype.startswith(_UNSIGNED):
        return (1 << 64) - 1, 0
    bits = 64 if ctype in ("off_t", "ssize_t", "long", "intptr_t", "time_t") else 32
    return (1 << bits) - 1, 1 << bits - 1


def entry_names(data: bytes, abi: Abi) -> list[bytes]:
    """Return the names in what getdents(2) has read; struct dirent of NetBSD 3.0 and later."""
    names = []
    at = 0
    head = struct.Struct(f"{abi.byteorder}QHHB")
    while at + head.size <= len(data):
        _, length, name_length, _ = head.unpack_from(data, at)
        names.append(data[at + head.size :][:name_length])
        at += max(length, head.size)
    return names


class Decoder:
    """Writes calls; keeps what descriptors are from one to the next."""

    def __init__(self, limit: int = _SHOWN) -> None:
        """Show no more than limit bytes of data."""
        self.limit = limit
        self.descriptors = Descriptors()

    def arguments(self, call: Call) -> list[str]:
        """Return the call's arguments; before its descriptors are noted."""
        if call.row is None:
            return [self.address(value) if value > 9 else str(value) for value in call.args]
        paths = iter(call.paths)
        shown: list[str] = []
        for plan, value in zip(_plans(call.row), call.args, strict=False):
            if plan is None:
                continue
            number = (value & plan.mask ^ plan.sign) - plan.sign
            match plan.kind:
                case "path":
                    path = next(paths, None)
                    shown.append(self.address(value) if path is None else _path(path))
                case "target":  # of a symbolic link: not looked up
                    known = call.target
                    shown.append(
                        self.address(value) if known is None else quoted(known, len(known))
                    )
                case "descriptor":
                    shown.append(self.descriptor(call.pid, number))
                case "pointer":
                    shown.append(self._pointer(call, plan.arg, value))
                case "pid":
                    shown.append(self.process(number))
                case "number":
                    shown.append(f"{number:#x}" if number > 0xFFFFFF else str(number))
                case _:
                    shown.append(plan.known(number, call))
        return shown

    def descriptor(self, pid: int, fd: int) -> str:
        """Return a descriptor and what it is."""
        if fd == fcntl.AT_FDCWD:
            return "AT_FDCWD"
        what = self.descriptors.name(pid, fd)
        return str(fd) if what is None else f"{fd}<{_path(what)[1:-1]}>"

    def _pointer(self, call: Call, arg: SyscallArg, value: int) -> str:
        if arg.variadic and value <= _NUMBERS:  # fcntl(2) takes a number or an address
            return str(value)
        if not value:
            return "NULL"
        if arg.name in ("argp", "argv") and call.strings:
            return f"[{', '.join(quoted(one, self.limit) for one in call.strings)}]"
        if call.stored and arg.name in ("fildes", "rsv", "pid"):
            show = self.process if arg.name == "pid" else str
            return f"[{', '.join(map(show, call.stored))}]"
        if call.name == "__getdents30" and call.transfers:
            return self.entries(entry_names(call.transfers[0].data, call.abi))
        if arg.name in ("buf", "msg", "iovp") and call.transfers:
            return self.data(call.transfers[0].data)
        return self.address(value)

    def entries(self, names: list[bytes]) -> str:
        """Return the entries of a directory that were read."""
        shown = names[: max(self.limit // 8, 1)]
        more = ["..."] if len(names) > len(shown) else []
        return f"[{', '.join([*(quoted(name, len(name)) for name in shown), *more])}]"

    def data(self, data: bytes) -> str:
        """Return what was moved."""
        return quoted(data, self.limit)

    def address(self, value: int) -> str:
        """Return a user address."""
        return f"{value:#x}"

    def process(self, pid: int) -> str:
        """Return a process id that is an argument or a result."""
        return str(pid)

    def result(self, call: Call) -> str:
        """Return what a call came to; after its descriptors are noted."""
        if call.ended is None:
            return "?"
        if call.error == Errno.EJUSTRETURN:
            return "0"
        if call.error == Errno.ERESTART:
            return "? ERESTART (made again)"
        if call.failed:
            name = _ERRORS.get(call.error, str(call.error))
            return f"-1 {name} ({strerror(call.error)})"
        first, second = call.values
        name = call.c_name
        if name in _ADDRESSES:
            return self.address(first & (1 << 64) - 1)
        if name == "umask":
            return f"0{first:o}"
        if name in _PROCESSES:
            return self.process(first)
        if name == "pipe":
            ends = (self.descriptor(call.pid, first), self.descriptor(call.pid, second))
            return f"[{', '.join(ends)}]"
        if call.row is not None and (name in _OPENS or (name == "fcntl" and _duplicates(call))):
            return self.descriptor(call.pid, first)
        return str(first)

    def about(self, event: Event) -> list[str]:
        """Return the files an event is about, by path or by descriptor; before these are noted."""
        names = [] if isinstance(event, Signal) else [*event.paths, *self._files(event)]
        return [_file_name(name) for name in names]

    def note(self, event: Event) -> None:
        """Note the descriptors of an event that is not shown."""
        if isinstance(event, Call):
            self.descriptors.add(event)

    def _files(self, call: Call) -> list[str]:
        """Return what the descriptors among the arguments are."""
        if call.row is None:
            return []
        names = [
            self.descriptors.name(call.pid, signed(value, "int"))
            for plan, value in zip(_plans(call.row), call.args, strict=False)
            if plan is not None and plan.kind == "descriptor"
        ]
        return [name for name in names if name is not None]

    def show(self, call: Call, arguments: list[str]) -> tuple[str, str]:
        """Return the call with its arguments, and its result; its descriptors are noted."""
        name = call.c_name
        self.descriptors.add(call)
        return f"{name}({', '.join(arguments)})", self.result(call)


class _Plan(NamedTuple):
    """How an argument is shown."""

    kind: str
    arg: SyscallArg
    mask: int  # what its C type has of a register
    sign: int
    known: "_Argument"  # of kind "known"


@cache
def _plans(row: Syscall) -> tuple[_Plan | None, ...]:
    """Return how a call's arguments are shown, None for those that are padding."""
    return tuple(None if arg.is_pad else _plan(c_name(row.name), arg) for arg in row.args)


def _plan(name: str, arg: SyscallArg) -> _Plan:
    ctype = arg.ctype
    known = _BY_CALL.get((name, arg.name)) or _BY_NAME.get(arg.name)
    if (name, arg.name) in _TARGETS:
        kind = "target"
    elif is_path(ctype, arg.name):
        kind = "path"
    elif is_descriptor(ctype, arg.name) or (ctype, arg.name) == ("int", "s"):
        kind, ctype = "descriptor", "int"
    elif "*" in ctype:
        kind = "pointer"
    elif known is not None:
        kind = "known"
    elif ctype == "pid_t":
        kind = "pid"
    elif ctype == "mode_t":
        kind, known = "known", _mode
    else:
        kind = "number"
    return _Plan(kind, arg, *_width(ctype), known or _mode)


_PROCESSES: Final = frozenset(
    """fork vfork __clone getpid getppid getpgrp getpgid getsid setsid wait4 wait6""".split()
)
_ERRORS: Final = {int(error): error.name for error in Errno}
_TARGETS: Final = (("symlink", "path"), ("symlinkat", "path1"))
_OPENS: Final = frozenset(
    """open openat dup dup2 dup3 socket accept paccept kqueue kqueue1 eventfd
    timerfd_create mq_open""".split()
)


def _duplicates(call: Call) -> bool:
    """Whether a fcntl(2) returns a descriptor."""
    return call.args[1:2] in ((fcntl.F_DUPFD,), (fcntl.F_DUPFD_CLOEXEC,))


def _open_flags(value: int, _call: Call) -> str:
    access = _ACCMODES.get(value & fcntl.O_ACCMODE, "O_ACCMODE")
    rest = flags(value & ~fcntl.O_ACCMODE, _OPEN, "")
    return f"{access}|{rest}" if rest else access


def _mode(value: int, call: Call) -> str:
    opens = call.row is not None and call.c_name in ("open", "openat")
    if opens and not open_flags(call) & fcntl.O_CREAT:
        return "0"
    kind = value & stat.S_IFMT(value)
    names = {stat.S_IFIFO: "S_IFIFO", stat.S_IFCHR: "S_IFCHR", stat.S_IFBLK: "S_IFBLK"}
    permissions = f"0{value & 0o7777:o}" if value & 0o7777 else "0"
    return f"{names[kind]}|{permissions}" if kind in names else permissions


def _named(names: dict[int, str]) -> Callable[[int, Call], str]:
    return lambda value, _call: names.get(value, str(value))


def _bitwise(names: dict[int, str], none: str = "0") -> Callable[[int, Call], str]:
    return lambda value, _call: flags(value, names, none)


def _signal(value: int, _call: Call) -> str:
    return f"SIG{signame(value)}" if 0 < value < signal.NSIG else str(value)


def _ioctl(value: int, call: Call) -> str:
    request = value & 0xFFFFFFFF
    return ioctl_names("10", call.abi.word).get(request, f"{request:#x}")


def _level(value: int, _call: Call) -> str:
    return SOCKET_LEVELS.get(value, str(value))


def _option(value: int, call: Call) -> str:
    level = signed(call.args[1], "int") if len(call.args) > 1 else -1
    return SOCKET_OPTIONS.get(level, {}).get(value, str(value))


def _type(value: int, _call: Call) -> str:
    kind, rest = _TYPES.get(value & 0xF, str(value & 0xF)), value & ~0xF
    return f"{kind}|{flags(rest, _SOCK)}" if rest else kind


_SOCK: Final = {bit: name for bit, name in _bits(socket, "SOCK_").items() if bit > 0xF}

_Argument = Callable[[int, Call], str]
_BY_NAME: Final[dict[str, _Argument]] = {
    "whence": _named(_WHENCE),
    "clock_id": _named(_CLOCKS),
    "signum": _signal,
    "signo": _signal,
    "prot": _bitwise(_PROT, "PROT_NONE"),
    "domain": _named(_FAMILIES),
    "level": _level,
    "com": _ioctl,
}
_BY_CALL: Final[dict[tuple[str, str], _Argument]] = {
    ("open", "flags"): _open_flags,
    ("openat", "oflags"): _open_flags,
    ("pipe2", "flags"): _bitwise(_OPEN),
    ("dup3", "flags"): _bitwise(_OPEN),
    ("mmap", "flags"): _bitwise(_MAP),
    ("msync", "flags"): _bitwise(_values(mman, "MS_")),
    ("madvise", "behav"): _named(_values(mman, "MADV_")),
    ("mlockall", "flags"): _bitwise(_values(mman, "MCL_")),
    ("fcntl", "cmd"): _named(FCNTL),
    ("flock", "how"): _bitwise(_values(fcntl, "LOCK_")),
    ("posix_fadvise", "advice"): _named(_values(fcntl, "POSIX_FADV_")),
    ("kqueue1", "flags"): _bitwise(_OPEN),
    ("sigprocmask", "how"): _named(_HOW),
    ("clock_nanosleep", "flags"): _bitwise(_ABSTIME),
    ("timer_settime", "flags"): _bitwise(_ABSTIME),
    ("_lwp_park", "flags"): _bitwise(_ABSTIME),
    ("setitimer", "which"): _named(_ITIMERS),
    ("getitimer", "which"): _named(_ITIMERS),
    ("getrlimit", "which"): _named(_RLIMITS),
    ("setrlimit", "which"): _named(_RLIMITS),
    ("getpriority", "which"): _named(_PRIORITIES),
    ("setpriority", "which"): _named(_PRIORITIES),
    ("getrusage", "who"): _named(_values(resource, "RUSAGE_")),
    ("kill", "signum"): _signal,
    ("access", "flags"): _bitwise(_ACCESS, "F_OK"),
    ("faccessat", "amode"): _bitwise(_ACCESS, "F_OK"),
    ("wait4", "options"): _bitwise(_WAIT),
    ("socket", "type"): _type,
    ("socketpair", "type"): _type,
    ("shutdown", "how"): _named(_SHUT),
    ("sendto", "flags"): _bitwise(_MSG),
    ("recvfrom", "flags"): _bitwise(_MSG),
    ("sendmsg", "flags"): _bitwise(_MSG),
    ("recvmsg", "flags"): _bitwise(_MSG),
    ("setsockopt", "name"): _option,
    ("getsockopt", "name"): _option,
    ("unlinkat", "flag"): _bitwise(_AT),
    ("fstatat", "flag"): _bitwise(_AT),
    ("faccessat", "flag"): _bitwise(_AT),
    ("fchmodat", "flag"): _bitwise(_AT),
    ("fchownat", "flag"): _bitwise(_AT),
    ("linkat", "flags"): _bitwise(_AT),
    ("utimensat", "flag"): _bitwise(_AT),
}
