# SPDX-License-Identifier: BSD-2-Clause
"""Devices behind the device switch.  NetBSD sys/dev."""
