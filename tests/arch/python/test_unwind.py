# SPDX-License-Identifier: BSD-2-Clause
"""A stack whose process has ended ends, whatever its program's handlers do."""

import sys

import pytest
from greenlet import greenlet

from kernel.arch.python import unwind

SERVE = """\
import os, sys, threading, time
TURNS = 1_000_000  # of a loop that would go on for ever
class Server:
    def __init__(self):
        self.file = open(os.pipe()[0])
    def serve(self):
        for _ in range(TURNS):
            try:
                self.file.readline()
            except:
                self.seen = None
server = Server()
threading.Thread(target=server.serve, daemon=True).start()
time.sleep(1)
"""
ENDS = {
    "left behind by a fork": "pid = os.fork()\nserver.file = None\nif not pid: os._exit(7)\n"
    "print(os.waitstatus_to_exitcode(os.wait()[1]))\n",
    "left by an exec": "server.file = None\nos.execv('/bin/sh', ['sh', '-c', 'echo 7'])\n",
    "left by an exit": "server.file = None\nos.write(1, b'7\\n')\nos._exit(0)\n",
}


@pytest.mark.filterwarnings("ignore:This process")
@pytest.mark.parametrize("end", ENDS)
def test_a_thread_that_swallows_everything_stands_still(run, end):
    """It makes no call, as what it waited for is gone: only its lines can be counted."""
    still = len(unwind._undead)
    tracing = sys.gettrace()
    result = run(SERVE + ENDS[end])
    assert (result.status, result.stdout) == (0, b"7\n"), result.stderr
    assert len(unwind._undead) > still
    assert sys.gettrace() is tracing


def test_handlers_and_loops_that_end_are_run(run):
    """What a stack does on its way out is let be, and its memory given back."""
    still = len(unwind._undead)
    program = SERVE.replace("1_000_000", "1_000") + ENDS["left by an exit"]
    result = run(program)
    assert (result.status, result.stdout) == (0, b"7\n"), result.stderr
    assert len(unwind._undead) == still


def test_who_runs_after_a_stack_that_stands_still_is_not_watched():
    """A program that went on for as many lines would stand still, too."""
    tracing = sys.gettrace()

    def stand() -> None:
        sys.settrace(unwind._Watch(context, tracing))
        unwind.stand_still(context)

    context = greenlet(stand)
    context.switch()
    watching = sys.gettrace()
    sys.settrace(tracing)
    assert watching is tracing
