# SPDX-License-Identifier: BSD-2-Clause
"""The file system on /dev."""
