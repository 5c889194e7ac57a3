# SPDX-License-Identifier: BSD-2-Clause
"""The name cache: what a name led to is what it leads to, or it is forgotten."""

import pytest

from kernel.kern.init_main import boot_lookup
from kernel.kern.vfs_vnode import vgone
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY
from kernel.sys.mount import MNT_FORCE
from userland.libc import tmpfs_args

PATH = b"/tmp/d/e/f"


@pytest.fixture
def p(k):
    """Root, with a file /tmp/d/e/f whose every name is in the cache."""
    p = k.root()
    p.mkdir(b"/tmp/d", 0o755)
    p.mkdir(b"/tmp/d/e", 0o755)
    p.close(p.open(PATH, O_CREAT, 0o644))
    p.stat(PATH)
    assert boot_lookup(k.kernel, b"/tmp/d/e").v_nc_names
    return p


def missing(p, path=PATH):
    try:
        p.stat(path)
    except OSError as exc:
        return exc.errno
    return 0


def test_renamed(p):
    """A name that was given away, of a file or of a directory on the way, is not found."""
    ino = p.stat(PATH).st_ino
    p.rename(PATH, b"/tmp/d/e/g")
    assert missing(p) == Errno.ENOENT
    assert p.stat(b"/tmp/d/e/g").st_ino == ino
    p.rename(b"/tmp/d", b"/tmp/h")
    assert missing(p, b"/tmp/d/e/g") == Errno.ENOENT
    assert p.stat(b"/tmp/h/e/g").st_ino == ino


def test_replaced(p):
    """A name that another file got leads to that one."""
    p.close(p.open(b"/tmp/new", O_CREAT, 0o600))
    ino = p.stat(b"/tmp/new").st_ino
    p.rename(b"/tmp/new", PATH)
    assert p.stat(PATH).st_ino == ino
    assert missing(p, b"/tmp/new") == Errno.ENOENT


def test_removed_and_made_again(k, p):
    """So does one that was removed; a directory that is gone leaves nothing in the cache."""
    ino = p.stat(PATH).st_ino
    p.unlink(PATH)
    assert missing(p) == Errno.ENOENT
    gone = boot_lookup(k.kernel, b"/tmp/d/e")
    p.rmdir(b"/tmp/d/e")
    assert gone not in k.kernel.nc_dirs
    p.mkdir(b"/tmp/d/e", 0o755)
    assert missing(p) == Errno.ENOENT
    p.close(p.open(PATH, O_CREAT, 0o644))
    assert p.stat(PATH).st_ino != ino


def test_file_in_the_way(p):
    """What is below a file is not there, whatever was there when it was a directory."""
    p.rename(b"/tmp/d/e", b"/tmp/e")
    p.close(p.open(b"/tmp/d/e", O_CREAT, 0o644))
    p.stat(b"/tmp/d/e")
    assert missing(p) == Errno.ENOTDIR


def test_covered(p):
    """A name that is covered leads to what covers it, and back when that has gone."""
    covered = p.stat(b"/tmp/d").st_ino, p.stat(b"/tmp/d").st_dev
    p.mount(b"tmpfs", b"/tmp/d", 0, tmpfs_args())
    assert (p.stat(b"/tmp/d").st_ino, p.stat(b"/tmp/d").st_dev) != covered
    assert missing(p) == Errno.ENOENT
    p.mkdir(b"/tmp/d/e", 0o700)
    first = p.stat(b"/tmp/d/e").st_dev
    p.mount(b"tmpfs", b"/tmp/d", 0, tmpfs_args())
    assert missing(p, b"/tmp/d/e") == Errno.ENOENT
    p.unmount(b"/tmp/d")
    assert p.stat(b"/tmp/d/e").st_dev == first
    p.unmount(b"/tmp/d", MNT_FORCE)
    assert (p.stat(b"/tmp/d").st_ino, p.stat(b"/tmp/d").st_dev) == covered
    assert p.stat(PATH).st_size == 0


def test_taken_away(k, p):
    """A file that was taken from its vnode is found again under another."""
    vp = boot_lookup(k.kernel, PATH)
    dvp = boot_lookup(k.kernel, b"/tmp/d/e")
    p.stat(PATH)
    vgone(vp)
    assert boot_lookup(k.kernel, PATH) is not vp
    p.chdir(b"/tmp/d/e")
    vgone(dvp)
    assert missing(p, b"f") == Errno.ENOENT
    assert p.stat(PATH).st_size == 0


def test_no_longer_searched(k, p):
    """The permissions of a directory count as they are now, for who they are for."""
    user = k.process(1000)
    user.stat(PATH)
    p.chmod(b"/tmp/d", 0o700)
    assert missing(user) == Errno.EACCES
    assert p.stat(PATH).st_size == 0
    p.chown(b"/tmp/d", 1000, 0)
    assert user.stat(PATH).st_size == 0
    assert missing(k.process(1001)) == Errno.EACCES


def test_links_and_roots(k, p):
    """Links are followed or not, paths begin at the root or the directory of the caller."""
    p.symlink(b"d/e", b"/tmp/l")
    for _ in range(2):
        assert p.stat(b"/tmp/l").st_ino == p.stat(b"/tmp/d/e").st_ino
        assert p.lstat(b"/tmp/l").st_ino != p.stat(b"/tmp/l").st_ino
        assert p.stat(b"/tmp/l/f").st_ino == p.stat(PATH).st_ino
    p.chdir(b"/tmp")
    assert p.stat(b"d/e/f").st_ino == p.stat(b"/tmp/./d/e/../e//f").st_ino == p.stat(PATH).st_ino
    fd = p.open(b"/tmp/d", O_RDONLY)
    assert p.fstatat(fd, b"e/f").st_ino == p.stat(PATH).st_ino
    jailed = k.process()
    jailed.chroot(b"/tmp/d")
    assert jailed.stat(b"/e/f").st_ino == p.stat(PATH).st_ino
    assert missing(jailed) == Errno.ENOENT
    assert missing(p, b"") == Errno.ENOENT
