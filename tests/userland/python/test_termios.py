# SPDX-License-Identifier: BSD-2-Clause
"""The termios module of a program has NetBSD's numbers, under the names that CPython looks for."""

import sys


def test_constants_are_netbsds(run):
    """Speeds are themselves, characters are those of a new terminal; 3.13 knows more names."""
    result = run(
        "import termios\nprint(termios.B38400, termios.EXTA, hex(termios.TIOCGWINSZ), termios.CEOF,"
        " termios.CINTR, hex(termios.TIOCMGET), termios.TIOCM_RTS)\n"
        "print([hasattr(termios, name) for name in ('VSTATUS', 'B7200', 'TCGETS', 'IOC_OUT')])\n"
    )
    new = sys.version_info >= (3, 13)
    assert result.stdout.decode().splitlines() == [
        "38400 19200 0x40087468 4 3 0x4004746a 4",
        str([new, new, False, False]),
    ]


def test_terminals_here_have_no_modem(run):
    """TIOCMGET fails: there are no lines to be asked about."""
    result = run(
        "import fcntl, os, termios\nm, s = os.openpty()\ntry:\n"
        "    fcntl.ioctl(s, termios.TIOCMGET, bytes(4))\nexcept OSError as exc:\n    print(exc)\n"
    )
    assert result.stdout == b"[Errno 25] Inappropriate ioctl for device\n"
