# SPDX-License-Identifier: BSD-2-Clause
"""python -m benchmarks.sleepers KIND COUNT: print the KiB of each of COUNT processes asleep.

In an interpreter of its own: memory that another measurement has left free would not count.
"""

import sys

from benchmarks.stopwatch import Track

with (track := Track(int(sys.argv[2]) + 100)).system:
    track.run("sleepers.py", sys.argv[1], 10)
    track.run("sleepers.py", *sys.argv[1:3])
    before, asleep, *_ = track.watch.sizes
    print((asleep - before) / int(sys.argv[2]))
