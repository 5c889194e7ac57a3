# SPDX-License-Identifier: BSD-2-Clause
"""The parts of sed(1).  NetBSD usr.bin/sed."""
