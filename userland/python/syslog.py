# SPDX-License-Identifier: BSD-2-Clause
"""The syslog module of a program: the system's log.  CPython Modules/syslogmodule.c."""

from __future__ import annotations

import sys as _host
from typing import Any

from kernel.sys import syslog as _header
from userland.libc import include as _libc
from userland.libc.data import curdata as _curdata
from userland.python.arguments import c_text as _c_text
from userland.python.clinic import audit as _audit
from userland.python.getargs import c_int as _c_int

_CONSTANTS = {
    name: vars(_header)[name]
    for name in """
        LOG_EMERG LOG_ALERT LOG_CRIT LOG_ERR LOG_WARNING LOG_NOTICE LOG_INFO LOG_DEBUG
        LOG_PID LOG_CONS LOG_NDELAY LOG_ODELAY LOG_NOWAIT LOG_PERROR
        LOG_KERN LOG_USER LOG_MAIL LOG_DAEMON LOG_AUTH LOG_LPR LOG_LOCAL0 LOG_LOCAL1 LOG_LOCAL2
        LOG_LOCAL3 LOG_LOCAL4 LOG_LOCAL5 LOG_LOCAL6 LOG_LOCAL7 LOG_SYSLOG LOG_CRON LOG_UUCP
        LOG_NEWS LOG_AUTHPRIV""".split()
}
if _host.version_info >= (3, 13):
    _CONSTANTS["LOG_FTP"] = _header.LOG_FTP
globals().update(_CONSTANTS)

__all__ = [  # noqa: PLE0604 - strings, all of them
    "LOG_MASK", "LOG_UPTO", "closelog", "openlog", "setlogmask", "syslog", *_CONSTANTS,
]  # fmt: skip


def openlog(ident: Any = None, logoption: int = 0, facility: int = _header.LOG_USER) -> None:
    """Say how messages are to look: what stands before each, LOG_PID and others, and a facility."""
    tag = _program() if ident is None else _text(ident, "openlog", 1)
    _audit("syslog.openlog", tag, logoption, facility)
    _libc.openlog(tag, logoption, facility)
    _curdata().runtime.syslog_open = True


def syslog(*args: Any) -> None:
    """Send a message, syslog([priority,] message); the first one opens the log.

    Raises:
        TypeError: it is no message, or the priority no number.
    """
    if len(args) not in {1, 2}:
        raise TypeError("[priority,] message string")
    priority = _c_int(args[0]) if len(args) > 1 else _header.LOG_INFO
    message = _text(args[-1], "syslog", len(args))
    _audit("syslog.syslog", priority, message)
    if not _curdata().runtime.syslog_open:
        openlog()
    _libc.syslog(priority, message)


def closelog() -> None:
    """Forget what openlog() was told."""
    runtime = _curdata().runtime
    if runtime.syslog_open:
        _audit("syslog.closelog")
        _libc.closelog()
        runtime.syslog_open = False


def setlogmask(maskpri: int, /) -> int:
    """Let only priorities pass that are in a mask, 0 changes nothing; return the old mask."""
    return _libc.setlogmask(maskpri)


def LOG_MASK(pri: int, /) -> int:
    """Return the mask of one priority."""
    return 1 << pri


def LOG_UPTO(pri: int, /) -> int:
    """Return the mask of a priority and all that are more urgent."""
    return (1 << pri + 1) - 1


def _text(value: Any, function: str, position: int) -> str:
    """Return text that C can have.

    Raises:
        TypeError: it is no str.
        ValueError: there is a NUL or half of a pair in it.
    """
    text = _c_text(value, function, position)
    text.encode()
    return text


def _program() -> str | None:
    """Return what the program is called in messages: as in sys.argv, without directories."""
    argv = getattr(_curdata().runtime.sys, "argv", None)
    name = argv[0] if isinstance(argv, list) and argv else None
    return name.rpartition("/")[2] or None if isinstance(name, str) else None
