# SPDX-License-Identifier: BSD-2-Clause
"""The callers and the booted kernel of tests/kern, for file systems."""

from ..kern.conftest import boot, booted, kernel, root, user

__all__ = ["boot", "booted", "kernel", "root", "user"]
