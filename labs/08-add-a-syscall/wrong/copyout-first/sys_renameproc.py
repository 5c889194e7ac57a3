# SPDX-License-Identifier: BSD-2-Clause
"""renameproc: give a process another name, and learn the one it had."""

from kernel.arch.python.copy import copyinstr, copyout
from kernel.kern.kern_proc import p_comm, proc_find, setcomm
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import MAXCOMLEN
from kernel.sys.proc import Lwp


def sys_renameproc(lwp: Lwp, pid: int, name: int, old: int, oldlen: int) -> int:
    """Name process pid (0: the caller) as the string at name says; return its old name's length.

    The old name, with its NUL, goes to old unless that is NULL; a NULL name changes nothing.

    Raises:
        KernelError: ESRCH, there is no such process. EPERM, it is another user's.
            EINVAL, the name is empty or has a slash. ENAMETOOLONG. ERANGE, oldlen is too small.
            EFAULT.
    """
    target = lwp.l_proc if pid == 0 else proc_find(lwp.l_kernel, pid)
    if target is None:
        raise KernelError(Errno.ESRCH)
    cred = lwp.l_proc.p_cred
    if cred.cr_uid not in (0, target.p_cred.cr_ruid):
        raise KernelError(Errno.EPERM)
    vm = lwp.l_proc.p_vmspace
    before = p_comm(target)
    if old:
        if oldlen <= len(before):
            raise KernelError(Errno.ERANGE)
        copyout(vm, before + b"\0", old)
    new = copyinstr(vm, name, MAXCOMLEN + 1) if name else None
    if new is not None and (not new or b"/" in new):
        raise KernelError(Errno.EINVAL)
    if new is not None:
        setcomm(target, new)
    return len(before)
