# SPDX-License-Identifier: BSD-2-Clause
"""What is on a kernel's own file systems at one moment, for kernel.api: read without a call.

What is mounted of the host, devices and /proc are not gone into: a mount point shows as what
covers it.
"""

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from stat import S_IMODE, S_ISDIR, S_ISLNK, S_ISREG, filemode

from kernel.fs.hostfs.hostfs import HostNode
from kernel.fs.tmpfs.tmpfs import TmpfsNode
from kernel.fs.tmpfs.tmpfs_aobj import aobj_extents
from kernel.fs.tmpfs.tmpfs_window import tmpfs_settle
from kernel.kern.vfs_subr import vn_rootdir
from kernel.kern.vfs_vnops import vn_rdwr
from kernel.sys.dataclasses import dataclass
from kernel.sys.kernel import Kernel
from kernel.sys.mount import MOUNT_TMPFS
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.uio import UIO_WRITE
from kernel.sys.vnode import IFTOVT, VDIR, VLNK, VREG, VSOCK, VTTOIF, Vattr, Vnode


@dataclass(frozen=True, slots=True)
class FileState:
    """One file: its attributes, and what is in it."""

    mode: int  # type and permissions, as st_mode
    uid: int
    gid: int
    nlink: int
    size: int  # bytes
    ino: int
    mtime: int  # ns since the epoch
    ctime: int
    rdev: int  # of a device
    flags: int  # UF_*, SF_*
    target: bytes = b""  # of a symbolic link
    extents: tuple[tuple[int, bytes], ...] = ()  # of a regular file: offset, bytes

    @property
    def data(self) -> bytes:
        """The contents of a regular file; holes are zeroes."""
        whole = bytearray(self.size)
        for start, piece in self.extents:
            whole[start : start + len(piece)] = piece[: max(self.size - start, 0)]
        return bytes(whole)

    @property
    def text(self) -> str:
        """The contents as UTF-8.

        Raises:
            UnicodeDecodeError: they are not.
        """
        return self.data.decode()

    @property
    def isdir(self) -> bool:
        """Whether it is a directory."""
        return S_ISDIR(self.mode)

    @property
    def isfile(self) -> bool:
        """Whether it is a regular file."""
        return S_ISREG(self.mode)

    @property
    def islink(self) -> bool:
        """Whether it is a symbolic link."""
        return S_ISLNK(self.mode)

    def __str__(self) -> str:
        return f"{filemode(self.mode)} {self.nlink} {self.uid} {self.gid} {self.size}"

    def same(self, other: "FileState") -> bool:
        """Whether other differs at most in times, in its inode number, in a directory's counts."""
        mine, theirs = (
            (f.mode, f.uid, f.gid, f.flags, f.rdev, f.target)
            + (() if f.isdir else (f.nlink, f.size, f.data))
            for f in (self, other)
        )
        return mine == theirs


class Changes(NamedTuple):
    """How one tree differs from another: paths, sorted."""

    added: list[str]
    removed: list[str]
    changed: list[str]  # mode, owner, flags, contents, target or device

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def __str__(self) -> str:
        lines = [f"+ {path}" for path in self.added]
        lines += [f"- {path}" for path in self.removed]
        return "\n".join(lines + [f"* {path}" for path in self.changed])


class Files(Mapping[str, FileState]):
    """The files of a kernel at one moment, by absolute path.

    Of "/tmp/a/../b" or a path with symbolic links there is no entry: names are as directories
    have them.
    """

    def __init__(self, root: Vnode | None, before: "Files | None" = None) -> None:
        self._files: dict[str, FileState] = {}
        self._nodes: dict[tuple[int, int], FileState] = {}  # by file system and inode number
        if root is not None:
            known = {} if before is None else before._nodes
            for path, node in _walk(root):
                self._add(path, node, known)

    def __getitem__(self, path: str) -> FileState:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return f"<Files: {len(self)} paths>"

    def glob(self, pattern: str) -> list[str]:
        """Return the paths that match pattern, as fnmatch has it: "*" matches "/", too."""
        return sorted(path for path in self if fnmatchcase(path, pattern))

    def since(self, before: "Files") -> Changes:
        """Return what is other than it was before."""
        both = self._files.keys() & before._files.keys()
        return Changes(
            sorted(self._files.keys() - both),
            sorted(before._files.keys() - both),
            sorted(path for path in both if self._differs(path, before)),
        )

    def restore(self, kernel: Kernel) -> None:
        """Make the same files on a kernel that has only what a boot mounts; sockets are left out.

        Raises:
            KernelError: they do not fit.
        """
        made: dict[int, Vnode] = {}  # by the id of a state, which all names of a file share
        found: dict[str, Vnode | None] = {"/": kernel.rootvnode}
        for path in sorted(self, key=lambda path: path.split("/")):
            state = self._files[path]
            parent, _, name = path.rpartition("/")
            dvp = found[parent or "/"]
            vp = found.get(path)
            if dvp is None or IFTOVT(state.mode) == VSOCK:
                continue
            if vp is None:
                vp = _make(dvp, os.fsencode(name), state, made.get(id(state)))
            made[id(state)] = found[path] = vp
        for path, vp in found.items():
            if vp is not None:
                _set(vp, self._files[path])

    def _differs(self, path: str, before: "Files") -> bool:
        now, then = self._files[path], before._files[path]
        return now is not then and not now.same(then)

    def _add(self, path: str, node: TmpfsNode, known: Mapping[tuple[int, int], FileState]) -> None:
        tmpfs_settle(node.tn_vnode)
        key = node.tn_vnode.v_mount.mnt_fsid, node.tn_id
        state = self._nodes.get(key) or known.get(key)
        if state is None or (state.ctime, state.mtime, state.nlink, state.size) != (
            node.tn_ctime,
            node.tn_mtime,
            node.tn_links,
            node.tn_size,
        ):
            state = _state(node)
        self._nodes[key] = self._files[path] = state


