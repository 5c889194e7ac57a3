# SPDX-License-Identifier: BSD-2-Clause
"""The process file system, on /proc."""
