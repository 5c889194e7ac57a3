# SPDX-License-Identifier: BSD-2-Clause
"""Pseudo-terminals, and the names of terminals.

NetBSD lib/libc/stdlib/pty.c, lib/libutil/pty.c, lib/libutil/login_tty.c, lib/libc/gen/ttyname.c.
"""

from kernel.sys.dirent import DT_CHR
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CLOEXEC, O_NOCTTY, O_NONBLOCK, O_RDWR
from kernel.sys.ioccom import (
    TIOCGRANTPT,
    TIOCPTMGET,
    TIOCPTSNAME,
    TIOCSCTTY,
    TIOCSETAF,
    TIOCSWINSZ,
)
from kernel.sys.termios import Termios, Winsize
from kernel.sys.ttycom import Ptmget
from userland.libc.cerror import cerror
from userland.libc.dirent import scandir
from userland.libc.sys import close, dup2, fstat, open, setsid, stat
from userland.libc.termios import isatty
from userland.libc.unistd import fork, ioctl

__all__ = [
    "ctermid",
    "forkpty",
    "grantpt",
    "login_tty",
    "openpty",
    "posix_openpt",
    "ptsname",
    "ttyname",
    "unlockpt",
]


def posix_openpt(oflag: int) -> int:
    """Open a new pseudo-terminal; return its master.

    Args:
        oflag: O_RDWR, O_NOCTTY, O_CLOEXEC, O_NONBLOCK.

    Raises:
        OSError: EINVAL, another flag. EMFILE, ENFILE, ENXIO.
    """
    if oflag & ~(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK):
        cerror(Errno.EINVAL)
    return open("/dev/ptmx", oflag)


def grantpt(fd: int) -> int:
    """Make the slave of a master the caller's.

    Raises:
        OSError: EACCES, fd is no master. EBADF.
    """
    try:
        ioctl(fd, TIOCGRANTPT)
    except OSError as failure:
        cerror(Errno.EACCES if failure.errno != Errno.EBADF else Errno.EBADF)
    return 0


def unlockpt(fd: int) -> int:
    """Let the slave of a master be opened: nothing has to be done.

    Raises:
        OSError: EBADF, EINVAL: fd is no master.
    """
    ptsname(fd)
    return 0


def ptsname(fd: int) -> str:
    """Return the path of the slave of a master.

    Raises:
        OSError: ENOTTY, fd is neither. EBADF.
    """
    return Ptmget.unpack(ioctl(fd, TIOCPTSNAME)).sn.decode()


def openpty(termp: Termios | None = None, winp: Winsize | None = None) -> tuple[int, int]:
    """Open a new pseudo-terminal; return (master, slave).

    Args:
        termp: the modes of the slave, None for those it has.
        winp: its size.

    Raises:
        OSError: EMFILE, ENFILE, ENXIO.
    """
    fd = open("/dev/ptm", O_RDWR)
    try:
        made = Ptmget.unpack(ioctl(fd, TIOCPTMGET))
    finally:
        close(fd)
    if termp is not None:
        ioctl(made.sfd, TIOCSETAF, termp.pack())
    if winp is not None:
        ioctl(made.sfd, TIOCSWINSZ, winp.pack())
    return made.cfd, made.sfd


def login_tty(fd: int) -> int:
    """Begin a session with the terminal fd as its own, and as descriptors 0 to 2.

    Raises:
        OSError: EPERM, it is another session's. ENOTTY, EBADF.
    """
    setsid()
    ioctl(fd, TIOCSCTTY)
    for standard in (0, 1, 2):
        dup2(fd, standard)
    if fd > 2:
        close(fd)
    return 0


def forkpty(termp: Termios | None = None, winp: Winsize | None = None) -> tuple[int, int]:
    """Make a child whose terminal is a new pseudo-terminal; return (its pid, the master).

    The child has (0, -1).

    Raises:
        OSError: as openpty and fork.
    """
    master, slave = openpty(termp, winp)
    try:
        pid = fork()
    except OSError:
        close(master)
        close(slave)
        raise
    if pid:
        close(slave)
        return pid, master
    close(master)
    login_tty(slave)
    return 0, -1


def ttyname(fd: int) -> str:
    """Return the path of a terminal.

    Raises:
        OSError: ENOTTY, it is none, or has no name. EBADF.
    """
    if not isatty(fd):
        fstat(fd)
        cerror(Errno.ENOTTY)
    try:
        return ptsname(fd)
    except OSError:
        return _devname(fd)


def _devname(fd: int) -> str:
    """Return the first file of /dev that is the same device."""
    device = fstat(fd).st_rdev
    for entry in scandir("/dev"):
        path = "/dev/" + entry.d_name.decode("utf-8", "surrogateescape")
        if entry.d_type == DT_CHR and stat(path).st_rdev == device:
            return path
    cerror(Errno.ENOTTY)


def ctermid() -> str:
    """Return the path that stands for the controlling terminal of whoever opens it."""
    return "/dev/tty"
