# SPDX-License-Identifier: BSD-2-Clause
"""A pseudo-terminal in cooked and raw modes: editing, echo, ^D, ^C, the size of the window."""

import os
import select
import sys
import termios
import tty

sys.stdout.reconfigure(line_buffering=True)
master, slave = os.openpty()
print(os.isatty(master), os.isatty(slave), os.ttyname(slave).startswith("/dev/pts/"))


def echo():
    data = b""
    while select.select([master], [], [], 0.05)[0]:
        data += os.read(master, 1000)
    return data


os.write(master, b"hello\n")
print(os.read(slave, 100), echo())
os.write(master, b"helpx\x7f\x7flo\n")  # two erased
print(os.read(slave, 100), echo() != b"")
os.write(master, b"gone\x15kept\n")  # the line killed
print(os.read(slave, 100), echo() != b"")
os.write(master, b"part\x04")
print(os.read(slave, 100))
os.write(master, b"\x04")
print(os.read(slave, 100))
echo()
os.write(master, b"one\ntwo\n")
print(os.read(slave, 100), os.read(slave, 2), os.read(slave, 100))
echo()
os.write(slave, b"a\nb\n")
print(echo())
mode = termios.tcgetattr(slave)
mode[3] &= ~termios.ECHO
termios.tcsetattr(slave, termios.TCSANOW, mode)
os.write(master, b"silent\n")
print(os.read(slave, 100), echo())
tty.setraw(slave)
os.write(master, b"\x03\x04\x7f")
print(os.read(slave, 100), echo())
os.write(slave, b"a\n")
print(echo())
mode = termios.tcgetattr(slave)
mode[6][termios.VMIN], mode[6][termios.VTIME] = 0, 1
termios.tcsetattr(slave, termios.TCSANOW, mode)
print(os.read(slave, 10))
mode[6][termios.VMIN], mode[6][termios.VTIME] = 3, 0
termios.tcsetattr(slave, termios.TCSANOW, mode)
os.write(master, b"ab")
print(select.select([slave], [], [], 0.02)[0])
os.write(master, b"c")
print(os.read(slave, 10))
os.close(slave)
os.close(master)
