# SPDX-License-Identifier: BSD-2-Clause
"""Open files that are vnodes.  NetBSD sys/kern/vfs_vnops.c."""

from contextlib import suppress
from struct import Struct

from kernel.kern.kern_descrip import fd_close
from kernel.kern.kern_sig import psignal
from kernel.kern.vfs_lookup import namei, nameiat_simple
from kernel.kern.vfs_subr import vref, vrele
from kernel.kern.vnode_if import (
    VOP_APPEND,
    VOP_CLOSE,
    VOP_CREATE,
    VOP_OPEN,
    VOP_READ,
    VOP_SETATTR,
    VOP_WRITE,
)
from kernel.sys.conf import MEM_MAJOR
from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import Knote
from kernel.sys.fcntl import (
    F_FLOCK,
    F_SETFL,
    F_UNLCK,
    FAPPEND,
    FEXEC,
    FFSYNC,
    FHASLOCK,
    FNONBLOCK,
    FREAD,
    FWRITE,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_REGULAR,
    O_TRUNC,
    Flock,
)
from kernel.sys.file import FOF_UPDATE_OFFSET, File, FileOps
from kernel.sys.ioccom import FIOASYNC, FIONBIO, FIONREAD, FIONSPACE, FIONWRITE
from kernel.sys.mman import MAP_SHARED
from kernel.sys.mount import MNT_NOEXEC
from kernel.sys.namei import CREATE, FOLLOW, NOFOLLOW, NONEXCLHACK, Nameidata
from kernel.sys.param import MAXBSIZE
from kernel.sys.proc import Lwp
from kernel.sys.resource import RLIM_INFINITY, RLIMIT_FSIZE
from kernel.sys.signal import SIGXFSZ
from kernel.sys.stat import S_BLKSIZE, SF_APPEND, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE, Stat
from kernel.sys.types import makedev
from kernel.sys.ucred import Ucred
from kernel.sys.uio import UIO_READ, UIO_WRITE, Uio, uio_sysspace
from kernel.sys.unistd import SEEK_CUR, SEEK_END, SEEK_SET
from kernel.sys.vm import (
    VM_PROT_ALL,
    VM_PROT_EXECUTE,
    VM_PROT_READ,
    VM_PROT_WRITE,
    UvmObject,
)
from kernel.sys.vnode import (
    IO_APPEND,
    IO_NDELAY,
    IO_SYNC,
    IO_UNIT,
    VBAD,
    VBLK,
    VCHR,
    VDIR,
    VEXEC,
    VFIFO,
    VI_TEXT,
    VLNK,
    VNON,
    VREAD,
    VREG,
    VSOCK,
    VWRITE,
    Vattr,
    Vnode,
    vttoif_tab,
)
from kernel.uvm.uvm_vnode import uvn_attach

ZERODEV = makedev(MEM_MAJOR, 12)  # /dev/zero, which maps as memory without a name
IMMUTABLE = UF_IMMUTABLE | SF_IMMUTABLE
APPEND = UF_APPEND | SF_APPEND

_NEVER_OPEN = {VSOCK: Errno.EOPNOTSUPP, VLNK: Errno.EFTYPE}
_INT = Struct("<i")
_FILE_IOCTLS = frozenset({FIONREAD, FIONWRITE, FIONSPACE, FIONBIO, FIOASYNC})
_OFF_MAX = (1 << 63) - 1
_OFF_MIN = -(1 << 63)


