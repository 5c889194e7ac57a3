# SPDX-License-Identifier: BSD-2-Clause
"""A NetBSD-shaped kernel whose machine is CPython."""
