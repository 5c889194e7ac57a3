# SPDX-License-Identifier: BSD-2-Clause
"""The current and the root directory of processes, and their umask.  NetBSD sys/kern/vfs_cwd.c."""

from kernel.kern.vfs_subr import vref, vrele
from kernel.sys.filedesc import Cwdinfo


def cwdinit(cwdi: Cwdinfo) -> Cwdinfo:
    """Return a copy, for a child that goes its own way."""
    vref(cwdi.cwdi_cdir)
    if cwdi.cwdi_rdir is not None:
        vref(cwdi.cwdi_rdir)
    return Cwdinfo(cwdi.cwdi_cdir, cwdi.cwdi_rdir, cwdi.cwdi_cmask)


def cwdshare(cwdi: Cwdinfo) -> Cwdinfo:
    """Return the same, for a child that goes with its parent (CLONE_FS)."""
    cwdi.cwdi_refcnt += 1
    return cwdi


def cwdfree(cwdi: Cwdinfo) -> None:
    """Let go of it: one process less has it."""
    cwdi.cwdi_refcnt -= 1
    if not cwdi.cwdi_refcnt:
        vrele(cwdi.cwdi_cdir)
        if cwdi.cwdi_rdir is not None:
            vrele(cwdi.cwdi_rdir)
