# SPDX-License-Identifier: BSD-2-Clause
"""The labs that come with the system; docs/labs.md tells what is in one."""
