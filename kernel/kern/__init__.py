# SPDX-License-Identifier: BSD-2-Clause
"""The kernel proper, one file per NetBSD file.  NetBSD sys/kern."""
