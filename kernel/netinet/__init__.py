# SPDX-License-Identifier: BSD-2-Clause
"""The Internet protocols on a loopback network inside the kernel.  NetBSD sys/netinet."""
