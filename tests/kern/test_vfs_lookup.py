# SPDX-License-Identifier: BSD-2-Clause
"""namei: NetBSD's answers for paths that are plain, odd and wrong."""

import pytest

from kernel.fs.tmpfs.tmpfs import TmpfsArgs
from kernel.fs.tmpfs.tmpfs_vfsops import tmpfs_vfsops
from kernel.kern.vfs_getcwd import sys___getcwd
from kernel.kern.vfs_lookup import namei
from kernel.kern.vfs_mount import domount, dounmount
from kernel.kern.vfs_syscalls import sys_open, sys_openat
from kernel.kern.vfs_syscalls_attr import sys_chmod
from kernel.kern.vfs_syscalls_cwd import sys_chdir, sys_chroot, sys_fchdir, sys_fchroot
from kernel.kern.vfs_syscalls_names import (
    sys_link,
    sys_mkdir,
    sys_rename,
    sys_rmdir,
    sys_symlink,
    sys_unlink,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import AT_FDCWD, O_CREAT, O_RDONLY
from kernel.sys.mount import MNT_FORCE
from kernel.sys.namei import CREATE, CREATEDIR, DELETE, FOLLOW, LOOKUP, NOFOLLOW, RENAME, Nameidata
from kernel.sys.vnode import VDIR, VLNK, VREG


@pytest.fixture
def tree(root):
    """/d/e with file /d/f and links /d/up -> .., /d/lf -> f, /d/le -> e, /d/gone -> nowhere."""
    root(sys_mkdir, b"/d", 0o755)
    root(sys_mkdir, b"/d/e", 0o755)
    root(sys_open, b"/d/f", O_CREAT, 0o644)
    for link, target in ((b"up", b".."), (b"lf", b"f"), (b"le", b"e"), (b"gone", b"nowhere")):
        root(sys_symlink, target, b"/d/" + link)
    return root


def look(caller, path, op=LOOKUP, flags=FOLLOW):
    nd = Nameidata(op, flags, path)
    namei(caller.lwp, nd)
    return nd


def failure(caller, path, op=LOOKUP, flags=FOLLOW):
    with pytest.raises(KernelError) as info:
        look(caller, path, op, flags)
    return info.value.errno


@pytest.mark.parametrize(
    "path",
    [b"/d/f", b"//d///f", b"/d/./f", b"/d/e/../f", b"/../../d/f", b"/d/up/d/lf", b"/d/le/../f"],
)
def test_same_file(tree, path):
    """One file has one vnode, whatever the way to it."""
    assert look(tree, path).ni_vp is look(tree, b"/d/f").ni_vp


@pytest.mark.parametrize(
    ("path", "errno"),
    [
        (b"", Errno.ENOENT),
        (b"/x", Errno.ENOENT),
        (b"/x/y", Errno.ENOENT),
        (b"/d/f/", Errno.ENOTDIR),
        (b"/d/f/x", Errno.ENOTDIR),
        (b"/d/f/.", Errno.ENOTDIR),
        (b"/d/lf/", Errno.ENOTDIR),
        (b"/d/gone", Errno.ENOENT),
        (b"/" + b"n" * 256, Errno.ENAMETOOLONG),
        (b"/" + b"n" * 255, Errno.ENOENT),
        (b"/" + b"n" * 256 + b"/x", Errno.ENAMETOOLONG),
    ],
)
def test_lookup_errors(tree, path, errno):
    """What cannot be found says why."""
    assert failure(tree, path) == errno


def test_nofollow(tree):
    """The last link is followed with FOLLOW, or when a slash asks for a directory."""
    assert look(tree, b"/d/lf", flags=NOFOLLOW).ni_vp.v_type == VLNK
    assert look(tree, b"/d/lf").ni_vp.v_type == VREG
    assert look(tree, b"/d/le", flags=NOFOLLOW).ni_vp.v_type == VLNK
    assert look(tree, b"/d/le/", flags=NOFOLLOW).ni_vp.v_type == VDIR


def test_symlink_loops(root):
    """32 links are followed, 33 are not."""
    root(sys_open, b"/l0", O_CREAT, 0o644)
    for i in range(33):
        root(sys_symlink, b"l%d" % i, b"/l%d" % (i + 1))
    assert look(root, b"/l32").ni_vp.v_type == VREG
    assert failure(root, b"/l33") == Errno.ELOOP
    root(sys_symlink, b"self", b"/self")
    assert failure(root, b"/self") == Errno.ELOOP
    assert failure(root, b"/self/x") == Errno.ELOOP


def test_long_paths(root):
    """1023 bytes are a path, 1024 are not, also when a link makes them so."""
    path = b"/" * 1022 + b"d"
    root(sys_mkdir, path, 0o755)
    assert root.error(sys_mkdir, path + b"d", 0o755) == Errno.ENAMETOOLONG
    root(sys_symlink, b"d" + b"/." * 500, b"/long")
    assert look(root, b"/long/.").ni_vp.v_type == VDIR
    assert failure(root, b"/long" + b"/." * 20) == Errno.ENAMETOOLONG


@pytest.mark.parametrize(
    ("path", "op", "errno"),
    [
        (b"/", CREATE, Errno.EEXIST),
        (b"/", DELETE, Errno.EBUSY),
        (b"/", RENAME, Errno.EBUSY),
        (b"/d/new/", CREATE, Errno.ENOENT),
        (b"/d/.", RENAME, Errno.EISDIR),
        (b"/d/..", RENAME, Errno.EINVAL),
        (b"/d/new", DELETE, Errno.ENOENT),
        (b"/x/new", CREATE, Errno.ENOENT),
        (b"/d/f/new", CREATE, Errno.ENOTDIR),
    ],
)
def test_last_component_errors(tree, path, op, errno):
    """What is to be made or removed must have an entry of its own."""
    assert failure(tree, path, op, NOFOLLOW) == errno


def test_create_answer(tree):
    """A name that is free: the directory and the name; a directory's may end in slashes."""
    nd = look(tree, b"/d/new", CREATE, NOFOLLOW)
    assert (nd.ni_vp, nd.ni_dvp, nd.ni_name) == (None, look(tree, b"/d").ni_vp, b"new")
    nd = look(tree, b"/d/new//", CREATE, CREATEDIR)
    assert (nd.ni_vp, nd.ni_name) == (None, b"new")


def test_search_permission(tree, user):
    """Every directory on the way must be searchable, "." and ".." too; not for the superuser."""
    tree(sys_chmod, b"/d", 0o700)
    assert failure(user, b"/d/f") == Errno.EACCES
    assert look(user, b"/d/").ni_vp is not None
    assert failure(user, b"/d/.") == Errno.EACCES
    assert failure(user, b"/d/..") == Errno.EACCES
    assert failure(user, b"/d/nothing") == Errno.EACCES
    assert look(tree, b"/d/f").ni_vp


def test_write_permission(tree, user):
    """A free name needs write permission of the directory; one that is taken says EEXIST."""
    assert failure(user, b"/d/new", CREATE, NOFOLLOW) == Errno.EACCES
    assert look(user, b"/d/f", CREATE, NOFOLLOW).ni_vp is not None
    assert failure(user, b"/d/f", DELETE, NOFOLLOW) == Errno.EACCES


def test_sticky(tree, user):
    """In a sticky directory only the owners of file or directory remove a name."""
    tree(sys_chmod, b"/d", 0o1777)
    assert user.error(sys_unlink, b"/d/f") == Errno.EPERM
    assert user.error(sys_rename, b"/d/f", b"/d/g") == Errno.EPERM
    user(sys_open, b"/d/mine", O_CREAT, 0o644)
    assert user.error(sys_rename, b"/d/mine", b"/d/f") == Errno.EPERM
    assert user.error(sys_unlink, b"/d/mine") is None


def test_mount_crossing(tree, kernel):
    """A mounted file system covers its directory; ".." leads out of it; its root is busy."""
    covered = look(tree, b"/d/e").ni_vp
    mp = domount(kernel, tmpfs_vfsops, covered, TmpfsArgs(1 << 20, 100), onname=b"/d/e")
    top = look(tree, b"/d/e").ni_vp
    assert top is not covered
    assert top.v_mount is mp
    tree(sys_mkdir, b"/d/e/in", 0o755)
    assert look(tree, b"/d/e/in/../..").ni_vp is look(tree, b"/d").ni_vp
    assert tree.error(sys_rmdir, b"/d/e") == Errno.EBUSY
    assert tree.error(sys_mkdir, b"/d/e", 0o755) == Errno.EEXIST
    assert tree.error(sys_rename, b"/d/e", b"/d/g") == Errno.EBUSY
    assert tree.error(sys_rename, b"/d/e/in", b"/d/in") == Errno.EXDEV
    assert tree.error(sys_link, b"/d/f", b"/d/e/f") == Errno.EXDEV
    tree(sys_chdir, b"/d/e/in")
    with pytest.raises(KernelError):
        dounmount(mp, 0)
    tree(sys_chdir, b"/")
    dounmount(mp, 0)
    assert look(tree, b"/d/e").ni_vp is covered


def test_unmount_force(tree, kernel):
    """MNT_FORCE unmounts what is in use."""
    mp = domount(kernel, tmpfs_vfsops, look(tree, b"/d/e").ni_vp, TmpfsArgs(1 << 20, 100))
    tree(sys_open, b"/d/e/x", O_CREAT, 0o644)
    dounmount(mp, MNT_FORCE)
    assert kernel.mountlist == [kernel.rootvnode.v_mount]


def getcwd(caller):
    address = caller.map(bytes(1024))
    return caller.peek(address, caller(sys___getcwd, address, 1024))[:-1]


def test_chroot(tree):
    """Nothing leads out of a chroot: not "..", not an absolute path or link."""
    tree(sys_symlink, b"/f", b"/d/abs")
    tree(sys_chroot, b"/d")
    assert getcwd(tree) == b"/"
    assert look(tree, b"/../../f").ni_vp.v_type == VREG
    assert look(tree, b"/abs").ni_vp is look(tree, b"f").ni_vp
    assert failure(tree, b"/d") == Errno.ENOENT


def test_fchroot(tree, user):
    """fchroot is chroot to an open directory; both are the superuser's."""
    d = tree(sys_open, b"/d", O_RDONLY, 0)
    f = tree(sys_open, b"/d/f", O_RDONLY, 0)
    assert user.error(sys_chroot, b"/d") == Errno.EPERM
    assert user.error(sys_fchroot, d) == Errno.EPERM
    assert tree.error(sys_chroot, b"/d/f") == Errno.ENOTDIR
    assert tree.error(sys_fchroot, f) == Errno.ENOTDIR
    tree(sys_fchroot, d)
    assert look(tree, b"/f").ni_vp.v_type == VREG


def test_chroot_escape(tree):
    """A directory kept open from outside is no way out: fchdir is refused."""
    outside = tree(sys_open, b"/", O_RDONLY, 0)
    tree(sys_chroot, b"/d/e")
    assert tree.error(sys_fchdir, outside) == Errno.EPERM


def test_getcwd(tree, kernel, user):
    """The path of the current directory, over mounts; it must be readable for others than root."""
    assert getcwd(tree) == b"/"
    domount(kernel, tmpfs_vfsops, look(tree, b"/d/e").ni_vp, TmpfsArgs(1 << 20, 100))
    tree(sys_mkdir, b"/d/e/in", 0o755)
    tree(sys_chdir, b"/d/e/in")
    assert getcwd(tree) == b"/d/e/in"
    small = tree.map(bytes(16))
    assert tree.error(sys___getcwd, small, 7) == Errno.ERANGE
    assert tree.error(sys___getcwd, 0x1000, 16) == Errno.EFAULT
    user(sys_chdir, b"/d/e/in")
    tree(sys_chmod, b"/d/e", 0o711)
    assert user.error(sys___getcwd, user.map(bytes(64)), 64) == Errno.EACCES


def test_removed_directory(tree):
    """A removed current directory has neither "." nor "..", and takes no file."""
    tree(sys_chdir, b"/d/e")
    tree(sys_rmdir, b"/d/e")
    assert failure(tree, b".") == Errno.ENOENT
    assert failure(tree, b"..") == Errno.ENOENT
    assert tree.error(sys_open, b"x", O_CREAT, 0o644) == Errno.ENOENT
    assert tree.error(sys_mkdir, b"x", 0o755) == Errno.ENOENT
    assert tree.error(sys___getcwd, tree.map(bytes(64)), 64) == Errno.ENOENT


def test_at_calls(tree):
    """A relative path starts at the descriptor; an absolute one only wants it open."""
    d = tree(sys_open, b"/d", O_RDONLY, 0)
    f = tree(sys_open, b"/d/f", O_RDONLY, 0)
    assert tree(sys_openat, d, b"f", O_RDONLY, 0) > f
    assert tree(sys_openat, AT_FDCWD, b"d/f", O_RDONLY, 0) > f
    assert tree(sys_openat, f, b"/d/f", O_RDONLY, 0) > f
    assert tree.error(sys_openat, f, b"x", O_RDONLY, 0) == Errno.ENOTDIR
    assert tree.error(sys_openat, 99, b"/d/f", O_RDONLY, 0) == Errno.EBADF
    assert tree.error(sys_openat, d, 0, O_RDONLY, 0) == Errno.EFAULT
