# SPDX-License-Identifier: BSD-2-Clause
"""Grow a tree of processes, three generations of two, and reap it from the leaves up.

    python -m kernel run --ktrace ktrace.out examples/fork_tree.py

In its trace, in this order:

    CALL  fork
    RET   fork 3                       in the parent: the child's pid
    CALL  __wait450(3,                 which it waits for
    RET   fork 0                       in the child: the trace is inherited
    CALL  getppid                      a leaf ...
    CALL  exit(1)                      ... that counts as one process
    RET   __wait450 -1 errno 4         SIGCHLD breaks off the sleep of its parent ...
    PSIG  SIGCHLD caught handler=      ... which notes that it came,
    CALL  setcontext(                  goes back through the kernel,
    CALL  __wait450(4,                 runs its handler, and makes the call again,
    RET   __wait450 4                  which finds the child
    CALL  exit(3)                      three processes, from here down

A child has no history in the trace of its own: what came before its fork is its parent's,
though fork(2) here runs the program anew up to that point. Nothing is traced twice.
"""

import os
import signal

DEPTH = 3
CHILDREN = 2

told = []


def on_child(signo: int, frame: object) -> None:
    """Count the deaths of children that the root heard of."""
    told.append(signo)


def grow(depth: int) -> int:
    """Make the tree below this process; return how many processes it has, this one included."""
    total = 1
    if depth == 1:
        os.getppid()
        return total
    for _ in range(CHILDREN):
        pid = os.fork()
        if pid == 0:
            os._exit(grow(depth - 1))
        _, status = os.waitpid(pid, 0)
        total += os.WEXITSTATUS(status)
    return total


signal.signal(signal.SIGCHLD, on_child)
print(f"the tree had {grow(DEPTH)} processes; the root was told of {len(told)} deaths")
