# SPDX-License-Identifier: BSD-2-Clause
"""The host's commands: boot a kernel and run a program, read a trace."""
