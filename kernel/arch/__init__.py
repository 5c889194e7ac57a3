# SPDX-License-Identifier: BSD-2-Clause
"""Machines.  NetBSD sys/arch."""
