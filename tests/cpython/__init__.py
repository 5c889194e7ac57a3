# SPDX-License-Identifier: BSD-2-Clause
"""CPython's own regression tests, run in processes of the emulated system.

    python -m tests.cpython [-j N] [-k PATTERN] [-v] [FILE ...]

The tests are those of the `test` package of the interpreter that runs; nothing
of them is here.  skips.tsv says which are not run or may skip themselves, and why.
"""
