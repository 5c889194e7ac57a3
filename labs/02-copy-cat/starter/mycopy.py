# SPDX-License-Identifier: BSD-2-Clause
"""Copy a file: mycopy.py SOURCE TARGET."""

import os
import sys

# Yours: with os.open, os.read, os.write, os.close.
