# SPDX-License-Identifier: BSD-2-Clause
"""A shell with job control at a terminal, at which random lines and signals are typed."""

import os
import random
import sys

from userland.libc import POLLIN, poll

LINES = (
    "sleep 1 &",
    "sleep 2 | cat &",
    "(sleep 1; exit 3) &",
    "sleep 3",
    "cat",
    "cat &",
    "for i in 1 2 3; do sleep 1; done",
    "f() { sleep 1; echo done; }; f",
    "trap 'echo caught' USR1; kill -USR1 $$",
    "x=$(sleep 1; echo out); echo $x",
    "ls / | while read f; do echo $f; done | wc -l",
    "fg",
    "fg %-",
    "bg",
    "jobs -l",
    "kill %1",
    "kill -STOP %2",
    "kill -CONT %+",
    "wait -n",
    "set +m; sleep 1; set -m",
    "stty tostop; (sleep 1; echo late) &",
    "sh -c 'kill -STOP $$; echo on'",
    "cat <<E | tail -1\none\ntwo\nE",
    "",
)
KEYS = (b"\x03", b"\x1a", b"\x1c", b"\x15", b"text\n", b"\x04")

rng = random.Random(int(sys.argv[1]))
pid, master = os.forkpty()
if not pid:
    os.execve("/bin/sh", ["sh", "-i"], {"PS1": "> ", "PATH": "/bin:/usr/bin", "HOME": "/"})


def drain(seconds: float) -> bool:
    """Take what is shown until nothing is for so long; False at the end of it."""
    while poll([(master, POLLIN)], int(seconds * 1000)):
        if not os.read(master, 1000):
            return False
    return True


def type_(text: bytes, seconds: float) -> bool:
    """Type text and take what comes; False if nobody is there any more."""
    try:
        os.write(master, text)
        return drain(seconds)
    except OSError:
        return False


drain(0.2)
for _ in range(rng.randrange(5, 25)):
    typed = rng.choice(KEYS) if rng.random() < 0.4 else rng.choice(LINES).encode() + b"\n"
    if not type_(typed, rng.random()):
        break
if rng.random() < 0.5:  # else it is hung up
    for _ in range(3):
        if not type_(b"\x03\nkill -9 %1 %2 %3\nexit\n", 1):
            break
os.close(master)
os.waitpid(pid, 0)
