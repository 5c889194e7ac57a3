# SPDX-License-Identifier: BSD-2-Clause
"""python3: run Python programs, commands and modules, or ask for them.  CPython Programs/python.c.

The process is a Python's already: what is left is to read the command line and
to start what it names.
"""

from userland.python.pymain import main

main()
