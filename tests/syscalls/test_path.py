# SPDX-License-Identifier: BSD-2-Clause
"""How a path, a descriptor or a pointer fails the calls that open, make, remove, go to and ask."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_FDCWD,
    AT_REMOVEDIR,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
)
from kernel.sys.ktrace import KTR_NAMEI
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.param import MAXSYMLINKS
from kernel.sys.stat import S_IFCHR, S_IFREG
from kernel.sys.types import makedev
from kernel.sys.unistd import _PC_NAME_MAX
from tests.syscalls.errnos import Traced, errnos
from tests.syscalls.files import touch
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing
NULL = makedev(2, 2)
CHR = S_IFCHR | 0o644

# Calls whose path must exist, links at the end followed.
FOLLOWING = {
    "open": lambda path: ("open", path, O_RDONLY),
    "open+write": lambda path: ("open", path, O_RDWR | O_TRUNC),
    "openat": lambda path: ("openat", AT_FDCWD, path, O_RDONLY),
    "chdir": lambda path: ("chdir", path),
    "chroot": lambda path: ("chroot", path),
    "statvfs1": lambda path: ("statvfs", path),
    "pathconf": lambda path: ("pathconf", path, _PC_NAME_MAX),
    "revoke": lambda path: ("revoke", path),
}
# Calls that take a name away.
REMOVING = {
    "rmdir": lambda path: ("rmdir", path),
    "unlink": lambda path: ("unlink", path),
    "unlinkat": lambda path: ("unlinkat", AT_FDCWD, path, 0),
    "unlinkat+directory": lambda path: ("unlinkat", AT_FDCWD, path, AT_REMOVEDIR),
}
EXISTING = {
    **FOLLOWING,
    **REMOVING,
    "lpathconf": lambda path: ("lpathconf", path, _PC_NAME_MAX),
}
# Calls that make what must not be there, of which the first two may have a slash at the end ...
DIRECTORIES = {
    "mkdir": lambda path: ("mkdir", path, 0o755),
    "mkdirat": lambda path: ("mkdirat", AT_FDCWD, path, 0o755),
}
EXCLUSIVE = {
    **DIRECTORIES,
    "mkfifo": lambda path: ("mkfifo", path, 0o644),
    "mkfifoat": lambda path: ("mkfifoat", AT_FDCWD, path, 0o644),
    "mknod": lambda path: ("mknod", path, CHR, NULL),
    "mknod+file": lambda path: ("mknod", path, S_IFREG | 0o644, 0),
    "mknodat": lambda path: ("mknodat", AT_FDCWD, path, CHR, NULL),
    "open+excl": lambda path: ("open", path, O_CREAT | O_EXCL | O_RDWR, 0o644),
    "openat+excl": lambda path: ("openat", AT_FDCWD, path, O_CREAT | O_EXCL | O_RDWR, 0o644),
}
# ... and those that make what may be there.
MAKING = {
    **EXCLUSIVE,
    "open+creat": lambda path: ("open", path, O_CREAT | O_RDONLY, 0o644),
    "openat+creat": lambda path: ("openat", AT_FDCWD, path, O_CREAT | O_RDONLY, 0o644),
}
# Calls that only the super-user may make.
PRIVILEGED = ("chroot", "mknod", "mknod+file", "mknodat", "revoke")

# Calls with a path relative to a descriptor, whose directory has a file f.
AT_EXISTING = {
    "openat": lambda fd, path=b"f": ("openat", fd, path, O_RDONLY),
    "unlinkat": lambda fd, path=b"f": ("unlinkat", fd, path, 0),
}
AT_MAKING = {
    "openat+creat": lambda fd, path=b"new": ("openat", fd, path, O_CREAT | O_RDONLY, 0o644),
    "mkdirat": lambda fd, path=b"new": ("mkdirat", fd, path, 0o755),
    "mkfifoat": lambda fd, path=b"new": ("mkfifoat", fd, path, 0o644),
    "mknodat": lambda fd, path=b"new": ("mknodat", fd, path, CHR, NULL),
}
RELATIVE = {**AT_EXISTING, **AT_MAKING}

# Calls by their name in the table, the path's address and a descriptor in registers.
POINTERS = {
    "open": lambda at, fd: (trap, "open", at, O_RDONLY, 0),
    "open+creat": lambda at, fd: (trap, "open", at, O_CREAT, 0o644),
    "openat": lambda at, fd: (trap, "openat", fd, at, O_RDONLY, 0),
    "mkdir": lambda at, fd: (trap, "mkdir", at, 0o755),
    "mkdirat": lambda at, fd: (trap, "mkdirat", fd, at, 0o755),
    "mkfifo": lambda at, fd: (trap, "mkfifo", at, 0o644),
    "mkfifoat": lambda at, fd: (trap, "mkfifoat", fd, at, 0o644),
    "mknod": lambda at, fd: (trap, "__mknod50", at, CHR, NULL),
    "mknodat": lambda at, fd: (trap, "mknodat", fd, at, CHR, 0, NULL),
    "rmdir": lambda at, fd: (trap, "rmdir", at),
    "unlink": lambda at, fd: (trap, "unlink", at),
    "unlinkat": lambda at, fd: (trap, "unlinkat", fd, at, 0),
    "chdir": lambda at, fd: (trap, "chdir", at),
    "chroot": lambda at, fd: (trap, "chroot", at),
    "pathconf": lambda at, fd: (trap, "pathconf", at, _PC_NAME_MAX),
    "lpathconf": lambda at, fd: (trap, "lpathconf", at, _PC_NAME_MAX),
    "revoke": lambda at, fd: (trap, "revoke", at),
}


def missing(process, path):
    """There is no such file."""
    with pytest.raises(FileNotFoundError):
        process.lstat(path)


def unprivileged(calls):
    """Those of calls that everybody may make."""
    return {name: make for name, make in calls.items() if name not in PRIVILEGED}


@errnos(Errno.ENOENT, EXISTING)
def test_no_such_file(fails, root, call):
    """The file, or a directory on the way to it, does not exist; or the path is empty."""
    fails(root, *call(b"missing"))
    fails(root, *call(b"missing/f"))
    fails(root, *call(b"missing/"))
    fails(root, *call(b"missing/.."))
    fails(root, *call(b""))


@errnos(Errno.ENOENT, FOLLOWING)
def test_dangling(fails, root, call):
    """The path is of a symbolic link that leads nowhere."""
    root.symlink(b"nowhere", b"l")
    fails(root, *call(b"l"))
    fails(root, *call(b"l/f"))


@errnos(Errno.ENOENT, MAKING)
def test_no_such_directory(fails, root, call):
    """The directory of the new name does not exist; or the name is empty."""
    root.symlink(b"nowhere", b"l")
    fails(root, *call(b"missing/new"))
    fails(root, *call(b"l/new"))
    fails(root, *call(b"missing/."))
    fails(root, *call(b""))


@errnos(Errno.ENOENT, {name: make for name, make in MAKING.items() if name not in DIRECTORIES})
def test_slash_after_a_new_name(fails, root, call):
    """The new name has a slash after it, and what is made is no directory."""
    root.symlink(b"nowhere", b"l")
    fails(root, *call(b"new/"))
    fails(root, *call(b"new//"))
    fails(root, *call(b"l/"))


@errnos(Errno.ENOENT, {**EXISTING, **MAKING})
def test_removed_current_directory(fails, root, call):
    """The current directory was removed: nothing can be made there, nor is anything there."""
    root.mkdir(b"gone", 0o777)
    root.chdir(b"gone")
    root.rmdir(b"/t/gone")
    fails(root, *call(b"new"))
    fails(root, *call(b"../new"))
    fails(root, *call(b"."))
    fails(root, *call(b".."))


@errnos(Errno.ENOTDIR, EXISTING)
def test_file_on_the_way(fails, root, call):
    """A component that is not the last is no directory; or the last is none, with a slash after it."""
    touch(root, b"f")
    root.mkfifo(b"p", 0o644)
    root.symlink(b"f", b"l")
    for path in (b"f/g", b"f/", b"f//", b"f/.", b"f/..", b"p/g", b"l/g", b"l/"):
        fails(root, *call(path))
    fails(root, *call(b"f/" + b"x" * 256))


@errnos(Errno.ENOTDIR, MAKING)
def test_file_on_the_way_to_the_name(fails, root, call):
    """A component of the new path that is not the last is no directory."""
    touch(root, b"f")
    root.symlink(b"f", b"l")
    for path in (b"f/new", b"f/.", b"f/..", b"f/", b"l/new", b"l/"):
        fails(root, *call(path))


@errnos(Errno.EACCES, unprivileged({**EXISTING, **MAKING}))
def test_closed_directory(fails, root, user, call):
    """A directory on the way may not be searched, be the name there or not."""
    root.mkdir(b"d", 0o700)
    touch(root, b"d/f", 0o666)
    for path in (b"d/f", b"d/missing", b"d/.", b"d/..", b"d/../d"):
        fails(user, *call(path))


@errnos(Errno.EACCES, unprivileged(MAKING))
def test_directory_is_not_ones_to_write(fails, root, user, call):
    """The directory that gets the name may not be written; before ENOENT of a slash after it."""
    root.mkdir(b"d", 0o755)
    fails(user, *call(b"d/new"))
    fails(user, *call(b"d/new/"))


@errnos(Errno.EACCES, {name: make for name, make in REMOVING.items() if "dir" not in name})
def test_directory_of_the_file_is_not_ones_to_write(fails, root, user, call):
    """The directory that has the file may not be written, whoever owns the file."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f", 0o666)
    root.chown(b"d/f", 1000, 100)
    fails(user, *call(b"d/f"))


