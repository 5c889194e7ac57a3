# SPDX-License-Identifier: BSD-2-Clause
"""The machine that is CPython: switch, user memory, clock, trap."""
