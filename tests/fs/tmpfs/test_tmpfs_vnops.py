# SPDX-License-Identifier: BSD-2-Clause
"""tmpfs at its limits: nothing is lost or leaked when it is full."""

from itertools import count

import pytest

from kernel.fs.tmpfs.tmpfs import TmpfsArgs
from kernel.fs.tmpfs.tmpfs_vfsops import tmpfs_mount, tmpfs_vfsops
from kernel.kern.vfs_mount import domount
from kernel.kern.vfs_vnops import vn_rdwr
from kernel.sys.dirent import dirents
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel, Limits
from kernel.sys.mount import MNT_UPDATE
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.uio import UIO_READ, UIO_WRITE, uio_sysspace
from kernel.sys.vnode import IO_APPEND, VDIR, VLNK, VREG, Vattr


def make_root(size=1 << 20, nodes=1000):
    kernel = Kernel(Limits(), None, lambda image: None, lambda lwp: None)
    domount(kernel, tmpfs_vfsops, None, TmpfsArgs(size, nodes))
    return kernel.rootvnode


def create(dvp, name):
    return dvp.v_op.vop_create(dvp, name, Vattr(VREG, 0o644), ROOT_CRED)


def remove(dvp, name):
    vp = dvp.v_op.vop_lookup(dvp, name, ROOT_CRED)
    dvp.v_op.vop_remove(dvp, vp, name, ROOT_CRED)


def write(vp, data, offset=0, ioflag=0):
    return vn_rdwr(None, UIO_WRITE, vp, data, offset, ioflag, ROOT_CRED)


def endlessly(func, *args):
    while True:
        func(*args)


def failure(func, *args):
    with pytest.raises(KernelError) as info:
        func(*args)
    return info.value.errno


def used(dvp):
    tmp = dvp.v_mount.mnt_data
    return tmp.tm_mem_used, tmp.tm_nodes_cnt


def test_no_inodes_left():
    """All inodes but one can be used, the next is ENOSPC, one that is removed is free again."""
    root = make_root(nodes=10)
    for i in range(8):
        create(root, b"%d" % i)
    before = used(root)
    assert failure(create, root, b"x") == Errno.ENOSPC
    assert used(root) == before
    remove(root, b"3")
    create(root, b"x")


def test_no_space_left():
    """A write that does not fit fails whole; what was written stays; all comes back."""
    root = make_root(size=64 * 1024)
    before = used(root)
    vp = create(root, b"f")
    assert failure(endlessly, write, vp, b"x" * 1000, 0, IO_APPEND) == Errno.ENOSPC
    written = vp.v_data.tn_size
    assert written > 50_000
    assert written % 1000 == 0
    assert failure(write, vp, bytes(100_000)) == Errno.ENOSPC
    assert vp.v_data.tn_size == written
    remove(root, b"f")
    assert used(root) == before
    write(create(root, b"g"), bytes(40_000))


def test_no_space_for_names():
    """A full file system takes no name, no link and no target; failed calls take nothing."""
    root = make_root(size=20_000)
    vp = create(root, b"f")
    serial = count()
    link = root.v_op.vop_link
    assert (
        failure(endlessly, lambda: link(root, vp, b"link%d" % next(serial), ROOT_CRED))
        == Errno.ENOSPC
    )
    full = used(root)
    assert failure(create, root, b"x" * 200) == Errno.ENOSPC
    arguments = (root, b"s", Vattr(VLNK, 0o755), b"t" * 1000, ROOT_CRED)
    assert failure(root.v_op.vop_symlink, *arguments) == Errno.ENOSPC
    assert used(root) == full
    for n in range(next(serial) - 1):
        remove(root, b"link%d" % n)
    assert vp.v_data.tn_links == 1


def test_a_directory_of_100_000_entries():
    """All are found and read once, in order, and removing them leaves nothing."""
    root = make_root(size=1 << 30, nodes=200_000)
    before = used(root)
    names = [b"file%d" % i for i in range(100_000)]
    for name in names:
        create(root, name)
    assert root.v_op.vop_lookup(root, b"file77777", ROOT_CRED) is not None
    seen, cookie, eof = [], 0, False
    while not eof:
        block = bytearray(65536)
        uio = uio_sysspace(block, UIO_READ, cookie)
        eof = root.v_op.vop_readdir(root, uio, ROOT_CRED)
        seen += [e.d_name for e in dirents(bytes(block[: len(block) - uio.uio_resid]))]
        cookie = uio.uio_offset
    assert seen == [b".", b"..", *names]
    for name in reversed(names):
        remove(root, name)
    assert used(root) == before
    assert len(root.v_data.tn_dir.tn_order) < 100


def test_sparse_file():
    """A terabyte that holds one byte takes one page; truncating gives it back."""
    root = make_root()
    vp = create(root, b"f")
    before = used(root)
    write(vp, b"x", 1 << 40)
    assert used(root)[0] - before[0] == 4096
    assert vp.v_op.vop_getattr(vp, ROOT_CRED).va_size == (1 << 40) + 1
    vp.v_op.vop_setattr(vp, Vattr(va_size=1 << 39), ROOT_CRED)
    assert used(root) == before
    assert failure(write, vp, b"xx", (1 << 63) - 2) == Errno.EFBIG


def test_remount():
    """MNT_UPDATE moves the limits, but not below what is in use."""
    root = make_root(nodes=10)
    mp = root.v_mount
    write(create(root, b"f"), bytes(10_000))
    mp.mnt_flag |= MNT_UPDATE
    assert failure(tmpfs_mount, mp, TmpfsArgs(5_000, 10)) == Errno.EBUSY
    assert failure(tmpfs_mount, mp, TmpfsArgs(5_000, 0)) == Errno.EINVAL
    tmpfs_mount(mp, TmpfsArgs(1 << 20, 12))
    assert mp.mnt_data.tm_nodes_max == 12


def test_directories_leave_nothing():
    """A tree that is made, moved about and removed gives everything back."""
    root = make_root()
    before = used(root)
    mkdir = root.v_op.vop_mkdir
    a = mkdir(root, b"a", Vattr(VDIR, 0o755), ROOT_CRED)
    b = mkdir(root, b"b", Vattr(VDIR, 0o755), ROOT_CRED)
    sub = mkdir(a, b"sub", Vattr(VDIR, 0o755), ROOT_CRED)
    a.v_op.vop_rename(a, sub, b"sub", b, None, b"a much longer name than it had before", ROOT_CRED)
    a.v_op.vop_rename(root, a, b"a", b, sub, b"a much longer name than it had before", ROOT_CRED)
    b.v_op.vop_rmdir(b, a, b"a much longer name than it had before", ROOT_CRED)
    root.v_op.vop_rmdir(root, b, b"b", ROOT_CRED)
    assert used(root) == before
    assert root.v_data.tn_links == 2
