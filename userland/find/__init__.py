# SPDX-License-Identifier: BSD-2-Clause
"""The parts of find(1).  NetBSD usr.bin/find."""
