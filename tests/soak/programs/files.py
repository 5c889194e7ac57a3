# SPDX-License-Identifier: BSD-2-Clause
"""Files come, grow, move, shrink and go; descriptors are left open for exit to close."""

import os
import random
import sys
import time

rng = random.Random(int(sys.argv[1]))
home = f"/tmp/files.{os.getpid()}"
os.mkdir(home)
os.chdir(home)
names = [f"f{n}" for n in range(8)]
for _ in range(60):
    name, other = rng.choice(names), rng.choice(names)
    what = rng.randrange(8)
    try:
        if what == 0:
            with open(name, "ab") as file:
                file.write(bytes(rng.randrange(20_000)))
        elif what == 1:
            os.rename(name, other)
        elif what == 2:
            os.link(name, other)
        elif what == 3:
            os.truncate(name, rng.randrange(100_000))
        elif what == 4:
            os.unlink(name)
        elif what == 5:
            os.symlink(other, name)
        elif what == 6:
            os.open(name, os.O_RDWR | os.O_CREAT, 0o644)  # never closed
        else:
            os.mkdir(f"{name}.d")
            os.rmdir(f"{name}.d")
    except OSError:
        pass  # it is there already, or not at all
    time.sleep(rng.random() / 4)
for name in os.listdir("."):
    os.unlink(name)
os.chdir("/")
os.rmdir(home)
