# SPDX-License-Identifier: BSD-2-Clause
"""rename(2), renameat(2), and POSIX's rename: what they refuse, and which refusal wins."""

from itertools import count

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.param import LINK_MAX
from kernel.sys.stat import UF_IMMUTABLE
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch

RENAMES = {
    "rename": lambda old, new: ("rename", old, new),
    "renameat": lambda old, new: ("renameat", AT_FDCWD, old, AT_FDCWD, new),
    "posix_rename": lambda old, new: ("__posix_rename", old, new),
}


def dirs(process, *paths):
    """Make directories that everybody may write."""
    for path in paths:
        process.mkdir(path, 0o777)
        process.chmod(path, 0o777)


def link_endlessly(process, path, form):
    """Give a file one name after the other."""
    for n in count(1):
        process.link(path, form % n)


@errnos(Errno.EINVAL, RENAMES)
def test_dots_have_no_other_name(fails, root, call):
    """What is renamed is called "." or "..": over ENOENT and EEXIST of the new name."""
    dirs(root, b"d", b"d/e", b"other")
    for old in (b".", b"..", b"d/.", b"d/..", b"d/./", b"d/../", b"d/e/../."):
        for new in (b"new", b"d", b"other", b"missing/new", b"d/."):
            fails(root, *call(old, new))


@errnos(Errno.EISDIR, RENAMES)
def test_onto_dot(fails, root, call):
    """The new name is ".", of a directory or something else: even of what is renamed."""
    dirs(root, b"d", b"e")
    touch(root, b"f")
    for old in (b"d", b"f"):
        for new in (b".", b"e/.", b"d/.", b"e/./"):
            fails(root, *call(old, new))


@errnos(Errno.EINVAL, RENAMES)
def test_onto_dotdot(fails, root, call):
    """The new name is "..", of a directory or something else."""
    dirs(root, b"d", b"e")
    touch(root, b"f")
    for old in (b"d", b"f"):
        for new in (b"..", b"e/..", b"d/..", b"e/../"):
            fails(root, *call(old, new))


@errnos(Errno.EINVAL, RENAMES)
def test_below_itself(fails, root, call):
    """A directory would come to lie below itself, whatever is there already."""
    dirs(root, b"d", b"d/e", b"d/e/f")
    touch(root, b"d/e/full")
    for new in (b"d/new", b"d/e", b"d/e/", b"d/e/new", b"d/e/f", b"d/e/f/new", b"d/e/../e/new"):
        fails(root, *call(b"d", new))
    root.symlink(b"d/e", b"l")
    fails(root, *call(b"d", b"l/new"))
    assert root.stat(b"d").st_nlink == 3


@errnos(Errno.ENOTEMPTY, RENAMES)
def test_not_empty(fails, root, call):
    """A directory would replace one that has something in it, were it only a link that leads nowhere."""
    for number, make in enumerate(
        (
            lambda path: touch(root, path),
            lambda path: root.mkdir(path, 0o755),
            lambda path: root.mkfifo(path, 0o644),
            lambda path: root.symlink(b"nowhere", path),
        )
    ):
        new = b"new%d" % number
        dirs(root, new, b"old%d" % number)
        make(new + b"/x")
        fails(root, *call(b"old%d" % number, new))
        fails(root, *call(b"old%d/" % number, new + b"/"))
        root.lstat(new + b"/x")


@errnos(Errno.ENOTEMPTY, RENAMES)
def test_over_its_own_ancestor(fails, root, call):
    """A directory would replace one that it lies in."""
    dirs(root, b"d", b"d/e", b"d/e/f")
    fails(root, *call(b"d/e", b"d"))
    fails(root, *call(b"d/e/f", b"d"))
    fails(root, *call(b"d/e/f", b"d/e/../../d/e"))


@errnos(Errno.ENOTDIR, RENAMES)
def test_directory_onto_a_file(fails, root, call):
    """A directory would replace what is none: over EINVAL of a directory below itself."""
    dirs(root, b"d")
    touch(root, b"f")
    touch(root, b"d/f")
    root.mkfifo(b"p", 0o644)
    root.symlink(b"d", b"l")
    for new in (b"f", b"d/f", b"p", b"l"):
        fails(root, *call(b"d", new))


