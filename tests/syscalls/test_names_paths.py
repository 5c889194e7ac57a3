# SPDX-License-Identifier: BSD-2-Clause
"""How a path, a descriptor or a pointer fails the calls on names: the same way for all."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_FOLLOW, O_DIRECTORY, O_RDONLY
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.unistd import F_OK, R_OK
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch
from userland.libc.machine import curlwp
from userland.libc.stack import pushstr
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing

# Calls whose path must exist, links at the end followed ...
FOLLOWING = {
    "link+from": lambda path: ("link", path, b"new"),
    "linkat+from": lambda path: (
        "linkat",
        AT_FDCWD,
        path,
        AT_FDCWD,
        b"new",
        AT_SYMLINK_FOLLOW,
    ),
    "access": lambda path: ("access", path, R_OK),
    "faccessat": lambda path: ("faccessat", AT_FDCWD, path, F_OK),
}
# ... and those that take the link itself.
EXISTING = {
    **FOLLOWING,
    "linkat+nofollow": lambda path: ("linkat", AT_FDCWD, path, AT_FDCWD, b"new", 0),
    "readlink": lambda path: ("readlink", path, 100),
    "readlinkat": lambda path: ("readlinkat", AT_FDCWD, path, 100),
    "undelete": lambda path: ("undelete", path),
    "rename+from": lambda path: ("rename", path, b"new"),
    "renameat+from": lambda path: ("renameat", AT_FDCWD, path, AT_FDCWD, b"new"),
    "posix_rename+from": lambda path: ("__posix_rename", path, b"new"),
}
# Calls that give a name; the file "old" is there.
GIVING = {
    "link": lambda path: ("link", b"old", path),
    "linkat": lambda path: ("linkat", AT_FDCWD, b"old", AT_FDCWD, path, 0),
    "symlink": lambda path: ("symlink", b"old", path),
    "symlinkat": lambda path: ("symlinkat", b"old", AT_FDCWD, path),
    "rename": lambda path: ("rename", b"old", path),
    "renameat": lambda path: ("renameat", AT_FDCWD, b"old", AT_FDCWD, path),
    "posix_rename": lambda path: ("__posix_rename", b"old", path),
}
MAKING = {name: make for name, make in GIVING.items() if "rename" not in name}

# Calls with the path relative to a descriptor; "old" is in the current directory.
AT_EXISTING = {
    "linkat+from": lambda fd: ("linkat", fd, b"f", AT_FDCWD, b"new", 0),
    "readlinkat": lambda fd: ("readlinkat", fd, b"f", 100),
    "renameat+from": lambda fd: ("renameat", fd, b"f", AT_FDCWD, b"new"),
    "faccessat": lambda fd: ("faccessat", fd, b"f", F_OK),
}
AT_GIVING = {
    "linkat": lambda fd: ("linkat", AT_FDCWD, b"old", fd, b"new", 0),
    "symlinkat": lambda fd: ("symlinkat", b"old", fd, b"new"),
    "renameat": lambda fd: ("renameat", AT_FDCWD, b"old", fd, b"new"),
}
RELATIVE = {**AT_EXISTING, **AT_GIVING}

# Calls by their name in the table, an address in a register; `ok` is that of "old".
POINTERS = {
    "link+from": lambda at, ok: (trap, "link", at, ok),
    "link": lambda at, ok: (trap, "link", ok, at),
    "linkat+from": lambda at, ok: (trap, "linkat", AT_FDCWD, at, AT_FDCWD, ok, 0),
    "linkat": lambda at, ok: (trap, "linkat", AT_FDCWD, ok, AT_FDCWD, at, 0),
    "symlink+target": lambda at, ok: (trap, "symlink", at, ok),
    "symlink": lambda at, ok: (trap, "symlink", ok, at),
    "symlinkat+target": lambda at, ok: (trap, "symlinkat", at, AT_FDCWD, ok),
    "symlinkat": lambda at, ok: (trap, "symlinkat", ok, AT_FDCWD, at),
    "readlink": lambda at, ok: (trap, "readlink", at, BAD, 10),
    "readlinkat": lambda at, ok: (trap, "readlinkat", AT_FDCWD, at, BAD, 10),
    "undelete": lambda at, ok: (trap, "undelete", at),
    "rename+from": lambda at, ok: (trap, "rename", at, ok),
    "rename": lambda at, ok: (trap, "rename", ok, at),
    "renameat+from": lambda at, ok: (trap, "renameat", AT_FDCWD, at, AT_FDCWD, ok),
    "renameat": lambda at, ok: (trap, "renameat", AT_FDCWD, ok, AT_FDCWD, at),
    "posix_rename+from": lambda at, ok: (trap, "__posix_rename", at, ok),
    "posix_rename": lambda at, ok: (trap, "__posix_rename", ok, at),
    "access": lambda at, ok: (trap, "access", at, F_OK),
    "faccessat": lambda at, ok: (trap, "faccessat", AT_FDCWD, at, F_OK, 0),
}


@pytest.fixture
def old(root):
    """The file "old", which everybody may do everything with, in a directory likewise."""
    touch(root, b"old")
    root.chmod(b"old", 0o666)


def keep(path):
    """Push a string on the user stack and leave it there; return its address."""
    return pushstr(curlwp(), path)


@errnos(Errno.ENOENT, EXISTING)
def test_no_such_file(fails, root, call):
    """The file, or a directory on the way to it, does not exist; or the path is empty."""
    fails(root, *call(b"missing"))
    fails(root, *call(b"missing/f"))
    fails(root, *call(b"missing/"))
    fails(root, *call(b""))


@errnos(Errno.ENOENT, FOLLOWING)
def test_dangling(fails, root, call):
    """The path is of a symbolic link that leads nowhere."""
    root.symlink(b"nowhere", b"l")
    fails(root, *call(b"l"))


@errnos(Errno.ENOENT, GIVING)
def test_no_such_directory(fails, root, old, call):
    """The directory of the new name does not exist; or the name is empty, or ends in a slash."""
    fails(root, *call(b"missing/new"))
    fails(root, *call(b""))
    fails(root, *call(b"new/"))


@errnos(Errno.ENOENT, GIVING)
def test_removed_directory(fails, root, old, call):
    """The directory of the new name was removed while it was the current one."""
    root.mkdir(b"gone", 0o777)
    root.chdir(b"gone")
    root.rmdir(b"/t/gone")
    function, *args = call(b"new")
    fails(root, function, *(b"/t/old" if arg == b"old" else arg for arg in args))


@errnos(Errno.ENOTDIR, EXISTING)
def test_file_on_the_way(fails, root, call):
    """A component that is not the last is no directory; or the last is none, with a slash after it."""
    touch(root, b"f")
    fails(root, *call(b"f/g"))
    fails(root, *call(b"f/"))
    fails(root, *call(b"f//"))


@errnos(Errno.ENOTDIR, GIVING)
def test_file_on_the_way_to_the_name(fails, root, old, call):
    """A component of the new path that is not the last is no directory."""
    touch(root, b"f")
    fails(root, *call(b"f/new"))
    fails(root, *call(b"f/."))
    fails(root, *call(b"f/"))


@errnos(Errno.EACCES, EXISTING)
def test_closed_directory(fails, root, user, call):
    """A directory on the way may not be searched."""
    root.mkdir(b"d", 0o700)
    touch(root, b"d/f", 0o666)
    root.chown(b"d/f", 1000, 100)
    fails(user, *call(b"d/f"))
    fails(user, *call(b"d/missing"))
    fails(user, *call(b"d/."))


@errnos(Errno.EACCES, GIVING)
def test_directory_of_the_name_is_closed(fails, root, user, old, call):
    """The directory of the new name may not be searched, or not be written."""
    root.mkdir(b"d", 0o766)
    fails(user, *call(b"d/new"))
    root.chmod(b"d", 0o755)
    fails(user, *call(b"d/new"))


@errnos(
    Errno.EACCES,
    {
        "rename": lambda path: ("rename", path, b"new"),
        "renameat": lambda path: ("renameat", AT_FDCWD, path, AT_FDCWD, b"new"),
        "posix_rename": lambda path: ("__posix_rename", path, b"new"),
        "undelete": lambda path: ("undelete", path),
    },
)
def test_directory_of_the_file_is_not_ones_to_write(fails, root, user, call):
    """The directory that has the file may not be written, whoever owns the file."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f", 0o666)
    root.chown(b"d/f", 1000, 100)
    fails(user, *call(b"d/f"))


