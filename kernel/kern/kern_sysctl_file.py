# SPDX-License-Identifier: BSD-2-Clause
"""What fstat(1) asks: kern.file2.  NetBSD sys/kern/kern_descrip.c (sysctl_kern_file2)."""

from kernel.kern.kern_proc import proc_cansee, proc_find
from kernel.kern.kern_sysctl_proc import array
from kernel.sys.cdefs import pack
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import DTYPE_SOCKET, DTYPE_VNODE, File
from kernel.sys.proc import Lwp, Proc
from kernel.sys.socketvar import Socket
from kernel.sys.sysctl import KERN_FILE_BYFILE, KERN_FILE_BYPID, KinfoFile
from kernel.sys.types import NODEV
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.vnode import VBLK, VCHR

_Open = tuple[File, Proc | None, int]  # an open file, and as which descriptor of whose


def sysctl_file2(lwp: Lwp, name: tuple[int, ...], room: int | None) -> tuple[bytes, int]:
    """kern.file2.OP.ARG.SIZE.COUNT: open files, each once, or each descriptor of a process.

    Raises:
        KernelError: EINVAL, not four numbers, an OP there is none of, or KERN_FILE_BYFILE
            with an ARG. ESRCH.
    """
    if len(name) != 4 or name[2] <= 0 or name[3] < 0:
        raise KernelError(Errno.EINVAL)
    op, arg, size, count = name
    kernel = lwp.l_kernel
    if op == KERN_FILE_BYFILE and arg == 0:
        found = _by_file(lwp)
    elif op == KERN_FILE_BYPID and arg >= -1:
        found = _by_pid(lwp, arg)
    else:
        raise KernelError(Errno.EINVAL)
    numbers: dict[int, int] = {}
    for fp, _, _ in found:
        numbers.setdefault(id(fp), len(numbers) + 1)
    return array(
        found, lambda each: pack(_fill(each, numbers[id(each[0])]), kernel.abi), size, count, room
    )


def _by_pid(lwp: Lwp, pid: int) -> list[_Open]:
    """Return the descriptors of a process; of all those that the caller may see for -1.

    Raises:
        KernelError: ESRCH.
    """
    if pid == -1:
        processes = list(lwp.l_kernel.allproc.values())
    else:
        p = proc_find(lwp.l_kernel, pid)
        if p is None:
            raise KernelError(Errno.ESRCH)
        processes = [p]
    return [
        (fp, p, fd)
        for p in processes
        if proc_cansee(lwp.l_proc, p)
        for fd, fp in enumerate(p.p_fd.fd_ofiles)
        if fp is not None
    ]


def _by_file(lwp: Lwp) -> list[_Open]:
    """Return the open files that any process has."""
    files = {id(fp): fp for fp, _, _ in _by_pid(lwp, -1)}
    return [(fp, None, -1) for fp in files.values()]


def _fill(each: _Open, number: int) -> KinfoFile:
    """Return what fstat(1) may know of an open file."""
    fp, p, fd = each
    info = KinfoFile(
        ki_fileaddr=number,
        ki_flag=fp.f_flag & 0xFFFF_FFFF,
        ki_ftype=fp.f_type,
        ki_count=fp.f_count,
        ki_usecount=fp.f_usecount,
        ki_fuid=fp.f_cred.cr_uid,
        ki_fgid=fp.f_cred.cr_gid,
        ki_foffset=fp.f_offset & (1 << 64) - 1,
    )
    if p is not None:
        info = info._replace(
            ki_pid=p.p_pid, ki_fd=fd, ki_ofileflags=p.p_fd.fd_ofileflags[fd] & 0xFFFF_FFFF
        )
    if fp.f_type == DTYPE_SOCKET:
        so: Socket = fp.f_data
        family, protocol = so.so_proto.pr_domain.dom_family, so.so_proto.pr_protocol
        return info._replace(
            ki_fdata=so.so_kernel.net.sockets[so],
            ki_vtype=so.so_type,
            ki_vtag=family,
            ki_fops=protocol,
        )
    if fp.f_type != DTYPE_VNODE:
        return info
    vp = fp.f_data
    try:
        va = vp.v_op.vop_getattr(vp, ROOT_CRED)
    except KernelError:
        return info  # its file system is gone
    device = vp.v_rdev if vp.v_type in {VCHR, VBLK} else NODEV
    return info._replace(
        ki_fdata=device & (1 << 64) - 1,
        ki_vun=va.va_fsid & (1 << 64) - 1,
        ki_vsize=va.va_size,
        ki_vtype=vp.v_type,
        ki_vdata=va.va_fileid & (1 << 64) - 1,
    )
