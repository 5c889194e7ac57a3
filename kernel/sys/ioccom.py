# SPDX-License-Identifier: BSD-2-Clause
"""Commands of ioctl(2).  NetBSD sys/sys/ioccom.h, filio.h, ttycom.h.

A command is a word: the direction in the top three bits, then the bytes of
its argument, a letter that names the group, and a number.
"""

from typing import Final

IOCPARM_MASK: Final = 0x1FFF
IOCPARM_MAX: Final = 4096  # bytes of the largest argument
IOC_VOID: Final = 0x20000000  # no argument, or one passed by value
IOC_OUT: Final = 0x40000000  # copied out to the caller
IOC_IN: Final = 0x80000000  # copied in from the caller
IOC_INOUT: Final = IOC_IN | IOC_OUT
IOC_DIRMASK: Final = 0xE0000000


def _IOC(inout: int, group: str, num: int, length: int) -> int:
    """Return the command num of group, with length bytes of argument."""
    return inout | (length & IOCPARM_MASK) << 16 | ord(group) << 8 | num


def _IO(group: str, num: int) -> int:
    """Return a command without an argument."""
    return _IOC(IOC_VOID, group, num, 0)


def _IOR(group: str, num: int, length: int) -> int:
    """Return a command that gives length bytes to the caller."""
    return _IOC(IOC_OUT, group, num, length)


def _IOW(group: str, num: int, length: int) -> int:
    """Return a command that takes length bytes from the caller."""
    return _IOC(IOC_IN, group, num, length)


def _IOWR(group: str, num: int, length: int) -> int:
    """Return a command that takes length bytes and gives as many."""
    return _IOC(IOC_INOUT, group, num, length)


def IOCPARM_LEN(com: int) -> int:
    """Return the bytes of com's argument."""
    return com >> 16 & IOCPARM_MASK


def IOCGROUP(com: int) -> str:
    """Return the letter of com's group."""
    return chr(com >> 8 & 0xFF)


_INT: Final = 4  # bytes
_TERMIOS: Final = 44
_WINSIZE: Final = 8
_PTMGET: Final = 2056
_LINEDN: Final = 32

# Any file (filio.h).
FIOCLEX: Final = _IO("f", 1)  # close on exec
FIONCLEX: Final = _IO("f", 2)
FIONREAD: Final = _IOR("f", 127, _INT)  # bytes that a read would not wait for
FIONBIO: Final = _IOW("f", 126, _INT)  # set or clear non-blocking I/O
FIOASYNC: Final = _IOW("f", 125, _INT)
FIOSETOWN: Final = _IOW("f", 124, _INT)
FIOGETOWN: Final = _IOR("f", 123, _INT)
FIONWRITE: Final = _IOR("f", 121, _INT)  # bytes written and not yet taken
FIONSPACE: Final = _IOR("f", 120, _INT)  # bytes that a write would not wait for

# Sockets (sockio.h).
SIOCATMARK: Final = _IOR("s", 7, _INT)  # whether the urgent byte is next
SIOCSPGRP: Final = _IOW("s", 8, _INT)
SIOCGPGRP: Final = _IOR("s", 9, _INT)

# Terminals (ttycom.h).
TIOCEXCL: Final = _IO("t", 13)
TIOCNXCL: Final = _IO("t", 14)
TIOCFLUSH: Final = _IOW("t", 16, _INT)
TIOCGETA: Final = _IOR("t", 19, _TERMIOS)
TIOCSETA: Final = _IOW("t", 20, _TERMIOS)
TIOCSETAW: Final = _IOW("t", 21, _TERMIOS)  # when output has drained
TIOCSETAF: Final = _IOW("t", 22, _TERMIOS)  # and input is thrown away
TIOCGLINED: Final = _IOR("t", 66, _LINEDN)  # the name of the line discipline
TIOCSLINED: Final = _IOW("t", 67, _LINEDN)
TIOCGETD: Final = _IOR("t", 26, _INT)
TIOCSETD: Final = _IOW("t", 27, _INT)
TIOCPTMGET: Final = _IOR("t", 70, _PTMGET)
TIOCGRANTPT: Final = _IO("t", 71)
TIOCPTSNAME: Final = _IOR("t", 72, _PTMGET)
TIOCDRAIN: Final = _IO("t", 94)
TIOCSIG: Final = _IO("t", 95)
TIOCEXT: Final = _IOW("t", 96, _INT)
TIOCSCTTY: Final = _IO("t", 97)  # become the controlling terminal
TIOCCONS: Final = _IOW("t", 98, _INT)
TIOCGSID: Final = _IOR("t", 99, _INT)
TIOCSTAT: Final = _IOW("t", 101, _INT)
TIOCUCNTL: Final = _IOW("t", 102, _INT)
TIOCMGET: Final = _IOR("t", 106, _INT)  # lines of a modem: no terminal here has one
TIOCMBIC: Final = _IOW("t", 107, _INT)
TIOCMBIS: Final = _IOW("t", 108, _INT)
TIOCMSET: Final = _IOW("t", 109, _INT)
TIOCREMOTE: Final = _IOW("t", 105, _INT)
TIOCSWINSZ: Final = _IOW("t", 103, _WINSIZE)
TIOCGWINSZ: Final = _IOR("t", 104, _WINSIZE)
TIOCSTART: Final = _IO("t", 110)
TIOCSTOP: Final = _IO("t", 111)
TIOCPKT: Final = _IOW("t", 112, _INT)
TIOCNOTTY: Final = _IO("t", 113)  # give up the controlling terminal
TIOCSTI: Final = _IOW("t", 114, 1)
TIOCOUTQ: Final = _IOR("t", 115, _INT)
TIOCSPGRP: Final = _IOW("t", 118, _INT)
TIOCGPGRP: Final = _IOR("t", 119, _INT)
