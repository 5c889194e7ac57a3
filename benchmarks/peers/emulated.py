# SPDX-License-Identifier: BSD-2-Clause
"""Run a program under Qiling, a Python emulator of Linux: argv is the program's."""

import sys

from qiling import Qiling
from qiling.const import QL_VERBOSE

Qiling(sys.argv[1:], "/", verbose=QL_VERBOSE.OFF).run()