def vn_open(
    lwp: Lwp, atdir: Vnode | None, path: bytes, fmode: int, cmode: int, *, dupfd: bool = False
) -> Vnode:
    """Look up, perhaps make, and open a file; return it held (vn_close lets go).

    Args:
        lwp: the caller.
        atdir: where a relative path starts; None: the current directory.
        path: as it was given.
        fmode: FREAD, FWRITE, O_CREAT, O_EXCL, O_TRUNC ... (FFLAGS of open's flags).
        cmode: permissions of a file that is made.
        dupfd: the caller knows what to do with EDUPFD and EMOVEFD, of devices that are
            descriptors (l_dupfd); if not, they are EOPNOTSUPP.

    Raises:
        KernelError: EINVAL, O_CREAT with O_DIRECTORY; EEXIST; EFTYPE, a
            symbolic link with O_NOFOLLOW, or O_REGULAR and it is not; ENOTDIR;
            EISDIR; EOPNOTSUPP, a socket; and as namei, VOP_CREATE, VOP_ACCESS,
            VOP_OPEN.

    Source: vn_open, NetBSD sys/kern/vfs_vnops.c.
    """
    cred = lwp.l_proc.p_cred
    if not fmode & O_CREAT:
        vp = nameiat_simple(lwp, atdir, path, NOFOLLOW if fmode & O_NOFOLLOW else FOLLOW)
    elif fmode & O_DIRECTORY:
        raise KernelError(Errno.EINVAL)
    else:
        vp, fmode = _vn_create(lwp, atdir, path, fmode, cmode, cred)
    if vp.v_type in _NEVER_OPEN:
        raise KernelError(_NEVER_OPEN[vp.v_type])
    if not fmode & O_CREAT:
        vn_openchk(vp, cred, fmode)
    if fmode & O_TRUNC:
        VOP_SETATTR(vp, Vattr(va_size=0), cred)
    vref(vp)  # VOP_OPEN may sleep
    try:
        VOP_OPEN(lwp, vp, fmode, cred)
    except KernelError as exc:
        vrele(vp)
        if dupfd or exc.errno not in {Errno.EDUPFD, Errno.EMOVEFD}:
            raise
        if exc.errno is Errno.EMOVEFD:
            fd_close(lwp, lwp.l_dupfd)
        raise KernelError(Errno.EOPNOTSUPP) from None
    if fmode & FWRITE:
        vp.v_writecount += 1
    return vp


def _vn_create(
    lwp: Lwp, atdir: Vnode | None, path: bytes, fmode: int, cmode: int, cred: Ucred
) -> tuple[Vnode, int]:
    """Find or make the file of an open with O_CREAT; return what is left of fmode, too."""
    flags = NONEXCLHACK | (NOFOLLOW if fmode & O_NOFOLLOW else FOLLOW)
    nd = Nameidata(CREATE, NOFOLLOW if fmode & O_EXCL else flags, path, atdir)
    namei(lwp, nd)
    if nd.ni_vp is None:
        assert nd.ni_dvp is not None  # CREATE
        vp = VOP_CREATE(nd.ni_dvp, nd.ni_name, Vattr(VREG, cmode), cred)
        return vp, fmode & ~O_TRUNC
    if fmode & O_EXCL:
        raise KernelError(Errno.EEXIST)
    return nd.ni_vp, fmode & ~O_CREAT


def vn_openchk(vp: Vnode, cred: Ucred, fflags: int) -> None:
    """Check that cred may open vp with fflags.

    Raises:
        KernelError: ENOTDIR, EFTYPE, EISDIR, ETXTBSY; and as VOP_ACCESS.
    """
    if fflags & (O_DIRECTORY | O_REGULAR):
        if fflags & O_DIRECTORY and vp.v_type != VDIR:
            raise KernelError(Errno.ENOTDIR)
        if fflags & O_REGULAR and vp.v_type != VREG:
            raise KernelError(Errno.EFTYPE)
    permbits = VREAD if fflags & FREAD else 0
    if fflags & FEXEC:
        permbits |= VEXEC
    if fflags & (FWRITE | O_TRUNC):
        if vp.v_type == VDIR:
            raise KernelError(Errno.EISDIR)
        vn_writechk(vp)
        permbits |= VWRITE
    vp.v_op.vop_access(vp, permbits, cred)


def vn_writechk(vp: Vnode) -> None:
    """Check that vp may be written at all.

    Raises:
        KernelError: ETXTBSY, it is a program that runs.
    """
    if vp.v_iflag & VI_TEXT:
        raise KernelError(Errno.ETXTBSY)


def vn_close(lwp: Lwp | None, vp: Vnode, flags: int, cred: Ucred) -> None:
    """Undo a vn_open with flags (FREAD, FWRITE)."""
    if flags & FWRITE:
        vp.v_writecount -= 1
    try:
        (VOP_CLOSE if vp.v_klist else vp.v_op.vop_close)(lwp, vp, flags, cred)
    finally:
        vrele(vp)


