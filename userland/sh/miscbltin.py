# SPDX-License-Identifier: BSD-2-Clause
"""Builtins without a better place: read, umask, times, alias, kill.  NetBSD bin/sh/miscbltin.c."""

from errno import EINTR

from userland.libc import include as libc
from userland.libc.setmode import getmode, setmode
from userland.sh.error import ShellError
from userland.sh.jobs import getjob
from userland.sh.nextopt import nextopts
from userland.sh.output import out1, out2
from userland.sh.shell import Shell
from userland.sh.trap import check_interrupt, printsignals, signame_to_signum, trap_signame
from userland.sh.var import ifs, quoted, setvar


def readcmd(sh: Shell, argv: list[str]) -> int:
    """read [-r] [-d end] [-p prompt] var ...: split a line of standard input into variables."""
    given, args = nextopts(argv, "d:p:r")
    options = dict(given)
    if not args:
        raise ShellError("variable name required\nUsage: read [-r] [-p prompt] var...")
    if options.get("p") and libc.isatty(0):
        out2(options["p"])
    end = options.get("d", "\n")[:1].encode("utf-8", "surrogateescape")[:1] or b"\0"
    line, quoted_at, ended = _line(sh, "r" in options, end)
    if sh.pending and not ended:
        return 128 + max(sh.pending)
    _distribute(sh, args, line, quoted_at)
    return 0 if ended else 1


def _line(sh: Shell, raw: bool, end: bytes) -> tuple[str, set[int], bool]:
    """Read a line, a byte at a time so as to take no more than it.

    Returns:
        The line, where in it quoted characters are, and whether what ends a line ended it.
    """
    data = bytearray()
    quoted_at: set[int] = set()
    escaped = False
    ended = False
    while byte := _byte(sh):
        if escaped:
            escaped = False
            if byte != b"\n":
                quoted_at.add(len(data))
                data += byte
        elif byte == b"\\" and byte != end and not raw:
            escaped = True
        elif byte == end:
            ended = True
            break
        elif byte != b"\0":
            data += byte
    if any(byte > 0x7F for byte in data) and quoted_at:
        before = {len(data[:at].decode("utf-8", "surrogateescape")) for at in quoted_at}
        quoted_at = before
    return data.decode("utf-8", "surrogateescape"), quoted_at, ended


def _byte(sh: Shell) -> bytes:
    while True:
        try:
            return libc.read(0, 1)
        except OSError as exc:
            if exc.errno != EINTR:
                raise
            check_interrupt(sh)
            if sh.pending:
                return b""


def _distribute(sh: Shell, names: list[str], line: str, quoted_at: set[int]) -> None:
    """Assign the fields of line to names; the last gets all that is left."""
    separators = ifs(sh)

    def kind(at: int) -> str:
        """Return what line[at] is: "blank", "separator", "text" or "end"."""
        if at >= len(line):
            return "end"
        if line[at] not in separators or at in quoted_at:
            return "text"
        return "blank" if line[at] in " \t\n" else "separator"

    def skip(at: int, what: str) -> int:
        while kind(at) == what:
            at += 1
        return at

    at = skip(0, "blank")
    for name in names[:-1]:
        end = skip(at, "text")
        setvar(sh, name, line[at:end])
        at = skip(end, "blank")
        if kind(at) == "separator":
            at = skip(at + 1, "blank")
    end = len(line)
    while end > at and kind(end - 1) == "blank":
        end -= 1
    field_end = skip(at, "text")
    after = skip(field_end, "blank")
    if kind(after) == "separator" and after + 1 == end:
        end = field_end  # one field and its separator: the separator goes
    setvar(sh, names[-1], line[at:end])


def _symbolic(mode: int) -> str:
    """Return permissions as umask -S shows them."""
    shown = []
    for who, shift in (("u", 6), ("g", 3), ("o", 0)):
        bits = mode >> shift
        shown.append(f"{who}={'r' * (bits >> 2 & 1)}{'w' * (bits >> 1 & 1)}{'x' * (bits & 1)}")
    return ",".join(shown)


