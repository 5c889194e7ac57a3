# SPDX-License-Identifier: BSD-2-Clause
"""Terminals are made, typed at, hung up and left; sessions begin and end there."""

import os
import random
import signal
import sys
import time

# As an exception it would be lost in a child that is still in what random does after a fork.
signal.signal(signal.SIGINT, signal.SIG_DFL)

rng = random.Random(int(sys.argv[1]))
for _ in range(8):
    what = rng.randrange(4)
    if what == 0:  # both sides in one process, left for exit to close now and then
        master, slave = os.openpty()
        os.write(master, b"some line\n" * rng.randrange(1, 5))
        os.read(slave, 100)
        if rng.random() < 0.7:
            os.close(master)  # first: what was echoed, and is not read, would keep the other
            os.close(slave)
    else:
        pid, master = os.forkpty()
        if not pid:
            os.write(1, os.read(0, 100)[::-1])
            if what == 1:
                os.read(0, 100)  # until it is hung up
            os._exit(0)
        time.sleep(rng.random() / 10)
        os.write(master, rng.choice((b"typed\n", b"wrong\x15right\n", b"\x03", b"\x04")))
        try:
            if what > 1:
                while os.read(master, 100):
                    pass
        except OSError:
            pass
        os.close(master)
        os.waitpid(pid, 0)
    time.sleep(rng.random() / 10)
