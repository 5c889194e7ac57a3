# SPDX-License-Identifier: BSD-2-Clause
"""What libc tells of the system: uname, host names, load, sysctl by name."""

import errno

import pytest


def test_names_of_the_system(k):
    """uname is what sysctl says; the version is one line."""
    p = k.root()
    system = p.uname()
    assert (system.sysname, system.release, system.machine) == ("NetBSD", "10.0", "python")
    assert "\n" not in system.version
    p.sethostname("box.example")
    assert (p.uname().nodename, p.gethostname()) == ("box.example", "box.example")
    p.setdomainname("yp")
    assert p.getdomainname() == "yp"


def test_names_are_roots_to_give(k):
    """EPERM for others, EINVAL for what is too long."""
    with pytest.raises(PermissionError):
        k.process(1000).sethostname("x")
    with pytest.raises(OSError, match="Invalid") as caught:
        k.root().sethostname("x" * 256)
    assert caught.value.errno == errno.EINVAL


def test_sysctl_by_name(k):
    """A name is looked up level by level; numbers stand for themselves."""
    p = k.root()
    assert p.sysctlnametomib("kern.hostname") == (1, 10)
    assert p.sysctlnametomib("proc.1.rlimit.descriptors.soft") == (10, 1, 2, 9, 1)
    assert p.sysctlbyname("kern.ostype") == b"NetBSD\0"
    assert p.sysctlbyname("user.line_max") == (2048).to_bytes(4, "little")
    for name, error in (
        ("kern.foo", "ENOENT"),
        ("kern..x", "EINVAL"),
        ("kern.ostype.x", "ENOTDIR"),
    ):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            p.sysctlbyname(name)
        assert errno.errorcode[caught.value.errno] == error


def test_user_nodes_are_libcs(k):
    """user.* cannot be set, and has no more numbers than it has."""
    p = k.root()
    for name, new, error in (
        ((8, 1), b"x", errno.EPERM),
        ((8, 99), None, errno.ENOENT),
        ((8, 1, 1), None, errno.ENOTDIR),
    ):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            p.sysctl(name, new)
        assert caught.value.errno == error


def test_load_is_what_the_kernel_keeps(k):
    """In the kernel a number with a fixed point, here a float."""
    k.kernel.averunnable[:] = [2048, 1024, 512]
    k.kernel.loadtime = k.kernel.clock.now
    assert k.root().getloadavg() == (1.0, 0.5, 0.25)
