# SPDX-License-Identifier: BSD-2-Clause
"""FIFOs, in whatever file system they are.  NetBSD sys/miscfs/fifofs."""