def vn_rdwr(
    lwp: Lwp | None,
    rw: int,
    vp: Vnode,
    buf: bytes | bytearray | memoryview,
    offset: int,
    ioflag: int,
    cred: Ucred,
) -> int:
    """Read vp into a kernel buffer, or write it from one; return the bytes moved.

    Args:
        lwp: who waits if it must.
        rw: UIO_READ or UIO_WRITE.
        vp: the file.
        buf: kernel memory.
        offset: where in the file, bytes.
        ioflag: IO_APPEND, IO_SYNC ...
        cred: whose rights count.

    Raises:
        KernelError: as VOP_READ, VOP_WRITE.
    """
    uio = uio_sysspace(buf, rw, offset)
    move = VOP_READ if rw == UIO_READ else VOP_WRITE
    move(lwp, vp, uio, ioflag, cred)
    return len(buf) - uio.uio_resid


def vn_readdir(fp: File, uio: Uio) -> None:
    """Read entries of an open directory, at most MAXBSIZE bytes of them.

    Raises:
        KernelError: EINVAL, not a directory, or f_offset is no cookie; EFAULT.
    """
    vp: Vnode = fp.f_data
    if vp.v_type != VDIR:
        raise KernelError(Errno.EINVAL)
    left = max(uio.uio_resid - MAXBSIZE, 0)
    uio.uio_resid -= left
    uio.uio_offset = fp.f_offset
    try:
        vp.v_op.vop_readdir(vp, uio, fp.f_cred)
    finally:
        fp.f_offset = uio.uio_offset
        uio.uio_resid += left


def vn_read(lwp: Lwp, fp: File, uio: Uio, flags: int) -> None:
    """Read from the file's offset (FOF_UPDATE_OFFSET) or uio_offset."""
    vp: Vnode = fp.f_data
    ioflag = IO_NDELAY if fp.f_flag & FNONBLOCK else 0
    read = VOP_READ if vp.v_klist else vp.v_op.vop_read
    if not flags & FOF_UPDATE_OFFSET:
        read(lwp, vp, uio, ioflag, fp.f_cred)
        return
    uio.uio_offset = fp.f_offset
    try:
        read(lwp, vp, uio, ioflag, fp.f_cred)
    finally:
        fp.f_offset = uio.uio_offset


def vn_write(lwp: Lwp, fp: File, uio: Uio, flags: int) -> None:
    """Write at the file's offset (FOF_UPDATE_OFFSET) or uio_offset, or at the end (FAPPEND).

    What the kernel writes of its own, a trace, knows no RLIMIT_FSIZE.

    Raises:
        KernelError: EFBIG, RLIMIT_FSIZE, and SIGXFSZ is posted; and as VOP_WRITE.
    """
    vp: Vnode = fp.f_data
    fflag = fp.f_flag
    ioflag = IO_UNIT
    if fflag & FAPPEND and vp.v_type == VREG:
        ioflag = IO_UNIT | IO_APPEND
    if fflag & (FNONBLOCK | FFSYNC):
        ioflag |= (IO_NDELAY if fflag & FNONBLOCK else 0) | (IO_SYNC if fflag & FFSYNC else 0)
    update = flags & FOF_UPDATE_OFFSET
    if update:
        uio.uio_offset = fp.f_offset
    if uio.uio_vmspace is not None and vp.v_type == VREG:
        _enforce_rlimit_fsize(lwp, vp, uio, ioflag)
    write = VOP_WRITE if vp.v_klist else vp.v_op.vop_write
    try:
        write(lwp, vp, uio, ioflag, fp.f_cred)
    finally:
        if update:
            fp.f_offset = uio.uio_offset


def vn_append(lwp: Lwp, fp: File, data: bytes | bytearray | memoryview) -> None:
    """Write a trace's record: at the end (FAPPEND), or where the file was opened to be written.

    Raises:
        KernelError: as VOP_APPEND and VOP_WRITE.
    """
    vp: Vnode = fp.f_data
    if fp.f_flag & FAPPEND or vp.v_type != VREG:
        VOP_APPEND(lwp, vp, data, fp.f_cred)
    else:
        vn_write(lwp, fp, uio_sysspace(data, UIO_WRITE), FOF_UPDATE_OFFSET)