@errnos(Errno.ENOENT, unprivileged(REMOVING))
def test_missing_before_permission(fails, root, user, call):
    """There is no such file: over EACCES of a directory that may not be written."""
    root.mkdir(b"d", 0o755)
    fails(user, *call(b"d/missing"))


@errnos(Errno.EEXIST, EXCLUSIVE)
def test_name_is_taken(fails, root, call):
    """There is a file of the new name, of whatever kind; a symbolic link is not followed."""
    touch(root, b"f")
    root.mkdir(b"d", 0o755)
    root.mkfifo(b"p", 0o644)
    root.symlink(b"nowhere", b"l")
    for name in (b"f", b"d", b"d/", b"p", b"l", b".", b"..", b"d/.", b"/", b"//", b"/dev"):
        fails(root, *call(name))


@errnos(Errno.EEXIST, unprivileged(EXCLUSIVE))
def test_taken_before_permission(fails, root, user, call):
    """The name is taken: over EACCES of a directory that may not be written."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    fails(user, *call(b"d/f"))
    fails(user, *call(b"/"))


@errnos(Errno.EEXIST, EXCLUSIVE)
def test_taken_before_read_only(fails, root, tmpfs, call):
    """The name is taken: over EROFS."""
    mp = tmpfs(b"m")
    touch(root, b"m/f")
    mp.mnt_flag |= MNT_RDONLY
    fails(root, *call(b"m/f"))
    fails(root, *call(b"m"))


@errnos(Errno.ELOOP, {**EXISTING, **MAKING})
def test_loop(fails, root, call):
    """Symbolic links on the way lead in a circle, or there are more than 32 of them."""
    root.symlink(b"b", b"a")
    root.symlink(b"a", b"b")
    fails(root, *call(b"a/f"))
    root.symlink(b".", b"here")
    fails(root, *call(b"here/" * (MAXSYMLINKS + 1) + b"f"))


@errnos(Errno.ENOENT, {**EXISTING, **MAKING})
def test_many_links(fails, root, call):
    """Of 32 symbolic links none is one too many: what comes after them is missing."""
    root.symlink(b".", b"here")
    fails(root, *call(b"here/" * MAXSYMLINKS + b"missing/f"))


@errnos(Errno.ELOOP, {**FOLLOWING, "open+creat": MAKING["open+creat"]})
def test_loop_at_the_end(fails, root, call):
    """The path is of a symbolic link that leads to itself."""
    root.symlink(b"a", b"a")
    fails(root, *call(b"a"))


@errnos(Errno.ENAMETOOLONG, {**EXISTING, **MAKING})
def test_component_too_long(fails, root, call):
    """A component has more than 255 bytes, be it the last or not."""
    fails(root, *call(b"x" * 256))
    fails(root, *call(b"x" * 256 + b"/f"))
    fails(root, *call(b"./" + b"x" * 256 + b"/"))


@errnos(Errno.ENAMETOOLONG, unprivileged({**EXISTING, **MAKING}))
def test_component_too_long_before_permission(fails, root, user, call):
    """A component has more than 255 bytes: over EACCES of a directory that may not be searched."""
    root.mkdir(b"d", 0o700)
    fails(user, *call(b"d/" + b"x" * 256))


@errnos(Errno.ENAMETOOLONG, {**EXISTING, **MAKING})
def test_path_too_long(fails, root, call):
    """A path has more than 1023 bytes, or gets them from a symbolic link; slashes count."""
    fails(root, *call(b"./" * 511 + b"xx"))
    fails(root, *call(b"/" * 1024))
    fails(root, *call(b"./" * 2000))
    root.symlink(b"./" * 500, b"long")
    fails(root, *call(b"long/" + b"./" * 11 + b"f"))


@errnos(Errno.ENOENT, EXISTING)
def test_longest(fails, root, call):
    """A component of 255 bytes and a path of 1023 are not too long, only missing."""
    fails(root, *call(b"x" * 255))
    fails(root, *call(b"./" * 511 + b"x"))
    fails(root, *call(b"/" * 1022 + b"x"))
    root.symlink(b"./" * 500, b"long")
    fails(root, *call(b"long/" + b"./" * 10 + b"x"))


@errnos(Errno.EFAULT, POINTERS)
def test_path_is_nowhere(fails, root, call):
    """The path is not in the caller's memory: over EBADF of the descriptor."""
    for at in (BAD, 0, -1):
        fails(root, *call(at, AT_FDCWD))
        fails(root, *call(at, 99))


