# SPDX-License-Identifier: BSD-2-Clause
"""Vnodes: files as the kernel sees them, whatever file system holds them.  NetBSD sys/sys/vnode.h.

No vnode is ever locked: the kernel is left only by sleeping, and an operation
that may sleep says so.  One file has one vnode as long as anybody can reach it,
so "the same file" is `is`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.stat import S_IFMT
from kernel.sys.types import NODEV

if TYPE_CHECKING:
    from kernel.sys.event import Klist, Knote
    from kernel.sys.fcntl import Flock
    from kernel.sys.mount import Mount
    from kernel.sys.proc import Lwp
    from kernel.sys.ucred import Ucred
    from kernel.sys.uio import Uio
    from native.record import Window

# v_type
VNON: Final = 0
VREG: Final = 1
VDIR: Final = 2
VBLK: Final = 3
VCHR: Final = 4
VLNK: Final = 5
VSOCK: Final = 6
VFIFO: Final = 7
VBAD: Final = 8

vttoif_tab: Final = (0, 0o100000, 0o040000, 0o060000, 0o020000, 0o120000, 0o140000, 0o010000, 0)
_IF_TO_VT: Final = {mode: vtype for vtype, mode in enumerate(vttoif_tab) if mode}


def VTTOIF(vtype: int) -> int:
    """Return the S_IF* of a v_type."""
    return vttoif_tab[vtype]


def IFTOVT(mode: int) -> int:
    """Return the v_type of a mode, VNON if it has none."""
    return _IF_TO_VT.get(mode & S_IFMT, VNON)


# v_vflag
VV_ROOT: Final = 0x0001  # root of its file system
VV_ISTTY: Final = 0x0004  # a terminal
VV_MAPPED: Final = 0x0008
VV_FIXEDNAMES: Final = 0x1000  # a directory whose names nobody can change: EROFS

# v_iflag
VI_TEXT: Final = 0x0100  # a program that runs

# Kinds of access, the arguments of VOP_ACCESS; VREAD, VWRITE, VEXEC as the mode's upper bits.
VREAD: Final = 0o400
VWRITE: Final = 0o200
VEXEC: Final = 0o100

# ioflag of VOP_READ and VOP_WRITE.
IO_UNIT: Final = 0x00010  # all or nothing
IO_APPEND: Final = 0x00020  # at the end of the file, wherever uio_offset is
IO_SYNC: Final = 0x00040
IO_NDELAY: Final = 0x00100  # FNONBLOCK is set

# va_vaflags
VA_UTIMES_NULL: Final = 0x01  # the times are "now" because utimes(2) was given none
VA_EXCLUSIVE: Final = 0x02

VNOVAL: Final = -1  # an attribute that is not given

# VOP_FSYNC
FSYNC_WAIT: Final = 0x0001
FSYNC_DATAONLY: Final = 0x0002


@dataclass(slots=True, eq=False, repr=False)
class Vattr:
    """Attributes of a file (struct vattr).

    For VOP_SETATTR, and for the calls that make a file, those left VNOVAL are
    not to be touched.  Times are ns since the epoch.
    """

    va_type: int = VNON
    va_mode: int = VNOVAL  # permissions only, ALLPERMS; the type is va_type
    va_nlink: int = VNOVAL
    va_uid: int = VNOVAL
    va_gid: int = VNOVAL
    va_fsid: int = VNOVAL
    va_fileid: int = VNOVAL
    va_size: int = VNOVAL  # bytes
    va_blocksize: int = VNOVAL  # bytes, best for I/O
    va_atime: int = VNOVAL
    va_mtime: int = VNOVAL
    va_ctime: int = VNOVAL
    va_birthtime: int = VNOVAL
    va_gen: int = VNOVAL
    va_flags: int = VNOVAL  # UF_*, SF_*
    va_rdev: int = VNOVAL
    va_bytes: int = VNOVAL  # bytes of storage used
    va_vaflags: int = 0


NO_NAMES: "Final[dict[bytes, Vnode]]" = {}  # of a directory of which the name cache knows none


@dataclass(slots=True, eq=False, repr=False, weakref_slot=True)
class Vnode:
    """A file that is in use (struct vnode).

    v_usecount counts what holds the file beyond one system call: open files,
    current and root directories, mount points, running programs (vref and
    vrele).  When it falls to 0, VOP_INACTIVE may free a file without links.
    """

    v_type: int
    v_mount: "Mount"
    v_op: "VnodeOps"
    v_data: Any = None  # the file system's own node
    v_rdev: int = NODEV  # VCHR and VBLK: the device
    v_vflag: int = 0
    v_iflag: int = 0
    v_usecount: int = 0
    v_writecount: int = 0  # open files that may write
    v_mountedhere: "Mount | None" = None  # VDIR: what covers it
    v_fifoinfo: Any = None  # VFIFO: the pipe, while it is open (fifofs)
    v_specinfo: Any = None  # VCHR and VBLK: what specfs keeps
    v_socket: Any = None  # VSOCK: the socket bound to it
    v_lockf: Any = None  # record locks and flocks (vfs_lockf)
    v_klist: "Klist | None" = None  # notes of kqueues; of a layer's file they hang below
    v_uobj: Any = None  # the file as memory, once it was mapped (uvm_vnode)
    v_nc_mode: int = 0  # VDIR: its permissions, if the name cache may go by them (vfs_cache)
    v_nc_names: "dict[bytes, Vnode]" = field(default_factory=lambda: NO_NAMES)  # ... what it knows


@dataclass(slots=True, frozen=True, eq=False)
class VnodeOps:
    """What a file system does for each operation on its vnodes (vnode_if.src).

    A file system makes its table with dataclasses.replace(genfs_vnodeops, ...)
    (kernel.fs.genfs.genfs_vnops), whose entries refuse with EOPNOTSUPP or do
    nothing, as NetBSD's do.  All raise KernelError; those given an lwp may
    sleep.  Names of entries are one component, 1 to 255 bytes, never "." or
    "..", except for vop_lookup.

    What vfs_lookup and vfs_syscalls have done before they call: search
    permission of the directories (VEXEC); write permission of the directory
    for creating, removing and renaming, and its sticky bit (hence VWRITE of
    VOP_ACCESS says EROFS on a read-only mount); that both ends of link and
    rename are of one mount, and that rename does not mix directories and
    others.  What the file system checks itself: immutable flags, limits of
    space and links, ENOTEMPTY, a directory moved below itself.
    """

    # Names in a directory.
    vop_lookup: "Callable[[Vnode, bytes, Ucred], Vnode | None]"
    """(dvp, name, cred): the file called name, None if there is none.  b"." is dvp and b".." its
    parent, but a removed directory has neither.  Never b".." of a file system's root."""
    vop_create: "Callable[[Vnode, bytes, Vattr, Ucred], Vnode]"
    """(dvp, name, vap, cred): make a VREG (or VSOCK) with va_type and va_mode."""
    vop_mknod: "Callable[[Vnode, bytes, Vattr, Ucred], Vnode]"
    """(dvp, name, vap, cred): make a VCHR, VBLK (va_rdev) or VFIFO."""
    vop_mkdir: "Callable[[Vnode, bytes, Vattr, Ucred], Vnode]"
    vop_symlink: "Callable[[Vnode, bytes, Vattr, bytes, Ucred], Vnode]"
    """(dvp, name, vap, target, cred)."""
    vop_link: "Callable[[Vnode, Vnode, bytes, Ucred], None]"
    """(dvp, vp, name, cred): one more name, in dvp, for vp."""
    vop_remove: "Callable[[Vnode, Vnode, bytes, Ucred], None]"
    """(dvp, vp, name, cred): take away vp's name; vp is not a directory."""
    vop_rmdir: "Callable[[Vnode, Vnode, bytes, Ucred], None]"
    """(dvp, vp, name, cred)."""
    vop_rename: "Callable[[Vnode, Vnode, bytes, Vnode, Vnode | None, bytes, Ucred], None]"
    """(fdvp, fvp, fname, tdvp, tvp, tname, cred): tvp is what the new name replaces, or None."""
    vop_readdir: "Callable[[Vnode, Uio, Ucred], bool]"
    """(vp, uio, cred): move whole entries (struct dirent), from the cookie in uio_offset on;
    leave the next cookie there; return whether that was the end.  vfs_subr.uiodirents helps."""
    vop_readlink: "Callable[[Vnode, Ucred], bytes]"

    # The file.
    vop_open: "Callable[[Lwp, Vnode, int, Ucred], None]"
    """(lwp, vp, mode, cred): mode is FREAD, FWRITE, FNONBLOCK ...; may sleep."""
    vop_close: "Callable[[Lwp | None, Vnode, int, Ucred], None]"
    """(lwp, vp, fflag, cred): undo one vop_open."""
    vop_access: "Callable[[Vnode, int, Ucred], None]"
    """(vp, accmode, cred): EACCES (or EROFS, EPERM) unless all of VREAD|VWRITE|VEXEC is allowed."""
    vop_getattr: "Callable[[Vnode, Ucred], Vattr]"
    vop_setattr: "Callable[[Vnode, Vattr, Ucred], None]"
    vop_read: "Callable[[Lwp | None, Vnode, Uio, int, Ucred], None]"
    """(lwp, vp, uio, ioflag, cred): from uio_offset on, lowering uio_resid; at the end, nothing."""
    vop_write: "Callable[[Lwp | None, Vnode, Uio, int, Ucred], None]"
    """(lwp, vp, uio, ioflag, cred): with IO_APPEND sets uio_offset to the end first."""
    vop_append: "Callable[[Lwp, Vnode, bytes | bytearray | memoryview, Ucred], None]"
    """(lwp, vp, data, cred): write kernel memory at the end, all of it or nothing; a bytearray
    is the file system's to keep."""
    vop_window: "Callable[[Vnode, Window], None]"
    """(vp, window): open window to what records may take of the end without being written, if the
    file system knows how to make them part of the file before anybody looks at it; one that is
    open already is closed, even for CLOSED."""
    vop_ioctl: "Callable[[Lwp, Vnode, int, bytes, int, Ucred], bytes]"
    """(lwp, vp, com, data, fflag, cred): returns what is copied out; EPASSTHROUGH if unknown."""
    vop_poll: "Callable[[Lwp, Vnode, int], int]"
    """(lwp, vp, events): those of events (POLL*) that are so now."""
    vop_kqfilter: "Callable[[Vnode, Knote], None]"
    """(vp, kn): hang kn where it hears of its event; kn_obj is the open file."""
    vop_mmap: "Callable[[Vnode, int, Ucred], Vnode]"
    """(vp, prot, cred): the file whose pages are mapped: vp, or the one that a layer shows."""
    vop_getpages: "Callable[[Vnode, int, bool], memoryview | None]"
    """(vp, offset, write): the page at offset, in place if it is to be written; None behind the
    end.  It is not to be held on to."""
    vop_putpages: "Callable[[Vnode, int, int], None]"
    """(vp, offlo, offhi): what was stored in pages that VOP_GETPAGES gave is the file's now."""
    vop_fsync: "Callable[[Vnode, Ucred, int, int, int], None]"
    """(vp, cred, flags, offlo, offhi): FSYNC_*; offhi 0 is the end."""
    vop_fallocate: "Callable[[Vnode, int, int], None]"
    """(vp, pos, len), bytes."""
    vop_fdiscard: "Callable[[Vnode, int, int], None]"
    """(vp, pos, len), bytes."""
    vop_pathconf: "Callable[[Vnode, int], int]"
    """(vp, name): name is a _PC_*."""
    vop_advlock: "Callable[[Lwp, Vnode, object, int, Flock, int], Flock | None]"
    """(lwp, vp, owner, op, lock, flags): F_SETLK, F_UNLCK or F_GETLK; may sleep with F_WAIT."""
    vop_revoke: "Callable[[Vnode], None]"
    """(vp): take the file away from all who have it open; a device from whoever has it, too."""

    # Life and death.
    vop_inactive: "Callable[[Vnode], None]"
    """(vp): nobody holds vp any more; free a file that has no links."""
    vop_reclaim: "Callable[[Vnode], None]"
    """(vp): the file system forgets vp (vgone); a file that has a name gets another vnode."""
