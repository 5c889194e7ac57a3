# SPDX-License-Identifier: BSD-2-Clause
"""The callers of tests/kern, for file systems."""

from ..kern.conftest import kernel, root, user

__all__ = ["kernel", "root", "user"]