@errnos(Errno.ENOTDIR, RENAMES)
def test_slash_after_a_file(fails, root, call):
    """Either name has a slash after it, and there is a file that is no directory, or a link to none."""
    dirs(root, b"d")
    touch(root, b"f")
    touch(root, b"g")
    root.symlink(b"f", b"l")
    fails(root, *call(b"f/", b"new"))
    fails(root, *call(b"l/", b"new"))
    fails(root, *call(b"f", b"g/"))
    fails(root, *call(b"d", b"g/"))
    fails(root, *call(b"d", b"l/"))
    fails(root, *call(b"f", b"f/"))


@errnos(Errno.ENOENT, RENAMES)
def test_slash_after_a_new_file(fails, root, call):
    """The new name of what is no directory has a slash after it."""
    touch(root, b"f")
    root.symlink(b"nowhere", b"l")
    fails(root, *call(b"f", b"new/"))
    fails(root, *call(b"l", b"new/"))


@errnos(Errno.ENOENT, RENAMES)
def test_slash_after_a_dangling_link(fails, root, call):
    """Either name is of a link that leads nowhere, with a slash after it."""
    touch(root, b"f")
    root.symlink(b"nowhere", b"l")
    fails(root, *call(b"l/", b"new"))
    fails(root, *call(b"f", b"l/"))


def test_slash_after_a_directory(root):
    """Directories may have slashes after both names, new ones too."""
    dirs(root, b"d", b"e")
    root.rename(b"d/", b"new//")
    root.rename(b"new///", b"e/")
    assert root.stat(b"e/").st_nlink == 2


@errnos(Errno.EISDIR, RENAMES)
def test_file_onto_a_directory(fails, root, call):
    """What is no directory would replace one, were it the one that it lies in, or not empty."""
    dirs(root, b"d", b"d/e")
    touch(root, b"f")
    touch(root, b"d/e/f")
    root.mkfifo(b"p", 0o644)
    root.symlink(b"d", b"l")
    for old in (b"f", b"p", b"l", b"d/e/f"):
        for new in (b"d", b"d/e"):
            fails(root, *call(old, new))
    fails(root, *call(b"f", b"d/"))


@errnos(Errno.EBUSY, RENAMES)
def test_mount_point(fails, root, tmpfs, call):
    """Either name is of a mount point, or of the root: over EXDEV, ENOTDIR and ENOENT."""
    tmpfs(b"m")
    dirs(root, b"d", b"m/d")
    touch(root, b"f")
    for old in (b"m", b"m/", b"/", b"/dev"):
        for new in (b"new", b"d", b"m/new", b"m/d", b"f", b"missing/new"):
            fails(root, *call(old, new))
    for old in (b"d", b"f", b"m/d"):
        for new in (b"m", b"m/", b"/", b"//", b"/dev"):
            fails(root, *call(old, new))
    root.symlink(b"m", b"l")
    fails(root, *call(b"d", b"l/"))


@errnos(Errno.EINVAL, RENAMES)
def test_root_of_a_file_system_as_a_dot(fails, root, tmpfs, call):
    """What is renamed is "." of a mounted file system."""
    tmpfs(b"m")
    fails(root, *call(b"m/.", b"new"))
    fails(root, *call(b"m/.", b"m/new"))


@errnos(Errno.EXDEV, RENAMES)
def test_another_file_system(fails, root, tmpfs, call):
    """The new name is on another file system: over ENOTDIR, EISDIR and ENOTEMPTY."""
    tmpfs(b"m")
    dirs(root, b"d", b"m/d", b"m/d/full")
    touch(root, b"f")
    touch(root, b"m/f")
    for old in (b"d", b"f"):
        for new in (b"m/new", b"m/f", b"m/d"):
            fails(root, *call(old, new))
            fails(root, *call(new, old) if new != b"m/new" else call(old, new))
    root.chflags(b"f", UF_IMMUTABLE)
    fails(root, *call(b"f", b"m/new"))


