# SPDX-License-Identifier: BSD-2-Clause
"""Virtual memory: maps of address spaces, objects that are mapped.  NetBSD sys/uvm."""
