# SPDX-License-Identifier: BSD-2-Clause
"""Run a command for each line, some at a time: par.py JOBS COMMAND [ARG ...]."""

import os
import sys

# Yours.