def umaskcmd(sh: Shell, argv: list[str]) -> int:
    """umask [-S] [mask]."""
    args = argv[1:]
    symbolically = args[:1] == ["-S"]
    if symbolically:
        del args[0]
    mask = libc.umask(0)
    libc.umask(mask)
    if not args:
        out1(f"{_symbolic(0o777 & ~mask)}\n" if symbolically else f"{mask:04o}\n")
        return 0
    if args[0].isdigit():
        try:
            libc.umask(libc.strtoi(args[0], 0, 0o7777, 8))
        except ValueError:
            raise ShellError(f"Illegal number: {args[0]}") from None
        return 0
    try:
        mode = getmode(setmode(args[0]), 0o777 & ~mask)
    except OSError:
        raise ShellError(f"Illegal mode: {args[0]}") from None
    libc.umask(0o777 & ~mode)
    return 0


def timescmd(sh: Shell, argv: list[str]) -> int:
    """times: the processor time of the shell and of its children."""
    for who in (libc.RUSAGE_SELF, libc.RUSAGE_CHILDREN):
        usage = libc.getrusage(who)
        shown = []
        for time in (usage.ru_utime, usage.ru_stime):
            minutes, ms = divmod(time // 1_000_000, 60_000)
            shown.append(f"{minutes}m{ms // 1000}.{ms % 1000:03d}s")
        out1(" ".join(shown) + "\n")
    return 0


def aliascmd(sh: Shell, argv: list[str]) -> int:
    """alias [name[=value] ...]."""
    status = 0
    for arg in argv[1:] or sorted(sh.aliases):
        name, equals, value = arg.partition("=")
        if equals:
            sh.aliases[name] = value
        elif name in sh.aliases:
            out1(f"{name}={quoted(sh.aliases[name])}\n")
        else:
            out2(f"alias: {name} not found\n")
            status = 1
    return status


def unaliascmd(sh: Shell, argv: list[str]) -> int:
    """unalias -a | name ..."""
    if argv[1:2] == ["-a"]:
        sh.aliases.clear()
        return 0
    missing = [name for name in argv[1:] if sh.aliases.pop(name, None) is None]
    for name in missing:
        out2(f"unalias: {name} not found\n")
    return 1 if missing else 0


def killcmd(sh: Shell, argv: list[str]) -> int:
    """kill [-signal | -s signal] pid | job ..., kill -l [status]."""
    args = argv[1:]
    if args[:1] == ["-l"]:
        return _list_signals(sh, args[1:])
    signo = libc.SIGTERM
    if args[:1] == ["-s"] and len(args) > 1:
        signo = _signum(args[1])
        args = args[2:]
    elif args and args[0].startswith("-") and args[0] != "--" and len(args[0]) > 1:
        signo = _signum(args[0][1:])
        args = args[1:]
    if args[:1] == ["--"]:
        del args[0]
    if not args:
        raise ShellError("usage: kill [-s signal_name] pid ...")
    return max([_kill(sh, target, signo) for target in args])


def _list_signals(sh: Shell, statuses: list[str]) -> int:
    if not statuses:
        printsignals(sh)
    for status in statuses:
        if not status.isdecimal():
            raise ShellError(f"illegal signal number: {status}")
        out1(f"{trap_signame(libc.atoi(status) & 0x7F)}\n")
    return 0


def _signum(name: str) -> int:
    signo = signame_to_signum(name)
    if signo is None:
        raise ShellError(f"unknown signal {name}")
    return signo


def _kill(sh: Shell, target: str, signo: int) -> int:
    try:
        for pid in _targets(sh, target):
            libc.kill(pid, signo)
    except ValueError:
        out2(f"kill: illegal process id: {target}\n")
        return 1
    except OSError as exc:
        out2(f"kill: {target}: {exc.strerror}\n")
        return 1
    return 0


def _targets(sh: Shell, target: str) -> list[int]:
    """Return what to send a signal to: a job is its process group, if it has one."""
    if not target.startswith("%"):
        return [libc.strtoi(target, -libc.INT_MAX - 1, libc.INT_MAX)]
    job = getjob(sh, target)
    return [-job.pgrp] if job.pgrp else [proc.pid for proc in job.procs]
