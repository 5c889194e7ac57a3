# SPDX-License-Identifier: BSD-2-Clause
"""Any calls with any registers: python -m tests.fuzz [COUNT] [SEED] [KERNEL to begin with]."""

import resource
import sys
import time

from kernel.sys.errno import Errno
from tests.fuzz.fuzzer import Bug, Fuzzer

MEMORY = 4 << 30  # bytes: a kernel that asks for more is wrong


def main(count: int, seed: int, first: int) -> int:
    """Make count calls and say how they ended; 0 if as they may."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    began = time.monotonic()
    fuzzer = Fuzzer(seed, first)
    try:
        fuzzer.run(count)
    except Bug as exc:
        print(exc)
        return 1
    finally:
        took = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"seed {seed}: {fuzzer.calls} calls on {fuzzer.kernels} kernels in {took:.0f} s")
        print(f"{peak:.0f} MB at most; {dict(fuzzer.outcomes)}")
        names = {int(each): each.name for each in Errno}
        print(" ".join(f"{names.get(e, e)} {n}" for e, n in fuzzer.errors.most_common() if e))
    return 0


if __name__ == "__main__":
    sys.exit(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000,
            int(sys.argv[2]) if len(sys.argv) > 2 else 1,
            int(sys.argv[3]) if len(sys.argv) > 3 else 1,
        )
    )
