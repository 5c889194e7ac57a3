# SPDX-License-Identifier: BSD-2-Clause
"""A pseudo-terminal: lines go in at its master, are edited, and come out at its slave."""

import os
import select


def send(data, line=True):
    """Type data; a host hands it over a little later."""
    os.write(master, data)
    select.select([slave], [], [], 60 if line else 0.05)


master, slave = os.openpty()
print(os.isatty(master), os.isatty(slave), os.get_inheritable(slave))
print(os.ttyname(slave).startswith("/dev/pts/"))

for typed in (b"plain\n", b"ab\x7fc\n", b"wrong\x15right\n", b"a\x16\x7fb\n", b"end\x04", b"\x04"):
    send(typed)
    print(typed, os.read(slave, 100))

send(b"one\ntwo\n")
print(os.read(slave, 100), os.read(slave, 2), os.read(slave, 100))

os.set_blocking(slave, False)
send(b"half", line=False)
try:
    os.read(slave, 100)
except BlockingIOError:
    print("no line yet")
send(b" and half\n")
print(os.read(slave, 100))

os.read(master, 1000)
os.write(slave, b"line\n")
seen = b""
while not seen.endswith(b"\n"):
    seen += os.read(master, 100)
print(seen)

try:
    os.tcgetpgrp(slave)
except OSError:
    print("not the controlling terminal")
os.close(slave)
os.close(master)
