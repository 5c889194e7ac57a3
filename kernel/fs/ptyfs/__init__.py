# SPDX-License-Identifier: BSD-2-Clause
"""The pseudo-terminal file system, on /dev/pts."""
