# SPDX-License-Identifier: BSD-2-Clause
"""The model's processes, and how a path leads to a file.  NetBSD vfs_lookup.c, tmpfs_vnops.c."""

from dataclasses import dataclass, field

from kernel.sys.errno import Errno
from kernel.sys.param import KERNEL_NAME_MAX, MAXPATHLEN, MAXSYMLINKS
from kernel.sys.stat import S_IFDIR
from tests.vfsmodel.node import (
    EXEC,
    WRITE,
    Node,
    Person,
    Skip,
    check_access,
    check_sticky,
    fail_if,
)

FIRST_FD = 3  # 0 to 2 are the console
JAIL = b"jail"  # the directories above the base: room for ".." to lead to
DEPTH = 4


@dataclass(eq=False)
class OpenFile:
    """What descriptors refer to."""

    node: Node
    read: bool
    write: bool
    append: bool
    offset: int = 0
    references: int = 1


@dataclass(eq=False)
class Process:
    """A process: who it is, where it is, what it has open."""

    who: Person
    cwd: Node
    umask: int = 0o022
    files: dict[int, OpenFile] = field(default_factory=dict)

    def file(self, fd: int) -> OpenFile:
        """The open file of descriptor fd."""
        fail_if(fd not in self.files, Errno.EBADF)
        return self.files[fd]

    def install(self, file: OpenFile, fd: int | None = None) -> int:
        """Give file a descriptor, the lowest that is free unless fd says which."""
        if fd is None:
            fd = FIRST_FD
            while fd in self.files:
                fd += 1
        self.files[fd] = file
        return fd

    def release(self, fd: int) -> None:
        """Close a descriptor; the last one of a FIFO's end closes that end."""
        file = self.files.pop(fd)
        file.references -= 1
        if not file.references and file.node.is_fifo:
            file.node.readers -= file.read
            file.node.writers -= file.write
            if not file.node.readers and not file.node.writers:
                file.node.data.clear()


@dataclass
class Found:
    """Where a path led: its last directory, the last name there, and the file, if there is one."""

    directory: Node
    name: bytes
    node: Node | None

    @property
    def file(self) -> Node:
        """The file, of a lookup that fails without one."""
        assert self.node is not None
        return self.node


class World:
    """A tree of files, the processes that use it, and the number of the call being made."""

    def __init__(self, people: list[Person]) -> None:
        self.now = 0
        self.touched: list[tuple[Node, object]] = []  # links followed, the time that each had
        owner = people[0]  # the super-user, unless the host's is somebody else
        self.top = self.new_dir(owner, 0o755, owner.gid)
        self.top.nlink += 1  # its entry in what is above
        base = self.top
        for _ in range(DEPTH):
            child = self.new_dir(owner, 0o755, owner.gid)
            self.attach(base, JAIL, child)
            base = child
        base.mode = 0o777
        self.base = base
        self.processes = [Process(who, base) for who in people]

    def new_dir(self, who: Person, mode: int, gid: int) -> Node:
        """Make a directory that is in none yet; its own entry "." is its first link."""
        return Node(S_IFDIR, mode, who.uid, gid, dict.fromkeys("amcb", self.now))

    def attach(self, directory: Node, name: bytes, node: Node) -> None:
        """Enter node as name; a directory's ".." is a link to the one it is in."""
        directory.entries[name] = node
        if node.is_dir:
            node.nlink += 1
            node.parent = directory
            directory.nlink += 1

    def detach(self, directory: Node, name: bytes) -> Node:
        """Take name out, and its links with it; a file's own count is the caller's."""
        node = directory.entries.pop(name)
        if node.is_dir:
            node.nlink -= 1
            node.parent = None
            directory.nlink -= 1
        return node

    def start(self, p: Process, at: int | None, path: bytes, simple: bool) -> Node:
        """The directory where a path begins; simple calls look at the descriptor first."""
        if simple and at is not None:
            p.file(at)
        fail_if(len(path) >= MAXPATHLEN, Errno.ENAMETOOLONG)
        if at is None:
            fail_if(not path, Errno.ENOENT)
            return p.cwd
        node = p.file(at).node
        fail_if(not path, Errno.ENOENT)
        fail_if(not node.is_dir, Errno.ENOTDIR)
        return node

    def lookup(
        self,
        p: Process,
        path: bytes,
        op: str = "lookup",
        follow: bool = False,
        at: int | None = None,
        newdir: bool = False,
        simple: bool = False,
    ) -> Found:
        """Follow a path, for op: lookup, create, delete or rename (the new name).

        newdir says that what is to be made may be written with a slash behind it,
        simple that the call is one of namei_simple(9)'s.
        """
        directory = self.start(p, at, path, simple)
        links = 0
        while True:
            name, slash, rest = path.partition(b"/")
            fail_if(len(name) > KERNEL_NAME_MAX, Errno.ENAMETOOLONG)
            tail = rest.lstrip(b"/")
            must_be_dir, last = bool(slash), not tail
            node = self.step(p.who, directory, name, op if last else "walk")
            if node is None:
                fail_if(must_be_dir and not newdir, Errno.ENOENT)
                return Found(directory, name, None)
            if node.is_link and (follow or must_be_dir or not last):
                links += 1
                fail_if(links > MAXSYMLINKS, Errno.ELOOP)
                self.touched.append((node, node.times["a"]))
                node.stamp(self.now, "a")
                fail_if(not node.data, Errno.ENOENT)
                behind = slash + rest
                fail_if(len(node.data) + len(behind) + 1 >= MAXPATHLEN, Errno.ENAMETOOLONG)
                path = bytes(node.data) + behind
                continue
            fail_if(must_be_dir and not node.is_dir, Errno.ENOTDIR)
            if last:
                return Found(directory, name, node)
            directory, path = node, tail

    def step(self, who: Person, directory: Node, name: bytes, op: str) -> Node | None:
        """Look name up in directory; op is "walk" when more of the path follows."""
        check_access(who, directory, EXEC)
        fail_if(directory.nlink == 0, Errno.ENOENT)
        if name == b"..":
            fail_if(op == "rename", Errno.EINVAL)
            if directory is self.top:
                raise Skip("above the top")
            fail_if(directory.parent is None, Errno.ENOENT)
            return directory.parent
        if name == b".":
            fail_if(op == "rename", Errno.EISDIR)
            return directory
        node = directory.entries.get(name)
        if node is None:
            fail_if(op not in {"create", "rename"}, Errno.ENOENT)
            check_access(who, directory, WRITE)
            return None
        fail_if(op == "walk" and not (node.is_dir or node.is_link), Errno.ENOTDIR)
        if op in {"delete", "rename"}:
            check_access(who, directory, WRITE)
            check_sticky(who, directory, node)
        return node
