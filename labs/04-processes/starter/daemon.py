# SPDX-License-Identifier: BSD-2-Clause
"""Start a command as a daemon: daemon.py COMMAND [ARG ...]."""

import os
import sys

# Yours: with os.fork, os.setsid, os.chdir, os.dup2.
