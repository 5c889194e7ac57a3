# SPDX-License-Identifier: BSD-2-Clause
"""lockf(3)."""

from collections.abc import Callable

from kernel.api import Result


def test_locks_pieces_from_the_offset(run: Callable[..., Result]):
    """A piece another process has locked is refused to F_TLOCK and F_TEST, until it is unlocked."""
    result = run(
        "from userland.libc import *\n"
        "fd = open('file', O_RDWR | O_CREAT, 0o600)\n"
        "lseek(fd, 10, SEEK_SET)\n"
        "lockf(fd, F_LOCK, -5)\n"
        "lockf(fd, F_TEST, 0)\n"
        "def other():\n"
        "    if fork() == 0:\n"
        "        for at in (4, 5, 9, 10):\n"
        "            lseek(fd, at, SEEK_SET)\n"
        "            for function in (F_TEST, F_TLOCK):\n"
        "                try:\n"
        "                    lockf(fd, function, 1)\n"
        "                    write(1, b'free ')\n"
        "                except OSError as error:\n"
        "                    write(1, b'%d ' % error.errno)\n"
        "        _exit(0)\n"
        "    wait()\n"
        "other()\n"
        "lseek(fd, 9, SEEK_SET)\n"
        "lockf(fd, F_ULOCK, 1)\n"
        "other()\n"
        "for bad in ((fd, 9, 1), (77, F_LOCK, 1), (fd, F_LOCK, -100)):\n"
        "    try:\n"
        "        lockf(*bad)\n"
        "    except OSError as error:\n"
        "        write(1, b'%d ' % error.errno)\n"
    )

    held = b"free free 35 35 35 35 free free "
    freed = b"free free 35 35 free free free free "
    assert (result.status, result.stderr) == (0, b"")
    assert result.stdout == held + freed + b"22 9 22 "
