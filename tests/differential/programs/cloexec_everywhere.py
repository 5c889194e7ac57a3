# SPDX-License-Identifier: BSD-2-Clause
"""Every descriptor a program makes is closed by exec, unless it says otherwise."""

import os
import socket
import sys

sys.stdout.reconfigure(line_buffering=True)
made = {
    "open": os.open("f", os.O_WRONLY | os.O_CREAT),
    "pipe": os.pipe()[0],
    "dup": os.dup(1),
    "dup2": os.dup2(1, 9),
    "dup2 not": os.dup2(1, 8, inheritable=False),
    "socket": (s := socket.socket()).fileno(),
    "pair": (pair := socket.socketpair())[0].fileno(),
    "file": (f := open("g", "w")).fileno(),
    "pty": os.openpty()[0],
}
print({name: os.get_inheritable(fd) for name, fd in made.items()})
test = "; ".join(f"(: <&{fd}) 2>/dev/null && echo {fd == 9}" for fd in made.values() if fd < 10)
pid = os.fork()
if pid == 0:
    os.execv("/bin/sh", ["sh", "-c", test + "; true"])
print(os.waitpid(pid, 0)[1])
low, high = os.dup2(1, 60), os.dup2(1, 70)
os.closerange(60, 71)
for fd in (60, 70):
    try:
        os.fstat(fd)
    except OSError as exc:
        print(exc.strerror)
os.set_inheritable(made["open"], True)
pid = os.fork()
if pid == 0:
    os.execv("/bin/sh", ["sh", "-c", f"echo written >&{made['open']}"])
os.waitpid(pid, 0)
print(open("f").read())