@errnos(Errno.ELOOP, {**EXISTING, **GIVING})
def test_loop(fails, root, old, call):
    """Symbolic links on the way lead in a circle."""
    root.symlink(b"b", b"a")
    root.symlink(b"a", b"b")
    fails(root, *call(b"a/f"))


@errnos(Errno.ELOOP, FOLLOWING)
def test_loop_at_the_end(fails, root, call):
    """The path is of a symbolic link that leads to itself."""
    root.symlink(b"a", b"a")
    fails(root, *call(b"a"))


@errnos(Errno.ENAMETOOLONG, {**EXISTING, **GIVING})
def test_too_long(fails, root, old, call):
    """A component has more than 255 bytes, or a path more than 1023."""
    fails(root, *call(b"x" * 256))
    fails(root, *call(b"x" * 256 + b"/f"))
    fails(root, *call(b"./" * 511 + b"xx"))


@errnos(Errno.EEXIST, MAKING)
def test_name_is_taken(fails, root, old, call):
    """There is a file of the new name, of whatever kind; a symbolic link is not followed."""
    touch(root, b"f")
    root.mkdir(b"d", 0o755)
    root.mkfifo(b"p", 0o644)
    root.symlink(b"nowhere", b"l")
    for name in (b"f", b"d", b"d/", b"p", b"l", b".", b"..", b"d/.", b"/", b"/dev", b"old"):
        fails(root, *call(name))


