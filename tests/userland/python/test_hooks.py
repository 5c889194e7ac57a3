# SPDX-License-Identifier: BSD-2-Clause
"""What becomes of a program after its end is no affair of the host's."""

import gc
import warnings

from kernel import api

PROGRAM = """
import asyncio, os
async def never(): pass
class Loud:
    def __del__(self): len(nothing)
rings = [never(), Loud()]
rings.append(rings)
async def main():
    coroutine = never()
    os.execv("/bin/echo", ["echo", "another"])
asyncio.run(main())
"""


def test_what_the_host_finds_of_a_program_is_not_told_of(capfd):
    """A coroutine that nobody awaited, a finalizer that fails: the program has gone by exec."""
    with api.boot(seed=1) as k:
        k.install(b"/tmp/prog.py", PROGRAM.encode())
        result = k.run(b"/tmp/prog.py")
    assert (result.stdout, result.stderr) == (b"another\n", b"")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        gc.collect()
    assert not warned
    assert capfd.readouterr().err == ""