@errnos(Errno.EBADF, RELATIVE)
def test_not_open(fails, root, call):
    """The descriptor is not open: over all that may be wrong with the path, be it absolute."""
    touch(root, b"f")
    for path in (b"f", b"/t/f", b"", b"f/g", b"x" * 256):
        fails(root, *call(99, path))
        fails(root, *call(-1, path))
    closed = root.open(b".", O_RDONLY)
    root.close(closed)
    fails(root, *call(closed))


@errnos(Errno.ENAMETOOLONG, RELATIVE)
def test_path_before_descriptor(fails, root, call):
    """The path has more than 1023 bytes: over EBADF of the descriptor."""
    fails(root, *call(99, b"./" * 512))


@errnos(Errno.EINVAL, RELATIVE)
def test_pipe(fails, root, call):
    """The descriptor is of a pipe, not of a file."""
    fails(root, *call(root.pipe()[1]))


@errnos(Errno.ENOTDIR, RELATIVE)
def test_relative_to_a_file(fails, root, call):
    """The descriptor that the path is relative to is not of a directory."""
    touch(root, b"f")
    fd = root.open(b"f", O_RDONLY)
    fails(root, *call(fd))
    fails(root, *call(fd, b"x" * 256))
    fails(root, *call(fd, b"."))


@errnos(Errno.ENOENT, RELATIVE)
def test_empty_path_before_the_descriptors_file(fails, root, call):
    """The path is empty: over ENOTDIR of what the descriptor is of."""
    touch(root, b"f")
    fails(root, *call(root.open(b"f", O_RDONLY), b""))


