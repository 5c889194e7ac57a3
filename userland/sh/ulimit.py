# SPDX-License-Identifier: BSD-2-Clause
"""ulimit: the limits on resources.  NetBSD bin/sh/miscbltin.c (ulimitcmd)."""

from typing import Final

from kernel.sys.namedtuple import NamedTuple
from userland.libc import include as libc
from userland.sh.error import ShellError
from userland.sh.options import number
from userland.sh.output import out1
from userland.sh.shell import Shell


class _Limit(NamedTuple):
    name: str
    units: str
    resource: int
    factor: int  # bytes, or whatever the kernel counts, in a unit
    option: str


_LIMITS: Final = (
    _Limit("time", "seconds", libc.RLIMIT_CPU, 1, "t"),
    _Limit("file", "blocks", libc.RLIMIT_FSIZE, 512, "f"),
    _Limit("data", "kbytes", libc.RLIMIT_DATA, 1024, "d"),
    _Limit("stack", "kbytes", libc.RLIMIT_STACK, 1024, "s"),
    _Limit("coredump", "blocks", libc.RLIMIT_CORE, 512, "c"),
    _Limit("memory", "kbytes", libc.RLIMIT_RSS, 1024, "m"),
    _Limit("locked memory", "kbytes", libc.RLIMIT_MEMLOCK, 1024, "l"),
    _Limit("thread", "threads", libc.RLIMIT_NTHR, 1, "r"),
    _Limit("process", "processes", libc.RLIMIT_NPROC, 1, "p"),
    _Limit("nofiles", "descriptors", libc.RLIMIT_NOFILE, 1, "n"),
    _Limit("vmemory", "kbytes", libc.RLIMIT_AS, 1024, "v"),
    _Limit("sbsize", "bytes", libc.RLIMIT_SBSIZE, 1, "b"),
)
_BY_OPTION: Final = {limit.option: limit for limit in _LIMITS}


def _value(limit: _Limit, hard: bool) -> str:
    have = libc.getrlimit(limit.resource)
    value = have.rlim_max if hard else have.rlim_cur
    return "unlimited" if value >= libc.RLIM_INFINITY else str(value // limit.factor)


def _set(limit: _Limit, text: str, flags: str) -> None:
    """Set the soft (S) or hard (H) limit, both if neither is asked for."""
    value = libc.RLIM_INFINITY
    if text != "unlimited":
        value = min(number(text) * limit.factor, value)
    have = libc.getrlimit(limit.resource)
    soft = value if "S" in flags or "H" not in flags else have.rlim_cur
    hard = value if "H" in flags or "S" not in flags else have.rlim_max
    try:
        libc.setrlimit(limit.resource, libc.Rlimit(soft, hard))
    except OSError as exc:
        raise ShellError(f"error setting limit ({exc.strerror})") from None


def ulimitcmd(sh: Shell, argv: list[str]) -> int:
    """ulimit [-HS] [-a | -option [value]]."""
    args, flags, chosen = argv[1:], "", _BY_OPTION["f"]
    while args and args[0].startswith("-") and args[0] != "-":
        for letter in args.pop(0)[1:]:
            if letter in _BY_OPTION:
                chosen = _BY_OPTION[letter]
            elif letter in "HSa":
                flags += letter
            else:
                raise ShellError(f"Illegal option -{letter}")
    hard = "H" in flags and "S" not in flags
    if "a" in flags:
        for limit in _LIMITS:
            title = f"{limit.name} ({limit.units})"
            out1(f"{title:<27} ({'-' + limit.option}) {_value(limit, hard)}\n")
    elif args:
        _set(chosen, args[0], flags)
    else:
        out1(f"{_value(chosen, hard)}\n")
    return 0
