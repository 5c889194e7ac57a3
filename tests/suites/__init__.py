# SPDX-License-Identifier: BSD-2-Clause
"""Test suites that others wrote, on the host and in emulated processes: python -m tests.suites."""
