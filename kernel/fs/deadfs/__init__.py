# SPDX-License-Identifier: BSD-2-Clause
"""Where vnodes are whose file system has gone.  NetBSD sys/miscfs/deadfs."""