def _make(dvp: Vnode, name: bytes, state: FileState, linked: Vnode | None) -> Vnode:
    """Make a file as state has it, or another name of one that is made; return it.

    Raises:
        KernelError: there is no room.
    """
    there = dvp.v_op.vop_lookup(dvp, name, ROOT_CRED)
    if there is not None:  # a boot makes mount points
        return there
    if linked is not None:
        linked.v_op.vop_link(dvp, linked, name, ROOT_CRED)
        return linked
    vap = Vattr(IFTOVT(state.mode), S_IMODE(state.mode), va_rdev=state.rdev)
    if vap.va_type == VLNK:
        return dvp.v_op.vop_symlink(dvp, name, vap, state.target, ROOT_CRED)
    make = {VDIR: dvp.v_op.vop_mkdir, VREG: dvp.v_op.vop_create}
    vp = make.get(vap.va_type, dvp.v_op.vop_mknod)(dvp, name, vap, ROOT_CRED)
    for start, piece in state.extents:
        vn_rdwr(None, UIO_WRITE, vp, piece, start, 0, ROOT_CRED)
    if vap.va_type == VREG:
        vp.v_op.vop_setattr(vp, Vattr(va_size=state.size), ROOT_CRED)
    return vp


def _set(vp: Vnode, state: FileState) -> None:
    """Give a file its owner, mode, time and flags, in this order: flags may forbid the rest."""
    for vap in (
        Vattr(va_uid=state.uid, va_gid=state.gid),
        Vattr(va_mode=S_IMODE(state.mode)),
        Vattr(va_atime=state.mtime, va_mtime=state.mtime),
        Vattr(va_flags=state.flags),
    ):
        vp.v_op.vop_setattr(vp, vap, ROOT_CRED)


def names_of(root: Vnode, vp: Vnode) -> Iterator[str]:
    """Yield the absolute paths of a file on a file system of the kernel's own or of the host."""
    if isinstance(vp.v_data, HostNode):
        yield _hostname(vp)
        return
    for path, node in _walk(root):
        if node.tn_vnode is vp:
            yield path


def _hostname(vp: Vnode) -> str:
    """Return the path of a file of the host, as it was found."""
    names: list[bytes] = []
    at: Vnode | None = vp
    while at is not None:
        names.append(at.v_data.hn_name)
        at = at.v_data.hn_parent
    path = b"/".join([vp.v_mount.mnt_onname, *reversed(names[:-1])])
    return path.decode("utf-8", "surrogateescape")


def _walk(root: Vnode) -> Iterator[tuple[str, TmpfsNode]]:
    """Yield every path and what is there; what is not tmpfs is not gone into."""
    pending = [("", root)]
    while pending:
        path, dvp = pending.pop()
        vp = vn_rootdir(dvp)
        inside = vp.v_mount.mnt_op.vfs_name == MOUNT_TMPFS
        node: TmpfsNode = vp.v_data if inside else dvp.v_data
        yield path or "/", node
        for name, entry in node.tn_dir.tn_names.items() if inside else ():
            below = f"{path}/{name.decode('utf-8', 'surrogateescape')}"
            child = entry.td_node
            if child is None:
                continue
            if child.tn_type == VDIR:
                pending.append((below, child.tn_vnode))
            else:
                yield below, child


def _state(node: TmpfsNode) -> FileState:
    mode = VTTOIF(node.tn_type) | node.tn_mode
    extents = aobj_extents(node.tn_aobj) if S_ISREG(mode) else ()
    return FileState(
        mode,
        node.tn_uid,
        node.tn_gid,
        node.tn_links,
        node.tn_size,
        node.tn_id,
        node.tn_mtime,
        node.tn_ctime,
        node.tn_rdev,
        node.tn_flags,
        node.tn_link,
        tuple((start, bytes(piece)) for start, piece in extents),
    )
