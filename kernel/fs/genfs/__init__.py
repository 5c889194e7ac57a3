# SPDX-License-Identifier: BSD-2-Clause
"""What most file systems do alike."""
