# SPDX-License-Identifier: BSD-2-Clause
"""A file system in memory.  NetBSD sys/fs/tmpfs."""
