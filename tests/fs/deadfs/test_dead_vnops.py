# SPDX-License-Identifier: BSD-2-Clause
"""Vnodes without a file system; what programs see of them is in tests/syscalls/test_unmount.py."""

import pytest

from kernel.fs.deadfs.dead_vnops import dead_vnodeops, deadops
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.mount import MNT_FORCE
from kernel.sys.vnode import VCHR, VREG, VnodeOps
from userland.libc import tmpfs_args

ERRNO = {
    "vop_lookup": Errno.ENOENT,
    "vop_open": Errno.ENXIO,
    "vop_link": Errno.EIO,
    "vop_remove": Errno.EIO,
    "vop_rename": Errno.EIO,
    "vop_rmdir": Errno.EIO,
    "vop_write": Errno.EIO,
    "vop_append": Errno.EIO,
    "vop_fallocate": Errno.EOPNOTSUPP,
    "vop_fdiscard": Errno.EOPNOTSUPP,
}
NOTHING = {
    "vop_close", "vop_fsync", "vop_inactive", "vop_putpages", "vop_reclaim", "vop_revoke",
    "vop_window",
}  # fmt: skip
OTHERWISE = {"vop_read", "vop_poll", "vop_advlock"}


@pytest.mark.parametrize("name", VnodeOps.__match_args__)
def test_each(name):
    """EBADF is the rule; what differs is listed above."""
    operation = getattr(dead_vnodeops, name)
    if name in NOTHING:
        assert operation(None) is None
    elif name not in OTHERWISE:
        with pytest.raises(KernelError) as caught:
            operation(None)
        assert caught.value.errno == ERRNO.get(name, Errno.EBADF)


def test_where_they_are(k):
    """A dead vnode is of deadfs as long as somebody holds it; a device keeps its driver."""
    p = k.root()
    p.mkdir(b"/m", 0o755)
    p.mount(b"tmpfs", b"/m", 0, tmpfs_args())
    p.mknod(b"/m/null", 0o020666, 0x202)
    fds = [p.open(name, O_CREAT | O_RDWR, 0o644) for name in (b"/m/f", b"/m/null")]
    p.unmount(b"/m", MNT_FORCE)
    dead = k.kernel.dead_rootmount
    held = {vp.v_type: vp for vp in dead.mnt_vnodelist}
    assert set(held) == {VREG, VCHR}
    assert held[VREG].v_op is dead_vnodeops
    assert held[VCHR].v_op is deadops.spec_vnodeops
    assert all(vp.v_mount is dead and vp.v_data is None for vp in held.values())
    for fd in fds:
        p.close(fd)
    assert not dead.mnt_vnodelist
    assert dead not in k.kernel.mountlist
