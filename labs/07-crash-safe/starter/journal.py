# SPDX-License-Identifier: BSD-2-Clause
"""A file of records that grows at its end: journal.py FILE add TEXT, journal.py FILE list."""

import os
import sys
import zlib

# Yours.
