# SPDX-License-Identifier: BSD-2-Clause
"""From a row of syscalls.master to the function that makes the call.  NetBSD makesyscalls.sh.

Each argument of the prototype becomes a Piece by its C type: what the Python
function takes, what is done before the trap, which registers it fills and what
comes back.  The rules are those of C, seen from Python: strings and buffers in
are pushed, buffers and structs out are returned.
"""

import re
from collections.abc import Iterator
from typing import Final

from kernel.sys.namedtuple import NamedTuple
from kernel.sys.syscall import SYSCALLS, Syscall, SyscallArg, c_name
from userland.libc.manual import MANUAL
from userland.libc.records import RECORDS, sizeof


class Piece(NamedTuple):
    """What one argument, or a buffer with its length, is made of."""

    params: tuple[str, ...] = ()  # of the Python function, with annotations
    before: tuple[str, ...] = ()  # statements that need the stack
    registers: tuple[str, ...] = ()
    result: str = ""
    hint: str = ""  # type of result


class _Stub(NamedTuple):
    name: str
    row: Syscall
    pieces: tuple[Piece, ...]
    buffer: str = ""  # "in" or "out": one argument is a buffer with its length


# Written by hand in the module of their header: no rule fits.
HAND_MADE: Final = frozenset(
    "reboot clock_getcpuclockid2 "
    "exit fork __vfork14 vfork execve fexecve posix_spawn ioctl fcntl readv writev preadv pwritev"
    " __sigaction_sigtramp __sigprocmask14 __sigsuspend14 __sigpending14 getgroups setgroups"
    " __wait450 __sysctl __clone utrace __utimes50 __futimes50 __lutimes50 utimensat futimens"
    " __nanosleep50 clock_nanosleep __setitimer50 __getcwd __getlogin __setlogin pipe2 getcontext"
    " setcontext"
    " syscall __syscall getpid getuid getgid pipe __getvfsstat90 mmap munmap mprotect madvise"
    " msgsnd msgrcv shmat mq_send __mq_timedsend50"
    " mincore mlock munlock minherit mremap __msync13 break sbrk sstk __gettimeofday50"
    " __settimeofday50 poll __mount50 _lwp_create _lwp_wait ___lwp_park60 _lwp_unpark_all"
    " _lwp_getname __kevent50"
    " accept paccept bind connect socketpair sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg"
    " getsockname getpeername getsockopt setsockopt __futex __futex_set_robust_list"
    " __futex_get_robust_list _sched_setparam _sched_getparam _sched_setaffinity"
    " _sched_getaffinity".split()
)

_DEFAULTS: Final = {
    ("open", "mode"): "0o666",
    ("openat", "mode"): "0o666",
    ("faccessat", "flag"): "0",
    ("fchmodat", "flag"): "0",
    ("fchownat", "flag"): "0",
    ("fstatat", "flag"): "0",
    ("linkat", "flags"): "0",
    ("unlinkat", "flag"): "0",
    ("unmount", "flags"): "0",
    ("__socket30", "protocol"): "0",
}


def _string(arg: SyscallArg) -> Piece:
    return Piece((f"{arg.param}: StrPath",), (), (f"pushstr(lwp, {arg.param})",))


def _record_out(arg: SyscallArg, ctype: str) -> Piece:
    cls = RECORDS[ctype]
    at = f"at_{arg.name}"  # not the name alone: an argument may be called value, as the result is
    return Piece(
        (),
        (f"{at} = reserve(lwp, {sizeof(cls)})",),
        (at,),
        f"fetchrecord(lwp, {cls.__name__}, {at})",
        cls.__name__,
    )


def _record_in(arg: SyscallArg, ctype: str) -> Piece:
    name = RECORDS[ctype].__name__
    return Piece((f"{arg.name}: {name} | None",), (), (f"pushrecord(lwp, {arg.name})",))


def _pieces(row: Syscall) -> Iterator[Piece]:
    """Yield the pieces of a prototype; raises KeyError for a pointer no rule knows."""
    args = [arg for arg in row.args if arg.name != "PAD"]
    at = 0
    while at < len(args):
        arg = args[at]
        at += 1
        base = arg.ctype.removeprefix("const ")
        constant = base != arg.ctype
        if "*" not in arg.ctype:
            default = _DEFAULTS.get((row.name, arg.name))
            param = f"{arg.param}: int" + (f" = {default}" if default else "")
            yield Piece((param,), (), (arg.param,))
        elif base in RECORDS:
            yield (_record_in if constant else _record_out)(arg, base)
        elif arg.ctype == "const char *":
            yield _string(arg)
        elif base in {"void *", "char *"} and at < len(args) and args[at].ctype == "size_t":
            size = args[at].name
            at += 1
            yield _buffer_in(arg.name, size) if constant else _buffer_out(arg.name, size)
        elif base == "void *":
            yield Piece((f"{arg.name}: int",), (), (arg.name,))  # an address of the caller's
        else:
            raise KeyError(arg.ctype)


def _buffer_in(name: str, size: str) -> Piece:
    return Piece((f"{name}: Readable",), (), (f"@{name}", size))


def _buffer_out(name: str, size: str) -> Piece:
    return Piece((f"{size}: int",), (), (f"@{name}", size), "@", "bytes")


