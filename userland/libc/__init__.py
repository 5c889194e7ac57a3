# SPDX-License-Identifier: BSD-2-Clause
"""System call stubs and the functions C programs expect.  NetBSD lib/libc."""
