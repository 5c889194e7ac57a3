# SPDX-License-Identifier: BSD-2-Clause
"""A shell that has jobs and nothing else: COMMAND [ARG ...] [&], jobs, fg [N], bg [N], exit."""

import os
import signal
import sys


def obey(line):
    """Do what a line says."""
    words = line.split()
    if not words:
        return
    if words[0] == "exit":
        sys.exit(0)
    # Yours. Until then, a command in the shell's own process group:
    pid = os.fork()
    if pid == 0:
        os.execvp(words[0], words)
    os.waitpid(pid, 0)


while True:
    print("$ ", end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        break
    obey(line)