@errnos(Errno.EFAULT, POINTERS)
def test_path_is_nowhere(fails, root, old, call):
    """A path is not in the caller's memory."""
    ok = root.call(keep, b"old")
    fails(root, *call(BAD, ok))
    fails(root, *call(0, ok))
    fails(root, *call(-1, ok))


@errnos(Errno.EROFS, {**GIVING, "rename+from": EXISTING["rename+from"]})
def test_read_only(fails, root, tmpfs, call):
    """The directory of a name that comes or goes is on a file system mounted read-only."""
    mp = tmpfs(b"m")
    root.chdir(b"m")
    touch(root, b"old")
    mp.mnt_flag |= MNT_RDONLY
    path = b"old" if call(b"") == EXISTING["rename+from"](b"") else b"new"
    fails(root, *call(path))


@pytest.mark.errno("undelete", Errno.EROFS)
def test_undelete_read_only(fails, root, tmpfs):
    """The file system is mounted read-only, be there such a name or not."""
    mp = tmpfs(b"m")
    touch(root, b"m/f")
    mp.mnt_flag |= MNT_RDONLY
    fails(root, "undelete", b"m/f")
    fails(root, "undelete", b"m/g")


@errnos(Errno.EXDEV, {name: make for name, make in GIVING.items() if "symlink" not in name})
def test_another_file_system(fails, root, old, tmpfs, call):
    """The new name would be on another file system than the file."""
    tmpfs(b"m")
    fails(root, *call(b"m/new"))


@errnos(Errno.EBADF, RELATIVE)
def test_not_open(fails, root, old, call):
    """The descriptor is not open; that a path is absolute does not help."""
    fails(root, *call(99))
    fails(root, *call(-1))
    function, *args = call(99)
    fails(root, function, *(b"/t/old" if type(arg) is bytes else arg for arg in args))


@errnos(Errno.EINVAL, RELATIVE)
def test_pipe(fails, root, old, call):
    """The descriptor is of a pipe, not of a file."""
    fails(root, *call(root.pipe()[1]))


@errnos(Errno.ENOTDIR, RELATIVE)
def test_relative_to_a_file(fails, root, old, call):
    """The descriptor that the path is relative to is not of a directory."""
    fails(root, *call(root.open(b"old", O_RDONLY)))


@errnos(Errno.EACCES, RELATIVE)
def test_relative_to_a_closed_directory(fails, root, user, old, call):
    """The directory that the path is relative to may not be searched."""
    root.mkdir(b"d", 0o777)
    touch(root, b"d/f", 0o666)
    fd = user.open(b"d", O_RDONLY | O_DIRECTORY)
    root.chmod(b"d", 0o766)
    fails(user, *call(fd))


@errnos(Errno.EACCES, AT_GIVING)
def test_relative_to_a_directory_not_to_be_written(fails, root, user, old, call):
    """The directory that gets the name may not be written."""
    root.mkdir(b"d", 0o755)
    fails(user, *call(user.open(b"d", O_RDONLY | O_DIRECTORY)))


@errnos(Errno.ENOENT, RELATIVE)
def test_relative_to_a_removed_directory(fails, root, old, call):
    """The directory that the path is relative to was removed."""
    root.mkdir(b"d", 0o777)
    fd = root.open(b"d", O_RDONLY | O_DIRECTORY)
    root.rmdir(b"d")
    fails(root, *call(fd))


def test_relative(root):
    """A relative path starts at its own descriptor's directory, an absolute one at the root."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"e", 0o755)
    touch(root, b"d/f")
    d, e = (root.open(name, O_RDONLY | O_DIRECTORY) for name in (b"d", b"e"))
    root.chdir(b"/")
    inode = root.stat(b"/t/d/f").st_ino
    root.linkat(d, b"f", e, b"g", 0)
    root.symlinkat(b"g", e, b"l")
    assert root.readlinkat(e, b"l", 100) == b"g"
    root.renameat(e, b"g", d, b"h")
    root.renameat(AT_FDCWD, b"/t/d/f", e, b"f")
    root.linkat(e, b"/t/d/h", e, b"i", 0)
    assert [root.stat(path).st_ino for path in (b"/t/e/f", b"/t/d/h", b"/t/e/i")] == [inode] * 3
    root.faccessat(d, b"h", R_OK)
    root.faccessat(d, b"/t/e/f", R_OK)
