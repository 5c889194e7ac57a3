# SPDX-License-Identifier: BSD-2-Clause
"""Many sequences in one run, with figures: python -m tests.procmodel 10000 [SEED]."""

import sys
import time

from hypothesis import seed

from tests.procmodel.machine import WORLDS, Sequence
from tests.procmodel.ours import Ours
from tests.vfsmodel.run import run

BATCH = (
    500  # sequences for one seed: hypothesis goes back to what it has tried, a new seed does not
)


def main(count: int, first: int) -> None:
    """Run count sequences, and say what they have reached."""
    print(f"{count} sequences, seed {first}", flush=True)
    began = time.monotonic()
    WORLDS.ours = Ours()
    WORLDS.host = sys.platform == "linux"
    while WORLDS.sequences < count:
        wanted = min(BATCH, count - WORLDS.sequences)
        run(seed(first + WORLDS.sequences)(type("Sequence", (Sequence,), {})), wanted)
    seconds = time.monotonic() - began
    for (call, answer), number in sorted(WORLDS.reached.items()):
        print(f"{number:8} {call} {answer}")
    for what, number in WORLDS.foreign.most_common():
        print(f"{number:8} left the host: {what}")
    host = WORLDS.on_host
    print(
        f"{WORLDS.sequences} sequences, {sum(WORLDS.reached.values())} calls, {seconds:.0f} s; on the"
        f" host, too: {host['begun']} sequences, {host['ended']} of them to the end,"
        f" {host['calls']} calls"
    )


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 10_000,
        int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000,
    )
