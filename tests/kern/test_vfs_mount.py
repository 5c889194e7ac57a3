# SPDX-License-Identifier: BSD-2-Clause
"""The table of types, ids of file systems, and mounting from the inside."""

import pytest

from kernel.fs.devfs.devfs_vfsops import devfs_vfsops
from kernel.fs.tmpfs.tmpfs import TmpfsArgs
from kernel.fs.tmpfs.tmpfs_vfsops import tmpfs_vfsops
from kernel.kern.init_main import boot_lookup
from kernel.kern.vfs_mount import (
    domount,
    dounmount,
    vfs_attach,
    vfs_getnewfsid,
    vfs_getopsbyname,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import IMNT_GONE, MNT_FORCE, MNT_ROOTFS, MNT_UPDATE, makefstype
from kernel.sys.types import major, minor

ARGS = TmpfsArgs(1 << 20, 100)


def test_table_of_types(k):
    """Boot attaches what there is; a kernel without them knows none."""
    names = {"tmpfs", "null", "procfs", "devfs", "hostfs"}
    assert names <= set(k.kernel.vfs_list)
    assert vfs_getopsbyname(k.kernel, "tmpfs") is tmpfs_vfsops
    assert vfs_getopsbyname(k.kernel, "ffs") is None
    k.kernel.vfs_list.clear()
    vfs_attach(k.kernel, devfs_vfsops)
    assert vfs_getopsbyname(k.kernel, "devfs") is devfs_vfsops


def test_ids(k):
    """An id is made of the type and a number that is not used again for long."""
    first = vfs_getnewfsid(k.kernel, tmpfs_vfsops)
    second = vfs_getnewfsid(k.kernel, tmpfs_vfsops)
    assert major(first) == major(second) == makefstype("tmpfs") & 0xFF
    assert minor(second) == minor(first) + 1
    k.kernel.mntid = 0xFFFF
    assert minor(vfs_getnewfsid(k.kernel, tmpfs_vfsops)) not in {
        minor(mp.mnt_fsid) for mp in k.kernel.mountlist if mp.mnt_op is tmpfs_vfsops
    }


def refused(errno, call, *args):
    with pytest.raises(KernelError) as caught:
        call(*args)
    assert caught.value.errno == errno


def test_refused(k):
    """One root only; a directory, and one that is not covered; the root stays."""
    kernel = k.kernel
    tmp = boot_lookup(kernel, b"/tmp")
    refused(Errno.EBUSY, domount, kernel, tmpfs_vfsops, None, ARGS)
    refused(Errno.ENOTDIR, domount, kernel, tmpfs_vfsops, boot_lookup(kernel, b"/bin/ls"), ARGS)
    mp = domount(kernel, tmpfs_vfsops, tmp, ARGS)
    refused(Errno.EBUSY, domount, kernel, tmpfs_vfsops, tmp, ARGS)
    dounmount(mp, 0)
    refused(Errno.ENOENT, dounmount, mp, 0)
    refused(Errno.EBUSY, dounmount, kernel.mountlist[0], MNT_FORCE)
    assert mp.mnt_iflag & IMNT_GONE
    assert kernel.mountlist[0].mnt_flag & MNT_ROOTFS


def test_flags(k):
    """What says how to mount is no flag of what is mounted."""
    mp = domount(
        k.kernel, tmpfs_vfsops, boot_lookup(k.kernel, b"/tmp"), ARGS, flags=MNT_FORCE | MNT_UPDATE
    )
    assert not mp.mnt_flag & (MNT_FORCE | MNT_UPDATE)


def test_a_failed_mount_leaves_nothing(k):
    """Neither in the list nor on the directory."""
    tmp = boot_lookup(k.kernel, b"/tmp")
    before = list(k.kernel.mountlist)
    refused(Errno.EINVAL, domount, k.kernel, tmpfs_vfsops, tmp, TmpfsArgs(1, 1))
    assert k.kernel.mountlist == before
    assert tmp.v_mountedhere is None
    assert not tmp.v_usecount


def test_the_root_is_covered(k):
    """Who is in the root directory is then in what covers it, and so is the next process."""
    p = k.root()
    p.chdir(b"/")
    old = p.stat(b"/")
    domount(k.kernel, tmpfs_vfsops, k.kernel.rootvnode, ARGS)
    assert p.stat(b"/").st_dev != old.st_dev
    assert p.stat(b".").st_dev == p.stat(b"/..").st_dev == p.stat(b"/").st_dev
    assert p.getcwd() == "/"
