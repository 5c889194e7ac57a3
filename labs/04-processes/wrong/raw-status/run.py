# SPDX-License-Identifier: BSD-2-Clause
"""Run a command in a child, and end as it ends: run.py COMMAND [ARG ...]."""

import os
import sys

if len(sys.argv) < 2:
    sys.exit("usage: run.py COMMAND [ARG ...]")
command = sys.argv[1:]
pid = os.fork()
if pid == 0:
    try:
        os.execvp(command[0], command)
    except FileNotFoundError:
        os.write(2, f"run: {command[0]}: not found\n".encode())
        os._exit(127)
    except OSError as exc:
        os.write(2, f"run: {command[0]}: {exc.strerror}\n".encode())
        os._exit(126)
_, status = os.waitpid(pid, 0)
sys.exit(status)
