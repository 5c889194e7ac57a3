# SPDX-License-Identifier: BSD-2-Clause
"""Taking files away from vnodes: counts and lists stay right."""

import pytest

from kernel.kern.init_main import boot_lookup
from kernel.kern.vfs_subr import vref, vrele
from kernel.kern.vfs_vnode import FORCECLOSE, WRITECLOSE, vflush, vgone, vrevoke
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.vnode import VV_ROOT
from userland.libc import tmpfs_args


@pytest.fixture
def mp(k):
    """A tmpfs on /tmp with a file f."""
    p = k.root()
    p.mount(b"tmpfs", b"/tmp", 0, tmpfs_args())
    p.close(p.open(b"/tmp/f", O_CREAT | O_RDWR, 0o644))
    return k.kernel.mountlist[-1]


def test_in_use(k, mp):
    """A file is in its mount's list from the first reference to the last."""
    vp = boot_lookup(k.kernel, b"/tmp/f")
    assert vp not in mp.mnt_vnodelist
    vref(vp)
    vref(vp)
    vrele(vp)
    assert list(mp.mnt_vnodelist) == [vp]
    vrele(vp)
    assert not mp.mnt_vnodelist


def test_gone_while_held(k, mp):
    """The vnode goes over to deadfs with its count; the file gets another one."""
    vp = boot_lookup(k.kernel, b"/tmp/f")
    vref(vp)
    vgone(vp)
    dead = k.kernel.dead_rootmount
    assert (vp.v_mount, vp.v_data, vp.v_usecount) == (dead, None, 1)
    assert vp in dead.mnt_vnodelist
    assert not mp.mnt_vnodelist
    again = boot_lookup(k.kernel, b"/tmp/f")
    assert again is not vp
    vgone(vp)  # once more is no more
    vrele(vp)
    assert vp not in dead.mnt_vnodelist
    assert boot_lookup(k.kernel, b"/tmp/f") is again


def test_root_of_a_file_system(k, mp):
    """Its next vnode is the root, the dead one is not."""
    root = boot_lookup(k.kernel, b"/tmp")
    vrevoke(root)
    again = boot_lookup(k.kernel, b"/tmp")
    assert again is not root
    assert again.v_vflag & VV_ROOT
    assert not root.v_vflag & VV_ROOT
    boot_lookup(k.kernel, b"/tmp/f")


def test_flush(k, mp):
    """Nothing in use: nothing to do; WRITECLOSE looks at what might be written only."""
    vflush(mp, 0)
    p = k.root()
    fd = p.open(b"/tmp/f", O_RDONLY)
    vflush(mp, WRITECLOSE)
    with pytest.raises(KernelError) as caught:
        vflush(mp, 0)
    assert caught.value.errno == Errno.EBUSY
    writer = p.open(b"/tmp/f", O_RDWR)
    with pytest.raises(KernelError):
        vflush(mp, WRITECLOSE)
    p.close(writer)
    vflush(mp, FORCECLOSE)
    assert not mp.mnt_vnodelist
    p.close(fd)
