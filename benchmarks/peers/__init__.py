# SPDX-License-Identifier: BSD-2-Clause
"""One trivial call here and in others of the kind."""
