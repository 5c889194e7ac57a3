# SPDX-License-Identifier: BSD-2-Clause
"""The shell.  NetBSD bin/sh.

Modules have the names of the files they port.  Nothing here keeps state in a
module: all of it is in one Shell (shell.py), which a forked child copies.
"""
