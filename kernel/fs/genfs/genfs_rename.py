# SPDX-License-Identifier: BSD-2-Clause
"""Checks of a rename that UFS-like file systems share.  NetBSD sys/miscfs/genfs/genfs_rename.c."""

from kernel.sys.errno import Errno, KernelError
from kernel.sys.stat import SF_APPEND, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE
from kernel.sys.ucred import Ucred
from kernel.sys.vnode import VDIR, VWRITE, Vnode

_APPEND = UF_APPEND | SF_APPEND
_IMMUTABLE = UF_IMMUTABLE | SF_IMMUTABLE


def genfs_ufslike_rename_check_possible(
    fdflags: int, fflags: int, tdflags: int, tflags: int | None
) -> None:
    """Check the flags of the four files of a rename.

    Args:
        fdflags: of the directory the file leaves.
        fflags: of the file.
        tdflags: of the directory it comes to.
        tflags: of the file it replaces; None: it replaces none.

    Raises:
        KernelError: EPERM.
    """
    clobber = tflags is not None
    if (
        (fdflags | fflags) & (_IMMUTABLE | _APPEND)
        or tdflags & (_IMMUTABLE | (_APPEND if clobber else 0))
        or (tflags or 0) & (_IMMUTABLE | _APPEND)
    ):
        raise KernelError(Errno.EPERM)


def genfs_ufslike_rename_check_permitted(fdvp: Vnode, fvp: Vnode, tdvp: Vnode, cred: Ucred) -> None:
    """Check that the directories may be written, and a directory that gets a new parent.

    Raises:
        KernelError: EACCES, EPERM.
    """
    fdvp.v_op.vop_access(fdvp, VWRITE, cred)
    if fdvp is not tdvp:
        tdvp.v_op.vop_access(tdvp, VWRITE, cred)
        if fvp.v_type == VDIR:
            fvp.v_op.vop_access(fvp, VWRITE, cred)
