# SPDX-License-Identifier: BSD-2-Clause
"""Make a tree of processes and count them: tree.py DEPTH WIDTH."""

import os
import sys


def grow(depth: int, width: int) -> int:
    """Have width children, and they theirs, depth levels of them; return how many all are."""
    children = []
    for _ in range(width if depth else 0):
        try:
            pid = os.fork()
        except BlockingIOError:  # there is no room: the tree is the smaller
            break
        if pid == 0:
            os._exit(grow(depth - 1, width))
        children.append(pid)
    total = 1
    for pid in children:
        _, status = os.waitpid(pid, 0)
        total += os.WEXITSTATUS(status)
    return total


print(grow(int(sys.argv[1]), int(sys.argv[2])))
