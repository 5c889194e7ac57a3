# SPDX-License-Identifier: BSD-2-Clause
"""rename(2), renameat(2), and POSIX's rename: flags, modes and sticky directories in the way."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD
from kernel.sys.stat import SF_APPEND, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch

RENAMES = {
    "rename": lambda old, new: ("rename", old, new),
    "renameat": lambda old, new: ("renameat", AT_FDCWD, old, AT_FDCWD, new),
    "posix_rename": lambda old, new: ("__posix_rename", old, new),
}
any_flag = pytest.mark.parametrize("flag", [UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE, SF_APPEND])


def dirs(process, *paths):
    """Make directories that everybody may write."""
    for path in paths:
        process.mkdir(path, 0o777)
        process.chmod(path, 0o777)


@any_flag
@errnos(Errno.EPERM, RENAMES)
def test_flags_of_the_file(fails, root, call, flag):
    """What is renamed is immutable or append-only."""
    dirs(root, b"d", b"e")
    touch(root, b"f")
    touch(root, b"g")
    root.symlink(b"x", b"l")
    root.mkfifo(b"p", 0o644)
    for old in (b"d", b"f", b"l", b"p"):
        root.lchflags(old, flag)
        for new in (b"new", b"e/new"):
            fails(root, *call(old, new))
    fails(root, *call(b"f", b"g"))
    fails(root, *call(b"d", b"e"))


@any_flag
@errnos(Errno.EPERM, RENAMES)
def test_flags_of_what_is_replaced(fails, root, call, flag):
    """What would be replaced is immutable or append-only."""
    dirs(root, b"d", b"e")
    touch(root, b"f")
    touch(root, b"g")
    root.chflags(b"g", flag)
    root.chflags(b"e", flag)
    fails(root, *call(b"f", b"g"))
    fails(root, *call(b"d", b"e"))


@any_flag
@errnos(Errno.EPERM, RENAMES)
def test_flags_of_the_old_directory(fails, root, call, flag):
    """The directory that the name is taken from is immutable or append-only."""
    dirs(root, b"d", b"e", b"d/d")
    touch(root, b"d/f")
    touch(root, b"f")
    root.chflags(b"d", flag)
    for old in (b"d/f", b"d/d"):
        for new in (b"d/new", b"e/new"):
            fails(root, *call(old, new))
    fails(root, *call(b"d/f", b"f"))


@pytest.mark.parametrize("flag", [UF_IMMUTABLE, SF_IMMUTABLE])
@errnos(Errno.EPERM, RENAMES)
def test_flags_of_the_new_directory(fails, root, user, call, flag):
    """The directory that gets the name is immutable: over EACCES."""
    dirs(root, b"d", b"d/d", b"e")
    touch(root, b"f")
    touch(root, b"d/f")
    root.chmod(b"d", 0o755)
    root.chflags(b"d", flag)
    for old, new in ((b"f", b"d/new"), (b"e", b"d/new"), (b"f", b"d/f"), (b"e", b"d/d")):
        fails(root, *call(old, new))
    fails(user, *call(b"f", b"d/new"))


@pytest.mark.parametrize("flag", [UF_APPEND, SF_APPEND])
@errnos(Errno.EPERM, RENAMES)
def test_append_only_new_directory(fails, root, call, flag):
    """The directory that gets the name is append-only, and the name is there; a new one it takes."""
    dirs(root, b"d", b"d/d", b"e")
    touch(root, b"f")
    touch(root, b"d/f")
    root.chflags(b"d", flag)
    fails(root, *call(b"f", b"d/f"))
    fails(root, *call(b"e", b"d/d"))
    root.rename(b"f", b"d/new")
    root.rename(b"e", b"d/newdir")


@errnos(Errno.EISDIR, RENAMES)
def test_type_comes_before_flags(fails, root, call):
    """What is no directory would replace one: over EPERM of immutable files."""
    dirs(root, b"d")
    touch(root, b"f")
    root.chflags(b"f", UF_IMMUTABLE)
    root.chflags(b"d", UF_IMMUTABLE)
    fails(root, *call(b"f", b"d"))


@errnos(Errno.ENOTEMPTY, RENAMES)
def test_emptiness_comes_before_flags(fails, root, user, call):
    """A directory would replace one that is not empty: over EPERM of flags, and EACCES of a directory that moves."""
    dirs(root, b"d", b"e", b"e/full", b"a", b"a/d")
    root.chflags(b"d", UF_IMMUTABLE)
    root.chmod(b"a/d", 0o755)
    fails(root, *call(b"d", b"e"))
    fails(user, *call(b"a/d", b"e"))


@errnos(Errno.EACCES, RENAMES)
def test_directory_moves_only_if_it_may_be_written(fails, root, user, call):
    """A directory gets another parent, and it may not be written itself; its name alone may change."""
    dirs(root, b"a", b"b", b"b/d")
    root.mkdir(b"a/d", 0o755)
    fails(user, *call(b"a/d", b"b/new"))
    fails(user, *call(b"a/d", b"b/d"))
    user.rename(b"a/d", b"a/e")
    root.chown(b"a/e", 1000, 100)
    user.rename(b"a/e", b"b/e")
    root.chmod(b"b/e", 0o555)
    fails(user, *call(b"b/e", b"a/e"))


@errnos(Errno.EACCES, RENAMES)
def test_so_does_the_hosts(fails, root, user, k, tmp_path, call):
    """A directory of the host gets another parent, and it may not be written."""
    k.mount(tmp_path, b"/t/h")
    dirs(root, b"h/a", b"h/b")
    root.chmod(b"h", 0o755)
    root.mkdir(b"h/a/d", 0o755)
    fails(user, *call(b"h/a/d", b"h/b/d"))
    user.rename(b"h/a/d", b"h/a/e")
    assert (tmp_path / "a" / "e").is_dir()


@errnos(Errno.EACCES, RENAMES)
def test_permission_of_the_old_directory_comes_first(fails, root, user, tmpfs, call):
    """The directory that has the file may not be written: over EXDEV and EISDIR; not if there is no such file."""
    tmpfs(b"m")
    dirs(root, b"d", b"d/e")
    touch(root, b"d/f")
    root.chmod(b"d", 0o755)
    fails(user, *call(b"d/f", b"m/new"))
    fails(user, *call(b"d/f", b"d/e"))
    fails(user, *call(b"d/f", b"missing/new"))
    fails(user, *call(b"d/f", b"d/f"))


@errnos(Errno.EACCES, RENAMES)
def test_permission_of_the_new_directory(fails, root, user, tmpfs, call):
    """The directory that gets the name may not be written: over EXDEV, EISDIR and ENOTEMPTY."""
    tmpfs(b"m")
    dirs(root, b"d", b"d/e", b"d/e/full", b"m/d")
    touch(root, b"f")
    root.chmod(b"d", 0o755)
    root.chmod(b"m/d", 0o755)
    for new in (b"d/new", b"d/e", b"m/d/new"):
        fails(user, *call(b"f", new))


@errnos(Errno.EPERM, RENAMES)
def test_sticky_old_directory(fails, root, user, other, call):
    """The directory of the file is sticky, and neither it nor the file is the caller's."""
    dirs(root, b"tmp", b"d")
    touch(other, b"tmp/f")
    other.mkdir(b"tmp/d", 0o777)
    root.chmod(b"tmp", 0o1777)
    for old in (b"tmp/f", b"tmp/d"):
        fails(user, *call(old, b"tmp/new"))
        fails(user, *call(old, b"d/new"))
        fails(user, *call(old, b"missing/new"))
        other.rename(old, b"tmp/new")
        root.rename(b"tmp/new", old)


@errnos(Errno.EPERM, RENAMES)
def test_sticky_new_directory(fails, root, user, other, call):
    """The directory of what would be replaced is sticky, and neither of these is the caller's."""
    dirs(root, b"tmp")
    touch(other, b"tmp/f")
    other.mkdir(b"tmp/d", 0o755)
    root.chmod(b"tmp", 0o1777)
    touch(user, b"f")
    user.mkdir(b"d", 0o755)
    fails(user, *call(b"f", b"tmp/f"))
    fails(user, *call(b"d", b"tmp/d"))
    fails(user, *call(b"f", b"tmp/d"))
    user.rename(b"f", b"tmp/new")
    root.chown(b"tmp", 1000, 100)
    user.rename(b"tmp/new", b"tmp/f")