def vn_append_end(lwp: Lwp, fp: File, data: bytes | bytearray | memoryview) -> None:
    """Write a trace's record at the end of a file that ktrace(2) has opened; others may collect.

    Raises:
        KernelError: as VOP_APPEND.
    """
    vp: Vnode = fp.f_data
    append = VOP_APPEND if vp.v_klist else vp.v_op.vop_append
    append(lwp, vp, data, fp.f_cred)
    vp.v_op.vop_window(vp, fp.f_window)


def _enforce_rlimit_fsize(lwp: Lwp, vp: Vnode, uio: Uio, ioflag: int) -> None:
    limit = lwp.l_proc.p_limit[RLIMIT_FSIZE][0]
    if limit == RLIM_INFINITY:
        return
    offset = uio.uio_offset
    if ioflag & IO_APPEND:
        offset = vp.v_op.vop_getattr(vp, lwp.l_proc.p_cred).va_size
    if offset + uio.uio_resid > limit:
        psignal(lwp.l_proc, SIGXFSZ)
        raise KernelError(Errno.EFBIG)


def vn_stat(vp: Vnode, cred: Ucred) -> Stat:
    """Return what stat(2) tells of vp.

    Raises:
        KernelError: EBADF, a vnode without a type; and as VOP_GETATTR.
    """
    va = vp.v_op.vop_getattr(vp, cred)
    if vp.v_type in {VNON, VBAD}:
        raise KernelError(Errno.EBADF)
    return tuple.__new__(  # Stat() and its keywords would cost as much again
        Stat,
        (
            va.va_fsid,
            va.va_mode | vttoif_tab[vp.v_type],
            va.va_fileid,
            va.va_nlink,
            va.va_uid,
            va.va_gid,
            va.va_rdev,
            va.va_atime,
            va.va_mtime,
            va.va_ctime,
            va.va_birthtime,
            va.va_size,
            va.va_bytes // S_BLKSIZE,
            va.va_blocksize,
            va.va_flags,
            0,  # st_gen: not for users
        ),
    )


def vn_seek(fp: File, delta: int, whence: int) -> int:
    """Return where lseek(2) leads, bytes.

    Raises:
        KernelError: ESPIPE, a FIFO; EINVAL, whence, or before the start or too
            far, which 64 bits turn into the same; a device knows for itself.

    Source: sys_lseek, NetBSD 10 sys/kern/vfs_syscalls.c; genfs_seek, spec_seek.
    """
    vp: Vnode = fp.f_data
    if vp.v_type == VFIFO:
        raise KernelError(Errno.ESPIPE)
    if whence == SEEK_CUR:
        offset = fp.f_offset + delta
    elif whence == SEEK_END:
        offset = vp.v_op.vop_getattr(vp, fp.f_cred).va_size + delta
    elif whence == SEEK_SET:
        offset = delta
    else:
        raise KernelError(Errno.EINVAL)
    if 0 <= offset <= _OFF_MAX:
        return offset
    if vp.v_type not in {VCHR, VBLK}:
        raise KernelError(Errno.EINVAL)
    return (offset - _OFF_MIN) % (1 << 64) + _OFF_MIN


def vn_statfile(lwp: Lwp, fp: File) -> Stat:
    """Stat an open file."""
    return vn_stat(fp.f_data, lwp.l_proc.p_cred)


def vn_ioctl(lwp: Lwp, fp: File, com: int, data: bytes) -> bytes:
    """Ioctl: files and directories know how much is left to read; devices know theirs.

    Raises:
        KernelError: EPASSTHROUGH, com is unknown; and as VOP_IOCTL.
    """
    vp: Vnode = fp.f_data
    if com in _FILE_IOCTLS and vp.v_type in {VREG, VDIR}:
        if com == FIONREAD:
            left = vp.v_op.vop_getattr(vp, lwp.l_proc.p_cred).va_size - fp.f_offset
            return _INT.pack(left & 0x7FFFFFFF)
        return b"" if com in {FIONBIO, FIOASYNC} else _INT.pack(0)
    return vp.v_op.vop_ioctl(lwp, vp, com, data, fp.f_flag, lwp.l_proc.p_cred)


