# SPDX-License-Identifier: BSD-2-Clause
"""Hello, world."""

print("Hello, world!")
