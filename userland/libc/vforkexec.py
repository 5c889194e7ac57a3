# SPDX-License-Identifier: BSD-2-Clause
"""Running another program and waiting for it, as utilities do: vfork, execvp, waitpid."""

from kernel.sys.sched import CLONE_VFORK, CLONE_VM
from kernel.sys.signal import SIGCHLD
from userland.libc.sys import chdir, dup2
from userland.libc.unistd import clone, execvp
from userland.libc.wait import waitpid


def start(argv: list[str], directory: str = "", stdin: int = 0) -> int:
    """Start a program, looked for in PATH; return its pid.

    Args:
        argv: its arguments, the name first.
        directory: where it starts; the caller's, if empty.
        stdin: a descriptor for its standard input.

    Raises:
        OSError: EAGAIN, there can be no more processes; or why it cannot be executed.
    """
    refused: list[OSError] = []

    def child(_: object) -> int:
        try:
            if directory:
                chdir(directory)
            if stdin:
                dup2(stdin, 0)
            execvp(argv[0], argv)
        except OSError as exc:
            refused.append(exc)
        return 1

    pid = clone(child, CLONE_VM | CLONE_VFORK | SIGCHLD)
    if refused:
        waitpid(pid)
        raise refused[0]
    return pid


def run(argv: list[str], directory: str = "") -> int:
    """Start a program and wait for it; return its wait status.

    Raises:
        OSError: as start.
    """
    return waitpid(start(argv, directory))[1]
