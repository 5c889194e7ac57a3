# SPDX-License-Identifier: BSD-2-Clause
"""cmdline and environ: the strings of an exec.  NetBSD sys/miscfs/procfs/procfs_cmdline.c."""

from kernel.fs.procfs.procfs import PFSenviron, Pfskey
from kernel.kern.kern_proc import p_comm
from kernel.sys.proc import Lwp, Proc


def procfs_doprocargs(_lwp: Lwp, p: Proc, pfs: Pfskey) -> bytes:
    """Return p's arguments or environment, a NUL after each; "(comm)" if it has no program."""
    image = p.p_md.md_image
    if image is None:
        return b"(" + p_comm(p) + b")\0"
    strings = image.envp if pfs.pfs_type == PFSenviron else p.p_args
    return b"".join(string + b"\0" for string in strings)
