# SPDX-License-Identifier: BSD-2-Clause
"""The parts of diff(1).  NetBSD external/gpl2/diffutils, as its manual says."""
