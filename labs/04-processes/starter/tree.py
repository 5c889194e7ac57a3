# SPDX-License-Identifier: BSD-2-Clause
"""Make a tree of processes and count them: tree.py DEPTH WIDTH."""

import os
import sys

# Yours: with os.fork, os.waitpid, os._exit.
print(1)
