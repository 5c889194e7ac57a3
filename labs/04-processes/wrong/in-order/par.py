# SPDX-License-Identifier: BSD-2-Clause
"""Run a command for each line, some at a time: par.py JOBS COMMAND [ARG ...]."""

import os
import sys


class Jobs:
    """The children that run, by their pids."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.lines: dict[int, str] = {}
        self.failed = False

    def start(self, line: str) -> None:
        """Start the command with one more argument, when there is room for another process."""
        while True:
            try:
                pid = os.fork()
            except BlockingIOError:
                if not self.lines:
                    raise
                self.wait()
            else:
                break
        if pid == 0:
            self.become([*self.command, line])
        self.lines[pid] = line

    @staticmethod
    def become(command: list[str]) -> None:
        """Be the command: in the child, which does not come back."""
        try:
            os.execvp(command[0], command)
        except OSError as exc:
            os.write(2, f"par: {command[0]}: {exc.strerror}\n".encode())
            os._exit(127)

    def wait(self) -> None:
        """Wait for one that ends, whichever it is, and tell of it."""
        pid, status = os.waitpid(next(iter(self.lines)), 0)
        line = self.lines.pop(pid)
        if os.WIFSIGNALED(status):
            print(f"{line}: signal {os.WTERMSIG(status)}", flush=True)
        else:
            print(f"{line}: exit {os.WEXITSTATUS(status)}", flush=True)
        self.failed |= status != 0


jobs = Jobs(sys.argv[2:])
for word in sys.stdin.read().splitlines():
    if len(jobs.lines) == int(sys.argv[1]):
        jobs.wait()
    jobs.start(word)
while jobs.lines:
    jobs.wait()
sys.exit(jobs.failed)
