# SPDX-License-Identifier: BSD-2-Clause
"""Device files, in whatever file system they are.  NetBSD sys/miscfs/specfs."""
