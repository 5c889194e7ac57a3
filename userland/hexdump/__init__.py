# SPDX-License-Identifier: BSD-2-Clause
"""The parts of hexdump(1) and od(1).  NetBSD usr.bin/hexdump."""
