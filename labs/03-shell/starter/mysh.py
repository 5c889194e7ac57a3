# SPDX-License-Identifier: BSD-2-Clause
"""A shell: mysh.py [-c LINE], else the lines of the standard input."""

import os
import sys


def run(line):
    """Run a line; return its status."""
    words = line.split()
    # Yours: this becomes the command, and nobody is left to run the next one.
    os.execvp(words[0], words)


lines = [sys.argv[2]] if sys.argv[1:2] == ["-c"] else sys.stdin.read().splitlines()
status = 0
for line in lines:
    status = run(line)
sys.exit(status)
