# SPDX-License-Identifier: BSD-2-Clause
"""The modes of a terminal: raw, the four kinds of waiting without lines, output processing."""

import os
import select
import termios
import tty


def send(data):
    """Type data; a host hands it over a little later."""
    os.write(master, data)
    select.select([slave], [], [], 60)


def shown(end):
    """Return what the terminal shows, up to its end."""
    seen = b""
    while not seen.endswith(end):
        seen += os.read(master, 100)
    return seen


master, slave = os.openpty()
old = termios.tcgetattr(slave)
print(len(old), [len(char) for char in old[6]] == [1] * len(old[6]))
print(bool(old[3] & termios.ICANON), bool(old[3] & termios.ECHO), bool(old[1] & termios.OPOST))
for name in ("VINTR", "VQUIT", "VERASE", "VKILL", "VEOF", "VSUSP", "VSTART", "VSTOP", "VLNEXT"):
    print(name, old[6][getattr(termios, name)])

tty.setraw(slave)
raw = termios.tcgetattr(slave)
print(raw[3] & (termios.ICANON | termios.ECHO | termios.ISIG), raw[1] & termios.OPOST)
print(raw[6][termios.VMIN], raw[6][termios.VTIME])
send(b"\x03\x04\r\n\x7f")
print(os.read(slave, 100))
os.write(slave, b"a\nb")
print(shown(b"b"))

for least, tenths in ((0, 0), (0, 1), (1, 0), (3, 1)):
    raw[6][termios.VMIN], raw[6][termios.VTIME] = least, tenths
    termios.tcsetattr(slave, termios.TCSANOW, raw)
    answers = []
    if not least:
        answers.append(os.read(slave, 100))
    send(b"xy")
    answers.append(os.read(slave, 100))
    print(least, tenths, answers)

send(b"thrown away")
termios.tcsetattr(slave, termios.TCSAFLUSH, old)
send(b"kept\n")
print(os.read(slave, 100))
os.read(master, 1000)

off = termios.tcgetattr(slave)
off[3] &= ~termios.ECHO
termios.tcsetattr(slave, termios.TCSADRAIN, off)
send(b"secret\n")
print(os.read(slave, 100))
os.write(slave, b"done\n")
print(shown(b"\n"))

termios.tcsetwinsize(slave, (30, 100))
print(termios.tcgetwinsize(master), os.get_terminal_size(slave))
send(b"flushed\n")
termios.tcflush(slave, termios.TCIFLUSH)
send(b"\n")
print(os.read(slave, 100))
reader, _ = os.pipe()
try:
    termios.tcgetattr(reader)
except termios.error as error:
    print(error.args[1])