def vn_fcntl(_lwp: Lwp, _fp: File, cmd: int, _arg: int) -> int:
    """Fcntl: F_SETFL is fine with every file.

    Raises:
        KernelError: EOPNOTSUPP, any other command.
    """
    if cmd == F_SETFL:
        return 0
    raise KernelError(Errno.EOPNOTSUPP)


def vn_poll(lwp: Lwp, fp: File, events: int) -> int:
    """Return which of events (POLL*) are so now."""
    vp: Vnode = fp.f_data
    return vp.v_op.vop_poll(lwp, vp, events)


def vn_closefile(lwp: Lwp | None, fp: File) -> None:
    """Close, giving up the flock(2) that was taken with this file."""
    vp: Vnode = fp.f_data
    if lwp is not None and fp.f_flag & FHASLOCK:
        whole = Flock(0, 0, 0, F_UNLCK, SEEK_SET)
        with suppress(KernelError):  # what knows no locks has none to give up
            vp.v_op.vop_advlock(lwp, vp, fp, F_UNLCK, whole, F_FLOCK)
    vn_close(lwp, vp, fp.f_flag, fp.f_cred)


def vn_kqfilter(fp: File, kn: Knote) -> None:
    """Have the vnode hang kn.

    Raises:
        KernelError: as VOP_KQFILTER.
    """
    vp: Vnode = fp.f_data
    vp.v_op.vop_kqfilter(vp, kn)


def vn_mmap(
    lwp: Lwp, fp: File, offset: int, size: int, prot: int, flags: int
) -> tuple[UvmObject | None, int]:
    """Return the object of a file that is to be mapped, None for /dev/zero, and what may be done.

    Raises:
        KernelError: ENODEV, no regular file or device that has memory. EINVAL, offset < 0.
            EOVERFLOW, the end is not in a file. EACCES, it is not open for that. EPERM, it
            would be written to and nobody may change it. And as VOP_MMAP.

    Source: vn_mmap, NetBSD sys/kern/vfs_vnops.c.
    """
    vp: Vnode = fp.f_data
    if vp.v_type not in {VREG, VCHR, VBLK}:
        raise KernelError(Errno.ENODEV)
    if vp.v_type != VCHR and offset < 0:
        raise KernelError(Errno.EINVAL)
    if vp.v_type != VCHR and offset + size > _OFF_MAX:
        raise KernelError(Errno.EOVERFLOW)
    if vp.v_type == VCHR and vp.v_rdev == ZERODEV:
        return None, VM_PROT_ALL
    maxprot = VM_PROT_EXECUTE
    if fp.f_flag & FREAD:
        maxprot |= VM_PROT_READ
    elif prot & VM_PROT_READ:
        raise KernelError(Errno.EACCES)
    if not flags & MAP_SHARED:
        maxprot |= VM_PROT_WRITE
    elif fp.f_flag & FWRITE:
        if not vp.v_op.vop_getattr(vp, lwp.l_proc.p_cred).va_flags & (IMMUTABLE | APPEND):
            maxprot |= VM_PROT_WRITE
        elif prot & VM_PROT_WRITE:
            raise KernelError(Errno.EPERM)
    elif prot & VM_PROT_WRITE:
        raise KernelError(Errno.EACCES)
    if vp.v_type != VREG:
        raise KernelError(Errno.ENODEV)
    if vp.v_mount.mnt_flag & MNT_NOEXEC:
        maxprot &= ~VM_PROT_EXECUTE
        if prot & VM_PROT_EXECUTE:
            raise KernelError(Errno.EACCES)
    return uvn_attach(vp.v_op.vop_mmap(vp, prot, lwp.l_proc.p_cred)), maxprot


vnops = FileOps(
    fo_name="vn",
    fo_read=vn_read,
    fo_write=vn_write,
    fo_append=vn_append,
    fo_ioctl=vn_ioctl,
    fo_fcntl=vn_fcntl,
    fo_poll=vn_poll,
    fo_stat=vn_statfile,
    fo_close=vn_closefile,
    fo_kqfilter=vn_kqfilter,
    fo_mmap=vn_mmap,
)

ktrvnops = replace(vnops, fo_append=vn_append_end)  # of a file that is only ever appended to
