# SPDX-License-Identifier: BSD-2-Clause
"""Terminals.  NetBSD include/termios.h, lib/libc/termios."""

from struct import Struct

from kernel.sys.errno import Errno
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.ioccom import (
    IOCPARM_LEN,
    TIOCDRAIN,
    TIOCFLUSH,
    TIOCGETA,
    TIOCGPGRP,
    TIOCGSID,
    TIOCGWINSZ,
    TIOCSETA,
    TIOCSETAF,
    TIOCSETAW,
    TIOCSPGRP,
    TIOCSTART,
    TIOCSTOP,
    TIOCSWINSZ,
)
from kernel.sys.syscall import sysno
from kernel.sys.termios import (
    _POSIX_VDISABLE,
    BRKINT,
    CIGNORE,
    CS8,
    CSIZE,
    ECHO,
    ECHONL,
    ICANON,
    ICRNL,
    IEXTEN,
    IGNBRK,
    IGNCR,
    IMAXBEL,
    INLCR,
    ISIG,
    ISTRIP,
    IXON,
    OPOST,
    PARENB,
    PARMRK,
    TCIFLUSH,
    TCIOFF,
    TCIOFLUSH,
    TCION,
    TCOFLUSH,
    TCOOFF,
    TCOON,
    TCSADRAIN,
    TCSAFLUSH,
    TCSANOW,
    TCSASOFT,
    VSTART,
    VSTOP,
    Termios,
    Winsize,
)
from userland.libc.cerror import cerror
from userland.libc.machine import curlwp, trap
from userland.libc.stack import reserve
from userland.libc.sys import write
from userland.libc.unistd import ioctl

__all__ = [
    "cfgetispeed",
    "cfgetospeed",
    "cfmakeraw",
    "cfsetispeed",
    "cfsetospeed",
    "cfsetspeed",
    "isatty",
    "tcdrain",
    "tcflow",
    "tcflush",
    "tcgetattr",
    "tcgetpgrp",
    "tcgetsid",
    "tcgetwinsize",
    "tcsendbreak",
    "tcsetattr",
    "tcsetpgrp",
    "tcsetwinsize",
]

_INT = Struct("<i")
_SETTING = {TCSANOW: TIOCSETA, TCSADRAIN: TIOCSETAW, TCSAFLUSH: TIOCSETAF}
_FLUSHING = {TCIFLUSH: FREAD, TCOFLUSH: FWRITE, TCIOFLUSH: FREAD | FWRITE}
_IOCTL = sysno("ioctl")
_SIZEOF_TERMIOS = IOCPARM_LEN(TIOCGETA)
_RAW_IFLAG = IMAXBEL | IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON


def isatty(fd: int) -> bool:
    """Return whether fd is a terminal."""
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        error, _ = trap(_IOCTL, fd, TIOCGETA, reserve(lwp, _SIZEOF_TERMIOS))
    finally:
        lwp.l_ustack = mark
    return not error


def tcgetattr(fd: int) -> Termios:
    """Return the modes of a terminal.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    return Termios.unpack(ioctl(fd, TIOCGETA))


def tcsetattr(fd: int, action: int, modes: Termios) -> int:
    """Set the modes of a terminal.

    Args:
        fd: the terminal.
        action: TCSANOW, TCSADRAIN (after output has gone), TCSAFLUSH (and input
            is thrown away); with TCSASOFT not what concerns the line.
        modes: which.

    Raises:
        OSError: EINVAL, action. ENOTTY, EBADF, EINTR.
    """
    if action & TCSASOFT:
        modes = modes._replace(c_cflag=modes.c_cflag | CIGNORE)
    command = _SETTING.get(action & ~TCSASOFT)
    if command is None:
        cerror(Errno.EINVAL)
    ioctl(fd, command, modes.pack())
    return 0


def tcdrain(fd: int) -> int:
    """Wait until output has gone.

    Raises:
        OSError: ENOTTY, EBADF, EINTR.
    """
    ioctl(fd, TIOCDRAIN)
    return 0


def tcflush(fd: int, which: int) -> int:
    """Throw away input (TCIFLUSH), output (TCOFLUSH) or both (TCIOFLUSH).

    Raises:
        OSError: EINVAL, which. ENOTTY, EBADF.
    """
    queues = _FLUSHING.get(which)
    if queues is None:
        cerror(Errno.EINVAL)
    ioctl(fd, TIOCFLUSH, _INT.pack(queues))
    return 0


def tcflow(fd: int, action: int) -> int:
    """Stop output (TCOOFF), let it go on (TCOON), or tell the other end so (TCIOFF, TCION).

    Raises:
        OSError: EINVAL, action. ENOTTY, EBADF.
    """
    if action == TCOOFF:
        ioctl(fd, TIOCSTOP)
    elif action == TCOON:
        ioctl(fd, TIOCSTART)
    elif action in {TCIOFF, TCION}:
        char = tcgetattr(fd).c_cc[VSTOP if action == TCIOFF else VSTART]
        if char != _POSIX_VDISABLE:
            write(fd, bytes((char,)))
    else:
        cerror(Errno.EINVAL)
    return 0


def tcsendbreak(fd: int, duration: int) -> int:
    """Send a break: terminals here have no line to send one on.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    del duration
    ioctl(fd, TIOCGETA)
    return 0


def tcgetpgrp(fd: int) -> int:
    """Return the foreground process group of a terminal.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    pgrp: int = _INT.unpack(ioctl(fd, TIOCGPGRP))[0]
    return pgrp


def tcsetpgrp(fd: int, pgrp: int) -> int:
    """Make pgrp the foreground process group of a terminal.

    Raises:
        OSError: ENOTTY, EPERM, EINVAL, EBADF.
    """
    ioctl(fd, TIOCSPGRP, _INT.pack(pgrp))
    return 0


def tcgetsid(fd: int) -> int:
    """Return the session whose controlling terminal fd is.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    sid: int = _INT.unpack(ioctl(fd, TIOCGSID))[0]
    return sid


def tcgetwinsize(fd: int) -> tuple[int, int]:
    """Return the (rows, columns) of a terminal.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    return Winsize.unpack(ioctl(fd, TIOCGWINSZ))[:2]


def tcsetwinsize(fd: int, size: tuple[int, int]) -> int:
    """Set the (rows, columns) of a terminal; its foreground process group gets SIGWINCH.

    Raises:
        OSError: ENOTTY, EBADF.
    """
    ioctl(fd, TIOCSWINSZ, Winsize(*size).pack())
    return 0


def cfmakeraw(modes: Termios) -> Termios:
    """Return modes with all processing of input and output taken out."""
    return modes._replace(
        c_iflag=modes.c_iflag & ~_RAW_IFLAG,
        c_oflag=modes.c_oflag & ~OPOST,
        c_lflag=modes.c_lflag & ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN),
        c_cflag=modes.c_cflag & ~(CSIZE | PARENB) | CS8,
    )


def cfgetispeed(modes: Termios) -> int:
    """Return the speed of input, bits per second."""
    return modes.c_ispeed


def cfgetospeed(modes: Termios) -> int:
    """Return the speed of output, bits per second."""
    return modes.c_ospeed


def cfsetispeed(modes: Termios, speed: int) -> Termios:
    """Return modes with this speed of input."""
    return modes._replace(c_ispeed=speed)


def cfsetospeed(modes: Termios, speed: int) -> Termios:
    """Return modes with this speed of output."""
    return modes._replace(c_ospeed=speed)


def cfsetspeed(modes: Termios, speed: int) -> Termios:
    """Return modes with this speed of input and output."""
    return modes._replace(c_ispeed=speed, c_ospeed=speed)
