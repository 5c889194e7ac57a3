# SPDX-License-Identifier: BSD-2-Clause
"""A directory, shown at another place too.  NetBSD sys/miscfs/nullfs, sys/miscfs/genfs/layer_*."""
