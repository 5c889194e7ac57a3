# SPDX-License-Identifier: BSD-2-Clause
"""Run a script under pyfakefs: python faked.py SCRIPT."""

import runpy
import sys

from pyfakefs.fake_filesystem_unittest import Patcher

with Patcher() as patcher:
    assert patcher.fs is not None
    patcher.fs.add_real_file(sys.argv[1])
    runpy.run_path(sys.argv[1], run_name="__main__")
