# SPDX-License-Identifier: BSD-2-Clause
import pytest

from kernel.sys.fcntl import O_RDONLY, O_WRONLY
from kernel.sys.mount import MNT_FORCE, MNT_RDONLY, MNT_UPDATE
from kernel.sys.stat import S_IFCHR, S_ISCHR
from kernel.sys.types import makedev


@pytest.fixture
def p(booted):
    return booted.system.process()


def test_numbers_are_netbsd_s(p):
    """Device numbers are those of NetBSD/amd64."""
    for name, dev in (("console", (0, 0)), ("tty", (1, 0)), ("null", (2, 2)), ("zero", (2, 12))):
        st = p.stat(f"/dev/{name}".encode())
        assert S_ISCHR(st.st_mode)
        assert st.st_rdev == makedev(*dev)


def test_names_are_as_any_others(p):
    """Devices can be removed and made anew, elsewhere too."""
    p.unlink(b"/dev/null")
    p.mknod(b"/tmp/hole", S_IFCHR | 0o666, makedev(2, 2))
    assert p.read(p.open(b"/tmp/hole", O_RDONLY), 5) == b""


def test_no_such_device(p):
    """A number without a driver is ENXIO, an unknown unit too."""
    for dev in (makedev(99, 0), makedev(2, 99)):
        p.mknod(b"/tmp/none", S_IFCHR | 0o666, dev)
        with pytest.raises(OSError, match="Device not configured"):
            p.open(b"/tmp/none", O_RDONLY)
        p.unlink(b"/tmp/none")


def test_only_the_super_user_makes_devices(booted):
    """mknod of a device is EPERM for others."""
    user = booted.system.process(1000)
    with pytest.raises(PermissionError):
        user.mknod(b"/tmp/dev", S_IFCHR | 0o666, makedev(2, 2))


def test_another_one(p):
    """A second devfs has the same devices in files of its own; it can become read-only."""
    p.mkdir(b"/tmp/dev", 0o755)
    p.mount(b"devfs", b"/tmp/dev", 0)
    p.unlink(b"/tmp/dev/zero")
    p.stat(b"/dev/zero")
    assert p.read(p.open(b"/tmp/dev/null", O_RDONLY), 5) == b""
    p.mount(b"devfs", b"/tmp/dev", MNT_UPDATE | MNT_RDONLY)
    with pytest.raises(OSError, match="Read-only"):
        p.unlink(b"/tmp/dev/null")
    p.write(p.open(b"/tmp/dev/null", O_WRONLY), b"a device is no file")
    with pytest.raises(OSError, match="busy"):
        p.unmount(b"/tmp/dev")


def test_devices_outlive_it(p):
    """What is open when a devfs goes by force goes on."""
    p.mkdir(b"/tmp/dev", 0o755)
    p.mount(b"devfs", b"/tmp/dev", 0)
    fd = p.open(b"/tmp/dev/zero", O_RDONLY)
    p.unmount(b"/tmp/dev", MNT_FORCE)
    assert p.read(fd, 3) == bytes(3)
    p.close(fd)
