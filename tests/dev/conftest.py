# SPDX-License-Identifier: BSD-2-Clause
"""The booted kernel of tests/kern, for devices."""

from ..kern.conftest import boot, booted

__all__ = ["boot", "booted"]