@errnos(Errno.EACCES, unprivileged(RELATIVE))
def test_relative_to_a_closed_directory(fails, root, user, call):
    """The directory that the path is relative to may not be searched; it is asked at each call."""
    root.mkdir(b"d", 0o777)
    root.chmod(b"d", 0o777)
    touch(root, b"d/f", 0o666)
    fd = user.open(b"d", O_RDONLY | O_DIRECTORY)
    root.chmod(b"d", 0o766)
    fails(user, *call(fd))


@errnos(Errno.EACCES, unprivileged(AT_MAKING))
def test_relative_to_a_directory_not_to_be_written(fails, root, user, call):
    """The directory that gets the name may not be written."""
    root.mkdir(b"d", 0o755)
    fails(user, *call(user.open(b"d", O_RDONLY | O_DIRECTORY)))


@errnos(Errno.ENOENT, RELATIVE)
def test_relative_to_a_removed_directory(fails, root, call):
    """The directory that the path is relative to was removed."""
    root.mkdir(b"d", 0o777)
    fd = root.open(b"d", O_RDONLY | O_DIRECTORY)
    root.rmdir(b"d")
    fails(root, *call(fd))


@pytest.mark.parametrize("make", AT_MAKING.values(), ids=AT_MAKING)
def test_relative(root, make):
    """A relative path starts at the descriptor's directory, an absolute one at the root."""
    root.mkdir(b"d", 0o755)
    root.chdir(b"/")
    d = root.open(b"/t/d", O_RDONLY | O_DIRECTORY)
    for path, made in ((b"a", b"/t/d/a"), (b"../b", b"/t/b"), (b"/t/c", b"/t/c")):
        missing(root, made)
        function, *args = make(d, path)
        root.call(function, *args)
        assert root.lstat(made).st_nlink
        flag = AT_REMOVEDIR if function == "mkdirat" else 0
        root.unlinkat(d, path, flag)
        missing(root, made)
    fd = root.open(b"/dev/null", O_RDONLY)
    root.call(*make(fd, b"/t/absolute"))
    assert root.lstat(b"/t/absolute").st_nlink


