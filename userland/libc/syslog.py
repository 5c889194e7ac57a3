# SPDX-License-Identifier: BSD-2-Clause
"""Messages for the system's log: syslog(3).  NetBSD lib/libc/gen/syslog.c.

They go to the socket of syslogd, /var/run/log; where nobody listens, to the end of
/var/log/messages, as syslogd would write them.
"""

from contextlib import suppress
from typing import Final

from kernel.sys.fcntl import O_APPEND, O_CLOEXEC, O_WRONLY
from kernel.sys.socket import AF_LOCAL, SOCK_CLOEXEC, SOCK_DGRAM
from kernel.sys.syslog import (
    LOG_CONS,
    LOG_FACMASK,
    LOG_PERROR,
    LOG_PID,
    LOG_PRIMASK,
    LOG_USER,
)
from kernel.sys.un import SockaddrUn
from userland.libc.data import curdata
from userland.libc.err import getprogname
from userland.libc.socket import connect
from userland.libc.strftime import strftime
from userland.libc.sys import close, open, socket, write
from userland.libc.syscall import getpid
from userland.libc.time import gettimeofday
from userland.libc.uname import gethostname

__all__ = ["closelog", "openlog", "setlogmask", "syslog"]

_PATH_LOG: Final = b"/var/run/log"
_PATH_MESSAGES: Final = "/var/log/messages"


def openlog(ident: str | None, option: int, facility: int) -> None:
    """Say how this program's messages are to look: LOG_PID, LOG_PERROR, and its facility.

    Args:
        ident: what stands before each; None: the program's name.
        option: LOG_*.
        facility: of messages that have none of their own.
    """
    data = curdata()
    data.syslog_tag, data.syslog_option = ident, option
    if facility and not facility & ~LOG_FACMASK:
        data.syslog_facility = facility


def closelog() -> None:
    """Forget what openlog was told."""
    openlog(None, 0, LOG_USER)


def setlogmask(mask: int) -> int:
    """Let only priorities pass whose bits are in mask, 0 changes nothing; return the old mask."""
    data = curdata()
    old, data.syslog_mask = data.syslog_mask, mask or data.syslog_mask
    return old


def syslog(priority: int, message: str) -> None:
    """Send a message; priority is LOG_* and, if it has its own, a facility."""
    data = curdata()
    if not data.syslog_mask & 1 << (priority & LOG_PRIMASK):
        return
    if not priority & LOG_FACMASK:
        priority |= data.syslog_facility
    tag = data.syslog_tag or getprogname()
    pid = f"[{getpid()}]" if data.syslog_option & LOG_PID else ""
    text = f"{tag}{pid}: {message.rstrip(chr(10))}".encode("utf-8", "surrogateescape")
    if data.syslog_option & LOG_PERROR:
        write(2, text + b"\n")
    stamp = strftime("%b %e %H:%M:%S", gettimeofday().tv_sec).encode()
    if not _send(b"<%d>%s %s" % (priority, stamp, text)):
        _append(b"%s %s %s\n" % (stamp, gethostname().encode(), text), data.syslog_option)


def _send(packet: bytes) -> bool:
    """Hand a message to who listens; return whether anybody does."""
    try:
        fd = socket(AF_LOCAL, SOCK_DGRAM | SOCK_CLOEXEC)
    except OSError:
        return False
    try:
        connect(fd, SockaddrUn(_PATH_LOG))
        return write(fd, packet) == len(packet)
    except OSError:
        return False
    finally:
        close(fd)


def _append(line: bytes, option: int) -> None:
    """Write a message where syslogd would; on the console, with LOG_CONS, if that cannot be."""
    paths = [_PATH_MESSAGES, "/dev/console"] if option & LOG_CONS else [_PATH_MESSAGES]
    for path in paths:
        with suppress(OSError):
            fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
            try:
                write(fd, line)
                return
            finally:
                close(fd)
