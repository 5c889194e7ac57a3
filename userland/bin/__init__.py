# SPDX-License-Identifier: BSD-2-Clause
"""The utilities.  NetBSD bin, usr.bin."""
