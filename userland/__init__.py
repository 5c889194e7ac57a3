# SPDX-License-Identifier: BSD-2-Clause
"""What runs on the kernel, or reads what it wrote."""
