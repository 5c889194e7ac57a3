# SPDX-License-Identifier: BSD-2-Clause
"""The files of pseudo-terminals: who owns them, when they were used, and where they are mounted."""

import pytest

from kernel import api
from kernel.fs.ptyfs.ptyfs_vfsops import ptyfs_vfsops
from kernel.kern.init_main import boot_lookup
from kernel.kern.vfs_mount import domount
from kernel.process import Process
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import O_RDONLY, O_RDWR
from kernel.sys.mount import MNT_FORCE
from kernel.sys.mount_args import ptyfs_args
from kernel.sys.stat import S_IFCHR, S_IFDIR
from kernel.sys.types import makedev
from kernel.sys.unistd import _PC_LINK_MAX, _PC_MAX_CANON, _PC_VDISABLE
from userland.libc import include as libc


@pytest.fixture
def p(k: api.System) -> Process:
    return k.process(1000)


def test_the_directory(p):
    """/dev/pts is the root of a ptyfs, in which nobody makes anything."""
    found = p.stat("/dev/pts")
    assert (found.st_mode, found.st_uid, found.st_ino, found.st_nlink) == (S_IFDIR | 0o755, 0, 2, 2)
    told = p.statvfs("/dev/pts")
    assert (told.f_fstypename, told.f_mntonname) == (b"ptyfs", b"/dev/pts")
    assert p.pathconf("/dev/pts", _PC_LINK_MAX) == 32767
    fd = p.open("/dev/pts", O_RDONLY)
    assert p.call(lambda: [entry.d_name for entry in libc.readdir(fd)]) == [b".", b".."]


def test_before_it_is_granted(p):
    """A slave is root's, mode 0600, until its master is granted; a number is not bound to a user."""
    master = p.posix_openpt(O_RDWR)
    found = p.stat("/dev/pts/0")
    assert (found.st_uid, found.st_gid, found.st_mode) == (0, 0, S_IFCHR | 0o600)
    with pytest.raises(PermissionError):
        p.open("/dev/pts/0", O_RDWR)
    p.grantpt(master)
    p.close(p.open("/dev/pts/0", O_RDWR))
    p.close(master)
    p.posix_openpt(O_RDWR)
    assert p.stat("/dev/pts/0").st_uid == 0


def test_attributes(k, p):
    """The owner changes the mode, root the owner, nobody the size; times say when it was used."""
    master, slave = p.openpty()
    name = p.ttyname(slave)
    p.chmod(name, 0o600)
    p.mkdir("/tmp/x", 0o700)
    assert p.fstat(slave).st_mode == S_IFCHR | 0o600
    with pytest.raises(PermissionError):
        p.chown(name, 1001, -1)
    k.root().chown(name, 1001, 5)
    assert (p.stat(name).st_uid, p.stat(name).st_gid) == (1001, 5)
    with pytest.raises(PermissionError):
        p.chmod(name, 0o666)
    before = p.fstat(slave)
    k.advance(10)
    p.write(slave, b"x")
    wrote = p.fstat(slave)
    assert (wrote.st_atim, wrote.st_mtim > before.st_mtim) == (before.st_atim, True)
    p.write(master, b"line\n")
    k.advance(10)
    p.read(slave, 10)
    assert p.fstat(slave).st_atim > wrote.st_atim
    assert p.fstat(slave).st_rdev == makedev(5, 0)
    assert [p.fpathconf(slave, what) for what in (_PC_MAX_CANON, _PC_VDISABLE)] == [255, 255]
    assert p.fstat(master).st_rdev == makedev(6, 0)


def test_names_are_numbers(p):
    """Only numbers of terminals that are there are names; .. leads out."""
    p.openpty()
    for name in ("00", "1", "x", "0x0", "9" * 50):
        with pytest.raises(FileNotFoundError):
            p.stat("/dev/pts/" + name)
    assert p.stat("/dev/pts/..").st_ino == p.stat("/dev").st_ino
    with pytest.raises(NotADirectoryError):
        p.stat("/dev/pts/0/x")


def test_another_mount(k, p):
    """A second ptyfs shows the same terminals, with attributes of its own; the first names them."""
    k.root().mkdir(b"/pts", 0o755)
    domount(k.kernel, ptyfs_vfsops, boot_lookup(k.kernel, b"/pts"), ptyfs_args(), onname=b"/pts")
    _, slave = p.openpty()
    assert p.ttyname(slave) == "/dev/pts/0"
    assert [p.stat(f"{where}/0").st_uid for where in ("/dev/pts", "/pts")] == [1000, 0]
    k.root().unmount(b"/pts")


def test_a_wrong_version(k):
    """Arguments of another version are EINVAL."""
    k.root().mkdir(b"/pts", 0o755)
    with pytest.raises(KernelError) as caught:
        domount(
            k.kernel, ptyfs_vfsops, boot_lookup(k.kernel, b"/pts"), ptyfs_args(version=1),
            onname=b"/pts",
        )  # fmt: skip
    assert caught.value.errno is Errno.EINVAL


def test_without_it(k, p):
    """While a terminal is open it cannot be unmounted, but by force; then none can be made."""
    master, slave = p.openpty()
    root = k.root()
    with pytest.raises(OSError, match="busy"):
        root.unmount(b"/dev/pts")
    root.unmount(b"/dev/pts", MNT_FORCE)
    p.close(slave)
    p.close(master)
    with pytest.raises(OSError, match="not supported"):
        p.posix_openpt(O_RDWR)
