# SPDX-License-Identifier: BSD-2-Clause
"""C through cffi, and its pure-Python twins."""
