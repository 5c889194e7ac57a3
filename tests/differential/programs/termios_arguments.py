# SPDX-License-Identifier: BSD-2-Clause
"""What termios refuses as modes and sizes of a terminal."""

import os
import termios

master, slave = os.openpty()
modes = termios.tcgetattr(slave)


def attempt(function, *args):
    try:
        print(function(*args))
    except (TypeError, ValueError, OverflowError, termios.error) as exc:
        print(type(exc).__name__, "elements" if "7 element" in str(exc) else exc)


attempt(termios.tcsetattr, slave, termios.TCSANOW, modes[:3])
attempt(termios.tcsetattr, slave, termios.TCSANOW, tuple(modes))
for place in range(6):
    for wrong in ("a", 1.5, 1 << 80):
        changed = [*modes[:place], wrong, *modes[place + 1 :]]
        attempt(termios.tcsetattr, slave, termios.TCSANOW, changed)
for wrong in (1 << 80, "a", b"ab", b"", None):
    attempt(termios.tcsetattr, slave, termios.TCSANOW, [*modes[:6], [wrong, *modes[6][1:]]])
attempt(termios.tcsetattr, slave, 1 << 40, modes)
attempt(termios.tcsetattr, "a", termios.TCSANOW, modes)
attempt(termios.tcsetattr, -1, termios.TCSANOW, modes)
for size in ((1,), 1, ("a", 1), (1 << 20, 1), (1 << 70, 1), (-1, 1), (1.5, 1), [3, 4]):
    attempt(termios.tcsetwinsize, slave, size)
print(termios.tcgetwinsize(slave))
attempt(termios.tcgetattr, os.open("/dev/null", os.O_RDONLY))
