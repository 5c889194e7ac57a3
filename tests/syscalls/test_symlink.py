# SPDX-License-Identifier: BSD-2-Clause
"""symlink(2) and symlinkat(2): what a link may say, and what it is."""

from itertools import count

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, O_CREAT, O_RDONLY
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.stat import S_IFLNK, S_IFMT, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE
from tests.syscalls.errnos import errnos

SYMLINKS = {
    "symlink": lambda target, path: ("symlink", target, path),
    "symlinkat": lambda target, path: ("symlinkat", target, AT_FDCWD, path),
}


def symlink_endlessly(process):
    """Make one link after the other."""
    for n in count(1):
        process.symlink(b"x" * 1000, b"%d" % n)


@errnos(Errno.ENAMETOOLONG, SYMLINKS)
def test_target_is_too_long(fails, root, call):
    """What the link would say has more than 1023 bytes; its components may be of any length."""
    fails(root, *call(b"x" * 1024, b"l"))
    fails(root, *call(b"x" * 70000, b"l"))
    root.symlink(b"x" * 1023, b"l")
    assert root.lstat(b"l").st_size == 1023
    assert root.readlink(b"l", 2000) == b"x" * 1023


@errnos(Errno.ENAMETOOLONG, SYMLINKS)
def test_target_comes_first(fails, root, call):
    """What the link would say is too long: over EEXIST and ENOENT of its name."""
    root.symlink(b"x", b"l")
    fails(root, *call(b"x" * 1024, b"l"))
    fails(root, *call(b"x" * 1024, b"missing/l"))


@errnos(Errno.ENOSPC, SYMLINKS)
def test_no_space(fails, root, tmpfs, call):
    """The file system is full."""
    tmpfs(b"m", size=1 << 16)
    root.chdir(b"m")
    with pytest.raises(OSError, match="No space left"):
        symlink_endlessly(root)
    links = root.stat(b".").st_size
    fails(root, *call(b"x" * 1000, b"l"))
    assert root.stat(b".").st_size == links
    root.unlink(b"1")
    root.symlink(b"x" * 1000, b"l")


@errnos(Errno.ENOSPC, SYMLINKS)
def test_no_inodes(fails, root, tmpfs, call):
    """The file system has as many files as it can have."""
    tmpfs(b"m", nodes=10)
    root.chdir(b"m")
    with pytest.raises(OSError, match="No space left"):
        symlink_endlessly(root)
    fails(root, *call(b"x", b"l"))


@pytest.mark.parametrize("flag", [UF_IMMUTABLE, SF_IMMUTABLE])
@errnos(Errno.EPERM, SYMLINKS)
def test_immutable_directory(fails, root, user, call, flag):
    """The directory is immutable: over EACCES; one that is append-only takes a link."""
    root.mkdir(b"d", 0o755)
    root.chflags(b"d", flag)
    fails(root, *call(b"x", b"d/l"))
    fails(user, *call(b"x", b"d/l"))
    root.chflags(b"d", UF_APPEND)
    root.symlink(b"x", b"d/l")


@errnos(Errno.EEXIST, SYMLINKS)
def test_taken(fails, root, user, tmpfs, call):
    """The name is there: over EROFS and EACCES; a link that leads nowhere is there too."""
    mp = tmpfs(b"m")
    root.symlink(b"nowhere", b"m/l")
    mp.mnt_flag |= MNT_RDONLY
    fails(root, *call(b"x", b"m/l"))
    fails(user, *call(b"x", b"m/l"))
    fails(root, *call(b"x", b"m"))


@errnos(Errno.ENOENT, SYMLINKS)
def test_trailing_slash(fails, root, call):
    """The name ends in a slash: even a link to a directory is made without."""
    root.mkdir(b"d", 0o755)
    fails(root, *call(b"d", b"l/"))


@pytest.mark.parametrize("mask", [0, 0o022, 0o077, 0o777])
def test_attributes(root, user, mask):
    """The effective user's, of the directory's group; the mode is the mask's; as long as what it says."""
    root.mkdir(b"d", 0o777)
    root.chown(b"d", 5, 6)
    root.chmod(b"d", 0o777)
    user.umask(mask)
    user.symlink(b"target", b"d/l")
    st = user.lstat(b"d/l")
    assert st.st_mode & S_IFMT == S_IFLNK
    assert st.st_mode & 0o7777 == 0o777 & ~mask
    assert (st.st_uid, st.st_gid, st.st_nlink, st.st_size) == (1000, 6, 1, 6)
    assert st.st_atim == st.st_mtim == st.st_ctim == st.st_birthtim


def test_mode_does_not_count(root, user):
    """A link that nobody may read leads everybody on, and tells where."""
    root.close(root.open(b"f", O_CREAT | O_RDONLY, 0o644))
    root.symlink(b"f", b"l")
    root.lchmod(b"l", 0)
    assert user.stat(b"l") == user.stat(b"f")
    assert user.readlink(b"l", 10) == b"f"


def test_times(root, k):
    """The directory's modification and change time, and nothing of what the link names."""
    root.close(root.open(b"f", O_CREAT | O_RDONLY, 0o644))
    root.mkdir(b"d", 0o755)
    before, f = root.stat(b"d"), root.stat(b"f")
    k.advance(1)
    root.symlink(b"../f", b"d/l")
    after = root.stat(b"d")
    assert after.st_atim == before.st_atim
    assert after.st_mtim == after.st_ctim > before.st_ctim
    assert after.st_nlink == before.st_nlink
    assert root.stat(b"f") == f


@errnos(Errno.EACCES, SYMLINKS)
def test_failure_changes_no_times(fails, root, user, k, call):
    """The directory may not be written; it is not told."""
    root.mkdir(b"d", 0o755)
    before = root.stat(b"d")
    k.advance(1)
    fails(user, *call(b"x", b"d/l"))
    assert root.stat(b"d") == before


def test_nothing_in_it(root):
    """A link may say nothing; it leads nowhere."""
    root.symlink(b"", b"l")
    assert root.lstat(b"l").st_size == 0
    assert root.readlink(b"l", 10) == b""
    for path in (b"l", b"l/", b"l/f"):
        with pytest.raises(FileNotFoundError):
            root.stat(path)


@pytest.mark.parametrize("target", [b"/", b".", b"d", b"d/", b"d/../d/.", b"//t///d//", b"/t/d"])
def test_to_directories(root, target):
    """What is said is stored to the letter, and followed as a path from the link's directory."""
    root.mkdir(b"d", 0o755)
    root.symlink(target, b"l")
    assert root.readlink(b"l", 100) == target
    assert root.stat(b"l").st_ino == root.stat(target).st_ino
    assert root.stat(b"l/").st_ino == root.stat(target).st_ino
    root.chdir(b"l")


def test_relative_to_its_own_directory(root):
    """What a link says starts where the link is, not where the caller is."""
    root.mkdir(b"d", 0o755)
    root.close(root.open(b"d/f", O_CREAT | O_RDONLY, 0o644))
    root.symlink(b"f", b"d/l")
    assert root.stat(b"d/l") == root.stat(b"d/f")
    root.rename(b"d/l", b"l")
    with pytest.raises(FileNotFoundError):
        root.stat(b"l")


def test_every_byte(root):
    """Any byte but NUL may be in a link."""
    every = bytes(range(1, 256))
    root.symlink(every, b"l")
    assert root.readlink(b"l", 300) == every
