# SPDX-License-Identifier: BSD-2-Clause
"""Boots a system, runs one file of CPython's tests in it, and prints what they tell.

A line each, after the CPU seconds that the system has taken so far.
"""

import sys
import time
from pathlib import Path

from kernel import api
from tests.cpython.multiprocessing import missing_modules

GUEST = Path(__file__).with_name("guest.py")
MADE = b"/usr/lib/made"
MARK = b"\x1e"


class Console(api.Buffers):
    """Passes on what the program tells; the rest is kept for -v."""

    def __init__(self, loud: bool) -> None:
        super().__init__()
        self.loud = loud

    def write(self, data: bytes | memoryview, minor: int) -> int:
        text = bytes(data)
        if text.startswith(MARK):
            sys.stdout.buffer.write(b"%.1f %b" % (time.process_time(), text[1:]))
            sys.stdout.buffer.flush()
        elif self.loud:
            sys.stderr.buffer.write(text)
            sys.stderr.buffer.flush()
        return len(text)


def main() -> int:
    """Run the tests that the arguments name; what not to run comes from stdin."""
    module, pattern, loud = sys.argv[1:]
    without = sys.stdin.buffer.read()
    limits = api.Limits(fs_size=1 << 30, nofile=(1024, 3404))  # as those who run them have
    with api.boot(seed=1, limits=limits, console=Console(loud == "1")) as k:
        k.root().chmod(b"/dev/console", 0o622)
        k.mount_zones()
        k.root().mkdir(MADE, 0o755)
        for name, source in missing_modules().items():
            if "." not in name:
                k.root().mkdir(MADE + f"/{name}".encode(), 0o755)
                name += ".__init__"
            k.install(MADE + f"/{name.replace('.', '/')}.py".encode(), source.encode(), 0o644)
        env = {"PYTHONPATH": MADE.decode(), "LANG": "C.UTF-8"}
        result = k.run(GUEST, [module, pattern, MARK.decode()], stdin=without, env=env, uid=1000)
    return result.status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (api.Deadlock, api.Panic) as exc:
        sys.exit(f"{type(exc).__name__}: {exc}")