def stubs() -> Iterator[_Stub]:
    """Yield a stub for each row that the rules can make one of."""
    for row in SYSCALLS.values():
        if row.type not in ("STD", "NOERR") or row.name in HAND_MADE:
            continue
        try:
            pieces = tuple(_pieces(row))
        except KeyError:
            continue
        registers = [r for piece in pieces for r in piece.registers]
        has_buffer = any(r.startswith("@") for r in registers)
        out = any(piece.result == "@" for piece in pieces)
        yield _Stub(c_name(row.name), row, pieces, ("out" if out else "in") if has_buffer else "")


def _trap(stub: _Stub, buffer: str = "") -> str:
    registers = [r for piece in stub.pieces for r in piece.registers]
    filled = [buffer if r.startswith("@") else r for r in registers]
    return "error, value = trap(" + ", ".join([str(stub.row.number), *filled]) + ")"


def _check(stub: _Stub) -> str:
    paths = [r[13:-1] for piece in stub.pieces for r in piece.registers if r.startswith("pushstr")]
    return f"if error: cerror({', '.join(['error', *paths])})"


def _result(stub: _Stub) -> tuple[str, str]:
    """Return the expression a stub returns, and its type."""
    results = [(piece.result, piece.hint) for piece in stub.pieces if piece.result]
    if not results:
        return "value", "tuple[int, int]" if stub.name == "pipe" else "int"
    if len(results) > 1:
        raise ValueError(f"{stub.name}: more than one result")
    return results[0]


def _only_traps(stub: _Stub) -> bool:
    """Return whether a stub's arguments are its registers, and nothing is done besides."""
    registers = [r for piece in stub.pieces for r in piece.registers]
    plain = not stub.buffer and not any("lwp" in r for r in registers)
    return plain and not any(piece.before for piece in stub.pieces)


def _body(stub: _Stub) -> Iterator[str]:
    """Yield the lines of a stub's body."""
    before = [line for piece in stub.pieces for line in piece.before]
    registers = [r for piece in stub.pieces for r in piece.registers]
    check, (result, _) = _check(stub), _result(stub)
    if _only_traps(stub):
        yield from (_trap(stub), check, "return value")
        return
    lines = [*before, _trap(stub), check, f"return {result}"]
    if stub.buffer:
        at = next(i for i, r in enumerate(registers) if r.startswith("@"))
        name, size = registers[at][1:], registers[at + 1]
        if stub.buffer == "in":
            yield f"if type({name}) is not bytes: {name} = bytesof({name})"
            yield f"{size} = len({name})"
            whole, push = f"memoryview({name})", f"pushbytes(lwp, {name})"
            lines = [*before, _trap(stub, push), check, "return value"]
            big = [*before, _trap(stub, "at"), check, "return value"]
            protection = "VM_PROT_READ"
        else:
            whole = f"room({size})"
            push = f"reserve(lwp, {size} if {size} > 0 else 0)"
            lines = [*before, f"at = {push}", _trap(stub, "at"), check]
            lines += ["return fetch(lwp, at, value)"]
            big = [*before, _trap(stub, "at"), check, "return bytes(whole[:value])"]
            protection = "VM_PROT_READ | VM_PROT_WRITE"
        yield "lwp = curlwp()"
        yield "mark = lwp.l_ustack"
        yield f"if {size} > SMALL:"
        yield f" whole = {whole}"
        yield f" at = map_buffer(whole, {protection})"
        yield " try:"
        yield from ("  " + line for line in big)
        yield " finally:"
        yield "  unmap_buffer(at)"
        yield "  lwp.l_ustack = mark"
    else:
        yield "lwp = curlwp()"
        yield "mark = lwp.l_ustack"
    yield "try:"
    yield from (" " + line for line in lines)
    yield "finally:"
    yield " lwp.l_ustack = mark"


def _manual(stub: _Stub) -> str:
    return MANUAL.get(stub.name) or f"{stub.name}(2)."


def source() -> str:
    """Return the Python text of all stubs, without annotations."""
    lines: list[str] = []
    for stub in stubs():
        params = [re.sub(r": [^=]+?(?= =|$)", "", p) for piece in stub.pieces for p in piece.params]
        if _only_traps(stub):
            lines.append(f"@stub({stub.row.number}, cerror)")
        lines.append(f"def {stub.name}({', '.join(params)}):")
        lines.append(f" {_manual(stub)!r}")
        lines += (" " + line for line in _body(stub))
    return "\n".join(lines) + "\n"


def interface() -> str:
    """Return the text of sys.pyi: the same functions with their types."""
    used = "|".join(sorted({cls.__name__ for cls in RECORDS.values()}))
    body = [""]
    for stub in stubs():
        params = ", ".join(p for piece in stub.pieces for p in piece.params)
        body.append(f"def {stub.name}({params}) -> {_result(stub)[1]}: ...")
    text = "\n".join(body)
    records = sorted(set(re.findall(rf"\b(?:{used})\b", text)))
    head = [
        "# SPDX-License-Identifier: BSD-2-Clause",
        "# Made by userland.libc.makestubs from syscalls.master; a test keeps it fresh.",
        "",
        "from typing import Final",
        "",
        f"from userland.libc.records import {', '.join(records)}",
        "from userland.libc.stack import Readable, StrPath",
        "",
        "STUBS: Final[tuple[str, ...]]",
    ]
    return "\n".join(head) + "\n" + text + "\n"
