# SPDX-License-Identifier: BSD-2-Clause
"""Print files one after the other: mycat.py [FILE ...]."""

import os
import sys

# Yours: with os.open, os.read, os.write, os.close.
