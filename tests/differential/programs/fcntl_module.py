# SPDX-License-Identifier: BSD-2-Clause
"""fcntl and ioctl with numbers, bytes and buffers, and the locks of files."""

import array
import fcntl
import os
import struct
import sys
import termios


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError, OverflowError) as exc:
        return f"{type(exc).__name__} {exc}"
    except OSError as exc:
        return f"{type(exc).__name__} {exc.strerror}"


file = open("file", "w+")
print(fcntl.fcntl(file, fcntl.F_GETFD) == fcntl.FD_CLOEXEC, fcntl.fcntl(file, fcntl.F_SETFD, 0))
print(os.get_inheritable(file.fileno()))
flags = fcntl.fcntl(file, fcntl.F_GETFL)
print(fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_NONBLOCK), os.get_blocking(file.fileno()))
again = fcntl.fcntl(file.fileno(), fcntl.F_DUPFD_CLOEXEC, 50)
print(again, os.get_inheritable(again))

r, w = os.pipe()
os.write(w, b"hello")
number = array.array("i", [0])
print(fcntl.ioctl(r, termios.FIONREAD, number), number[0])
print(struct.unpack("i", fcntl.ioctl(r, termios.FIONREAD, bytes(4))))
number[0] = 7
print(struct.unpack("i", fcntl.ioctl(r, termios.FIONREAD, number, False)), number[0])
large = bytearray(2000)
print(fcntl.ioctl(r, termios.FIONREAD, large), large[:4] == struct.pack("i", 5))

master, slave = os.openpty()
termios.tcsetwinsize(slave, (24, 80))
size = fcntl.ioctl(slave, termios.TIOCGWINSZ, b"\0" * 8)
print(struct.unpack("HHHH", size), termios.tcgetwinsize(master))
print(
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 20, 0, 0))[:4]
    == bytes((10, 0, 20, 0))
)
print(os.get_terminal_size(slave), attempt(fcntl.ioctl, r, termios.TIOCGWINSZ, bytes(8)))

fcntl.flock(file, fcntl.LOCK_EX)
with open("file") as other:
    print(attempt(fcntl.flock, other, fcntl.LOCK_SH | fcntl.LOCK_NB))
    fcntl.flock(file, fcntl.LOCK_UN)
    print(attempt(fcntl.flock, other, fcntl.LOCK_SH | fcntl.LOCK_NB))
fcntl.lockf(file, fcntl.LOCK_EX, 10, 5)
sys.stdout.flush()
if not os.fork():
    with open("file", "r+") as other:
        print(attempt(fcntl.lockf, other, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 14))
        print(attempt(fcntl.lockf, other, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 15), flush=True)
    os._exit(0)
os.wait()
print(
    attempt(fcntl.lockf, file, 32),
    attempt(fcntl.lockf, file, 99),
    attempt(fcntl.fcntl, "a", 1),
    attempt(fcntl.fcntl, -1, 1),
)
print(
    attempt(fcntl.fcntl, file, fcntl.F_GETFD, bytes(2000)), attempt(fcntl.ioctl, r, 1, bytes(2000))
)
print(attempt(fcntl.fcntl, 99, fcntl.F_GETFD), attempt(fcntl.fcntl, 1 << 40, fcntl.F_GETFD))
