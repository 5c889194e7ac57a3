# SPDX-License-Identifier: BSD-2-Clause
"""Flags of LWPs that programs see.  NetBSD sys/sys/lwp.h."""

from typing import Final

LWP_DETACHED: Final = 0x00000040  # nobody will wait for it
LWP_SUSPENDED: Final = 0x00000080  # does not run until _lwp_continue(2)

LWPCTL_FEATURE_CURCPU: Final = 1  # lc_curcpu is kept
LWPCTL_FEATURE_PCTR: Final = 2  # lc_pctr is kept
