# SPDX-License-Identifier: BSD-2-Clause
"""File systems behind the vnode interface.  NetBSD sys/fs, sys/miscfs."""
