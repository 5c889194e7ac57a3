# SPDX-License-Identifier: BSD-2-Clause
"""What is on a kernel's own file systems at one moment, for kernel.api: read without a call.

What is mounted of the host, devices and /proc are not gone into: a mount point shows as what
covers it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from stat import S_ISDIR, S_ISLNK, S_ISREG, filemode
from typing import NamedTuple

from kernel.fs.tmpfs.tmpfs import TmpfsNode
from kernel.kern.vfs_subr import vn_rootdir
from kernel.sys.mount import MOUNT_TMPFS
from kernel.sys.vnode import VDIR, VTTOIF, Vnode


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
        """Whether other differs in nothing but times and the counts of links to directories."""
        mine, theirs = (
            (f.mode, f.uid, f.gid, f.target, *(() if f.isdir else (f.nlink, f.size, f.data)))
            for f in (self, other)
        )
        return mine == theirs


class Changes(NamedTuple):
    """How one tree differs from another: paths, sorted."""

    added: list[str]
    removed: list[str]
    changed: list[str]  # mode, owner, contents or target

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
        self._nodes: dict[TmpfsNode, FileState] = {}
        if root is not None:
            self._walk("", root, {} if before is None else before._nodes)

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

    def _differs(self, path: str, before: "Files") -> bool:
        now, then = self._files[path], before._files[path]
        return now is not then and not now.same(then)

    def _walk(self, top: str, root: Vnode, known: Mapping[TmpfsNode, FileState]) -> None:
        """Add what is below root; who has not changed since is taken from known."""
        pending = [(top, root)]
        while pending:
            path, dvp = pending.pop()
            vp = vn_rootdir(dvp)
            inside = vp.v_mount.mnt_op.vfs_name == MOUNT_TMPFS
            node: TmpfsNode = vp.v_data if inside else dvp.v_data
            self._add(path or "/", node, known)
            for name, entry in node.tn_dir.tn_names.items() if inside else ():
                below = f"{path}/{name.decode('utf-8', 'surrogateescape')}"
                child = entry.td_node
                if child is None:
                    continue
                if child.tn_type == VDIR:
                    pending.append((below, child.tn_vnode))
                else:
                    self._add(below, child, known)

    def _add(self, path: str, node: TmpfsNode, known: Mapping[TmpfsNode, FileState]) -> None:
        state = self._nodes.get(node) or known.get(node)
        if state is None or (state.ctime, state.mtime, state.nlink, state.size) != (
            node.tn_ctime,
            node.tn_mtime,
            node.tn_links,
            node.tn_size,
        ):
            state = _state(node)
        self._nodes[node] = self._files[path] = state


def _state(node: TmpfsNode) -> FileState:
    mode = VTTOIF(node.tn_type) | node.tn_mode
    extents = node.tn_aobj.ao_extents if S_ISREG(mode) else None
    return FileState(
        mode,
        node.tn_uid,
        node.tn_gid,
        node.tn_links,
        node.tn_size,
        node.tn_id,
        node.tn_mtime,
        node.tn_ctime,
        node.tn_link,
        tuple((start, bytes(piece)) for start, piece in (extents or {}).items()),
    )