@errnos(Errno.EROFS, RENAMES)
def test_read_only(fails, root, user, tmpfs, call):
    """Either name is on a read-only file system: over ENOENT, EXDEV, EACCES and EINVAL of a dot."""
    mp = tmpfs(b"m")
    dirs(root, b"m/d", b"m/e")
    touch(root, b"m/f")
    touch(root, b"f")
    root.chmod(b"m/e", 0o755)
    mp.mnt_flag |= MNT_RDONLY
    for old, new in (
        (b"m/f", b"m/g"),
        (b"m/f", b"m/f"),
        (b"m/f", b"new"),
        (b"m/d", b"m/f"),
        (b"m/missing", b"m/new"),
        (b"m/.", b"m/new"),
        (b"f", b"m/new"),
        (b"f", b"m/f"),
        (b"f", b"m/."),
    ):
        fails(root, *call(old, new))
    fails(user, *call(b"m/e/missing", b"new"))
    fails(user, *call(b"f", b"m/e/new"))


@errnos(Errno.ENOENT, RENAMES)
def test_missing_file_comes_first(fails, root, tmpfs, call):
    """What is renamed does not exist: over all that is wrong with the new name."""
    mp = tmpfs(b"m")
    mp.mnt_flag |= MNT_RDONLY
    for new in (b".", b"..", b"/", b"m", b"m/new", b"missing/new", b"x" * 256):
        fails(root, *call(b"missing", new))


@errnos(Errno.ENAMETOOLONG, {name: RENAMES[name] for name in RENAMES})
def test_too_long_a_path_comes_first(fails, root, call):
    """The new path has more than 1023 bytes: over ENOENT of the file."""
    fails(root, *call(b"missing", b"./" * 512))


@errnos(Errno.EBADF, {"renameat": lambda old: ("renameat", AT_FDCWD, old, 99, b"new")})
def test_second_descriptor(fails, root, call):
    """The second descriptor is not open, while the first name is all right."""
    touch(root, b"f")
    fails(root, *call(b"f"))


@errnos(Errno.ENOENT, {"renameat": lambda old: ("renameat", AT_FDCWD, old, 99, b"new")})
def test_second_descriptor_comes_second(fails, root, call):
    """What is renamed does not exist: over EBADF of the second descriptor."""
    fails(root, *call(b"missing"))


@errnos(Errno.EMLINK, RENAMES)
def test_too_many_directories(fails, root, call):
    """The directory that gets another one has 32767 links; what replaces or stays adds none."""
    dirs(root, b"d", b"e")
    for n in range(LINK_MAX - 2):
        root.mkdir(b"d/%d" % n, 0o755)
    assert root.stat(b"d").st_nlink == LINK_MAX
    fails(root, *call(b"e", b"d/new"))
    root.rename(b"d/0", b"d/renamed")
    root.rename(b"e", b"d/1")
    assert root.stat(b"d").st_nlink == LINK_MAX


@errnos(Errno.ENOSPC, RENAMES)
def test_no_space(fails, root, tmpfs, call):
    """The file system has no room for a longer name; none is needed for the old one elsewhere."""
    tmpfs(b"m", size=1 << 16)
    root.chdir(b"m")
    dirs(root, b"d")
    touch(root, b"f")
    with pytest.raises(OSError, match="No space left"):
        link_endlessly(root, b"f", b"%0200d")
    with pytest.raises(OSError, match="No space left"):
        link_endlessly(root, b"f", b"%d")
    fails(root, *call(b"f", b"x" * 200))
    fails(root, *call(b"f", b"d/" + b"x" * 200))
    names = root.stat(b".").st_size, root.stat(b"f").st_nlink
    root.rename(b"f", b"d/f")
    root.rename(b"d/f", b"f")
    assert (root.stat(b".").st_size, root.stat(b"f").st_nlink) == names
    fails(root, *call(b"f", b"x" * 200))
