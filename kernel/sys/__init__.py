# SPDX-License-Identifier: BSD-2-Clause
"""The headers: types, constants, and pure functions of them.  NetBSD sys/sys."""
