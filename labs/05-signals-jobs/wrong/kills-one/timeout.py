# SPDX-License-Identifier: BSD-2-Clause
"""Run a command for so many seconds at most: timeout.py SECONDS COMMAND [ARG ...]."""

import os
import signal
import sys
from contextlib import suppress

GRACE = 2  # seconds between SIGTERM and SIGKILL
TIMED_OUT = 124


class TimeIsUp(Exception):
    """The alarm has rung."""


def ring(_signo, _frame):
    """Come out of the wait."""
    raise TimeIsUp


def wait(child, seconds):
    """Wait so long for child; return how it ended, or None."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        _, status = os.waitpid(child, 0)
    except TimeIsUp:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return status


def run(command):
    """Become command, in a process group of its own."""
    os.setpgid(0, 0)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"timeout.py: {command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def main():
    """Return the exit status."""
    seconds, command = float(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGALRM, ring)
    child = os.fork()
    if child == 0:
        run(command)
    with suppress(OSError):  # it has become the command already
        os.setpgid(child, child)  # whoever of the two comes first
    status = wait(child, seconds)
    if status is not None:
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code
    os.killpg(child, signal.SIGTERM)
    os.killpg(child, signal.SIGCONT)  # who is stopped gets nothing else
    if wait(child, GRACE) is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return TIMED_OUT


sys.exit(main())
