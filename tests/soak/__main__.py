# SPDX-License-Identifier: BSD-2-Clause
"""Keep a kernel busy and see that nothing is left: python -m tests.soak [SECONDS] [SEED]."""

import sys
import time
import tracemalloc

from tests.soak.workload import Workload

HOUR = 3600


def main(seconds: int, seed: int) -> int:
    """Run so many seconds of virtual time, and say what was done and what is left; 0 if nothing."""
    began = time.monotonic()
    load = Workload(seed)
    half = None
    tracemalloc.start()
    while load.seconds < seconds:
        load.turn()
        if half is None and load.seconds >= seconds / 2:
            half = tracemalloc.get_traced_memory()[0]
    end = tracemalloc.get_traced_memory()[0]
    took = time.monotonic() - began
    print(
        f"seed {seed}: {load.seconds:.0f} s of virtual time in {took:.0f} s, {load.rounds} rounds"
    )
    print(" ".join(f"{name} {count}" for name, count in sorted(load.programs.items())))
    print(f"{load.system.kernel.lastpid} last pid, {load.records} bytes of traces")
    print(
        f"nothing left behind; memory {(half or 0) / 1e6:.2f} MB at half time, {end / 1e6:.2f} MB at the end"
    )
    for failure in load.failures:
        print(failure)
    return 1 if load.failures else 0


if __name__ == "__main__":
    sys.exit(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else HOUR,
            int(sys.argv[2]) if len(sys.argv) > 2 else 1,
        )
    )
