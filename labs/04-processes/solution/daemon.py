# SPDX-License-Identifier: BSD-2-Clause
"""Start a command as a daemon: daemon.py COMMAND [ARG ...]."""

import os
import sys

command = sys.argv[1:]
pid = os.fork()
if pid:
    _, status = os.waitpid(pid, 0)
    sys.exit(os.WEXITSTATUS(status))
os.setsid()
if os.fork():
    os._exit(0)  # its child becomes init's, and can get no terminal: it leads no session
os.chdir("/")
null = os.open("/dev/null", os.O_RDWR)
for fd in (0, 1, 2):
    os.dup2(null, fd)
try:
    os.execvp(command[0], command)
except OSError:
    os._exit(127)