def lookups(k, process, function, *args):
    """The paths that a trace says were looked up by a call that fails."""
    trace = Traced(k, process)
    with pytest.raises(OSError):  # noqa: PT011
        process.call(function, *args)
    return [record.payload for record in trace.records() if record.type == KTR_NAMEI]


@pytest.mark.parametrize("make", {**EXISTING, **MAKING}.values(), ids={**EXISTING, **MAKING})
def test_trace_of_failures(k, root, make):
    """One record for a path, as it was given, however it fails; none for the empty path or one too long."""
    touch(root, b"f")
    root.symlink(b"a", b"a")
    for path in (b"missing/f", b"f/g", b"a/f", b"x" * 256):
        assert lookups(k, root, *make(path)) == [path]
    for path in (b"", b"./" * 512):
        assert lookups(k, root, *make(path)) == []


@pytest.mark.parametrize("make", POINTERS.values(), ids=POINTERS)
def test_trace_of_no_path(k, root, make):
    """No record for an address where there is no path."""
    assert lookups(k, root, *make(BAD, AT_FDCWD)) == []


@pytest.mark.parametrize("make", RELATIVE.values(), ids=RELATIVE)
def test_trace_of_descriptors(k, root, make):
    """A descriptor that is not open leaves no record; one of what is no directory does."""
    touch(root, b"f")
    assert lookups(k, root, *make(99, b"path")) == []
    assert lookups(k, root, *make(root.pipe()[0], b"path")) == []
    assert lookups(k, root, *make(root.open(b"f", O_RDONLY), b"path")) == [b"path"]


def test_trace_of_links(k, root):
    """Links that are followed leave no records of their own."""
    touch(root, b"f")
    root.symlink(b"f", b"l")
    trace = Traced(k, root)
    root.close(root.open(b"./l", O_RDONLY))
    paths = [record.payload for record in trace.records() if record.type == KTR_NAMEI]
    assert paths == [b"./l"]


@pytest.mark.parametrize("name", ["chroot", "mknod", "mknod+file", "mknodat"])
def test_trace_of_privilege(k, user, name):
    """Who has no right to make the call leaves no record of the path."""
    make = {**FOLLOWING, **MAKING}[name]
    assert lookups(k, user, *make(b"path")) == []
