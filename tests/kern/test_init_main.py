# SPDX-License-Identifier: BSD-2-Clause
"""Boot: what a fresh kernel has."""

import pytest

from kernel import api
from kernel.kern.init_main import boot_lookup, boot_mkdir, boot_mkfile
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import BOOT_TIME, Limits
from kernel.sys.vnode import VDIR


def test_process_1_is_init(k):
    """Without a program, a parent or a file; whoever comes next is its child."""
    init = k.kernel.initproc
    assert (init.p_pid, init.p_pptr, init.p_lwps) == (1, None, [])
    assert k.root().getppid() == 1
    assert k.root().pid == 2


def test_limits_are_those_of_boot():
    """Seen by getrlimit, and held."""
    with api.boot(limits=Limits(nofile=(7, 9))) as k:
        p = k.root()
        assert [p.open("/dev/null", 0) for _ in range(4)] == [3, 4, 5, 6]
        with pytest.raises(OSError, match="Too many open files"):
            p.open("/dev/null", 0)


def test_a_kernel_boots_at_the_fixed_date(k):
    """Unless it follows the host's."""
    assert 0 <= k.kernel.clock.now - BOOT_TIME < 10**9


def test_boot_makes_files_and_directories(k):
    """A directory that is there stays; a file gets other contents, mode and owner."""
    kernel = k.kernel
    boot_mkdir(kernel, b"/new", 0o750, 5, 6)
    boot_mkdir(kernel, b"/new", 0o700, 7, 8)
    boot_mkfile(kernel, b"/new/f", b"longer text", 0o600)
    boot_mkfile(kernel, b"/new/f", b"text", 0o640, 1000, 100)
    p = k.root()
    there = p.stat("/new")
    assert (there.st_mode & 0o7777, there.st_uid, there.st_gid) == (0o750, 5, 6)
    there = p.stat("/new/f")
    assert (there.st_mode & 0o7777, there.st_uid, there.st_size) == (0o640, 1000, 4)
    assert boot_lookup(kernel, b"/new").v_type == VDIR


def test_a_path_that_leads_nowhere(k):
    """Is an error, not a file somewhere else."""
    with pytest.raises(KernelError) as caught:
        boot_mkfile(k.kernel, b"/no/such/place", b"", 0o644)
    assert caught.value.errno is Errno.ENOENT


def test_devices_are_mounted(k):
    """/dev is a file system of its own."""
    p = k.root()
    assert p.stat("/dev").st_dev != p.stat("/").st_dev
    assert p.stat("/dev/null").st_mode >> 12 == 2
