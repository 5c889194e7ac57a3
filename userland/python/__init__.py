# SPDX-License-Identifier: BSD-2-Clause
"""What makes an ordinary Python script a program of the kernel."""
