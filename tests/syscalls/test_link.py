# SPDX-License-Identifier: BSD-2-Clause
"""link(2), linkat(2) and undelete(2): whose name may be given, and what changes with it."""

from itertools import count

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_SYMLINK_FOLLOW, O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.ktrace import KTR_NAMEI, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.param import LINK_MAX
from kernel.sys.stat import (
    S_IFBLK,
    S_IFCHR,
    SF_APPEND,
    SF_IMMUTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
    UF_NODUMP,
)
from kernel.sys.types import makedev
from tests.syscalls.errnos import Traced, errnos
from tests.syscalls.files import touch

LINKS = {
    "link": lambda old, new: ("link", old, new),
    "linkat": lambda old, new: ("linkat", AT_FDCWD, old, AT_FDCWD, new, 0),
}

MAKERS = {
    "regular": lambda p, path: p.close(p.open(path, O_CREAT | O_RDWR, 0o644)),
    "fifo": lambda p, path: p.mkfifo(path, 0o644),
    "char": lambda p, path: p.mknod(path, S_IFCHR | 0o644, makedev(2, 2)),
    "block": lambda p, path: p.mknod(path, S_IFBLK | 0o644, makedev(2, 2)),
}
any_kind = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
any_flag = pytest.mark.parametrize("flag", [UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE, SF_APPEND])


def link_endlessly(process, path):
    """Give a file one long name after the other."""
    for n in count(1):
        process.link(path, b"%0200d" % n)


def times(process, path):
    """A file's access, modification and change time."""
    st = process.lstat(path)
    return st.st_atim, st.st_mtim, st.st_ctim


@errnos(Errno.EPERM, LINKS)
def test_directory(fails, root, user, call):
    """The file is a directory: not even the super-user gives it another name."""
    root.mkdir(b"d", 0o777)
    for process in (root, user):
        fails(process, *call(b"d", b"e"))
        fails(process, *call(b"d/.", b"e"))
        fails(process, *call(b"/", b"e"))
        fails(process, *call(b"..", b"e"))


@any_flag
@errnos(Errno.EPERM, LINKS)
def test_immutable_file(fails, root, call, flag):
    """The file is immutable or append-only."""
    touch(root, b"f")
    root.chflags(b"f", flag)
    fails(root, *call(b"f", b"g"))
    root.chflags(b"f", UF_NODUMP)
    root.link(b"f", b"g")


@pytest.mark.parametrize("flag", [UF_IMMUTABLE, SF_IMMUTABLE])
@errnos(Errno.EPERM, LINKS)
def test_immutable_directory(fails, root, call, flag):
    """The directory of the new name is immutable; one that is append-only takes it."""
    touch(root, b"f")
    root.mkdir(b"d", 0o755)
    root.chflags(b"d", flag)
    fails(root, *call(b"f", b"d/g"))
    root.chflags(b"d", UF_APPEND | SF_APPEND)
    root.link(b"f", b"d/g")


@errnos(Errno.EMLINK, LINKS)
def test_too_many_links(fails, root, k, call):
    """The file has 32767 names."""
    touch(root, b"f")
    root.mkdir(b"d", 0o755)
    for n in range(LINK_MAX - 1):
        root.link(b"f", b"d/%d" % n)
    assert root.stat(b"f").st_nlink == LINK_MAX == 32767
    fails(root, *call(b"f", b"g"))
    root.unlink(b"d/0")
    root.link(b"f", b"g")


@errnos(Errno.ENOSPC, LINKS)
def test_no_space(fails, root, tmpfs, call):
    """The file system is full; a link takes as much room as its name."""
    tmpfs(b"m", size=1 << 16)
    root.chdir(b"m")
    touch(root, b"f")
    with pytest.raises(OSError, match="No space left"):
        link_endlessly(root, b"f")
    before = times(root, b".")
    links = root.stat(b"f").st_nlink
    fails(root, *call(b"f", b"%0200d" % 0))
    assert times(root, b".") == before
    assert root.stat(b"f").st_nlink == links
    root.unlink(b"%0200d" % 1)
    root.link(b"f", b"%0200d" % 0)


@errnos(Errno.EXDEV, LINKS)
def test_another_file_system(fails, root, tmpfs, call):
    """The name would be on another file system than the file: whatever leads there."""
    mp = tmpfs(b"m")
    touch(root, b"f")
    touch(root, b"m/g")
    fails(root, *call(b"f", b"m/new"))
    fails(root, *call(b"m/g", b"new"))
    mp.mnt_flag |= MNT_RDONLY
    fails(root, *call(b"m/g", b"new"))


@errnos(Errno.EEXIST, LINKS)
def test_taken(fails, root, tmpfs, call):
    """The name is there: over EPERM of a directory, EXDEV, EROFS and an immutable file's EPERM."""
    mp = tmpfs(b"m")
    touch(root, b"f")
    touch(root, b"m/g")
    mp.mnt_flag |= MNT_RDONLY
    root.chflags(b"f", UF_IMMUTABLE)
    fails(root, *call(b"f", b"f"))
    fails(root, *call(b"m", b"f"))
    fails(root, *call(b"f", b"m/g"))
    fails(root, *call(b"f", b"m"))


@errnos(Errno.EEXIST, LINKS)
def test_taken_by_what_one_cannot_write(fails, root, user, call):
    """The name is there: over EACCES of a directory that may not be written."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    fails(user, *call(b"d/f", b"d/f"))


@errnos(Errno.EROFS, LINKS)
def test_read_only_comes_first(fails, root, user, tmpfs, call):
    """The file system is read-only: over EXDEV, EPERM and EACCES."""
    mp = tmpfs(b"m")
    root.mkdir(b"m/d", 0o700)
    root.chmod(b"m/d", 0o711)
    touch(root, b"f")
    mp.mnt_flag |= MNT_RDONLY
    fails(root, *call(b"f", b"m/new"))
    fails(root, *call(b"m", b"m/new"))
    fails(user, *call(b"f", b"m/d/new"))


@errnos(Errno.ENOENT, LINKS)
def test_missing_file_comes_first(fails, root, call):
    """The file does not exist: over EEXIST and ENOTDIR of the new name."""
    touch(root, b"f")
    fails(root, *call(b"missing", b"f"))
    fails(root, *call(b"missing", b"f/g"))
    fails(root, *call(b"missing", b"x" * 256))


@errnos(Errno.ENOENT, LINKS)
def test_no_link_in_a_removed_directory(fails, root, call):
    """The directory of the name is removed: over EPERM of a directory or an immutable file, and EXDEV."""
    touch(root, b"f")
    root.chflags(b"f", UF_IMMUTABLE)
    root.mkdir(b"d", 0o755)
    root.chdir(b"d")
    root.rmdir(b"../d")
    fails(root, *call(b"/t/f", b"new"))
    fails(root, *call(b"/t", b"new"))
    fails(root, *call(b"/dev/null", b"new"))


@errnos(Errno.EBADF, {"linkat": lambda fd1, fd2: ("linkat", fd1, b"f", fd2, b"x" * 2000, 0)})
def test_first_descriptor_comes_first(fails, root, call):
    """The first descriptor is not open: over all that is wrong with the second name."""
    touch(root, b"f")
    fails(root, *call(98, 99))


@any_kind
def test_all_names_are_alike(root, make):
    """Whatever its kind, a file has no first name: all tell the same, and any may go."""
    make(root, b"a")
    assert root.lstat(b"a").st_nlink == 1
    root.link(b"a", b"b")
    root.link(b"b", b"c")
    root.chmod(b"b", 0o201)
    root.chown(b"b", 65534, 65533)
    stats = [root.lstat(name) for name in (b"a", b"b", b"c")]
    assert stats[0] == stats[1] == stats[2]
    assert (stats[0].st_nlink, stats[0].st_mode & 0o7777) == (3, 0o201)
    assert (stats[0].st_uid, stats[0].st_gid) == (65534, 65533)
    root.unlink(b"a")
    assert root.lstat(b"b").st_nlink == root.lstat(b"c").st_nlink == 2
    root.unlink(b"c")
    assert root.lstat(b"b").st_nlink == 1


@any_kind
def test_times(root, k, make):
    """The file's change time and both of the directory's; neither of a file that was there, nor of the other directory."""
    root.mkdir(b"d", 0o755)
    make(root, b"f")
    before = {name: times(root, name) for name in (b"f", b"d", b".")}
    k.advance(1)
    root.link(b"f", b"d/g")
    after = {name: times(root, name) for name in (b"f", b"d", b".")}
    assert after[b"."] == before[b"."]
    assert after[b"f"][:2] == before[b"f"][:2]
    assert after[b"f"][2] > before[b"f"][2]
    assert after[b"d"][0] == before[b"d"][0]
    assert after[b"d"][1] == after[b"d"][2] > before[b"d"][2]
    assert root.lstat(b"f").st_birthtim < after[b"f"][2]


@errnos(Errno.EACCES, LINKS)
def test_failure_changes_no_times(fails, root, user, k, call):
    """The directory may not be written; neither it nor the file is told."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    before = times(root, b"d"), times(root, b"d/f")
    k.advance(1)
    fails(user, *call(b"d/f", b"d/g"))
    assert (times(root, b"d"), times(root, b"d/f")) == before


def test_others_files(root, user):
    """Anybody may give a file of somebody else another name, even unreadable and set-id ones."""
    touch(root, b"f")
    root.chmod(b"f", 0o4700)
    user.link(b"f", b"g")
    st = user.stat(b"g")
    assert (st.st_uid, st.st_mode & 0o7777, st.st_nlink) == (0, 0o4700, 2)


def test_sticky_directory_takes_links(root, user, other):
    """A sticky directory of another user takes a new name, but does not give it back."""
    root.mkdir(b"tmp", 0o777)
    root.chmod(b"tmp", 0o1777)
    touch(other, b"f")
    user.link(b"f", b"tmp/g")
    with pytest.raises(PermissionError) as caught:
        user.unlink(b"tmp/g")
    assert caught.value.errno == Errno.EPERM
    other.unlink(b"tmp/g")


def test_links_to_links(root):
    """link follows a symbolic link, linkat only if asked to; a link itself may have more names."""
    touch(root, b"f")
    root.symlink(b"f", b"l")
    root.link(b"l", b"followed")
    root.linkat(AT_FDCWD, b"l", AT_FDCWD, b"too", AT_SYMLINK_FOLLOW)
    root.linkat(AT_FDCWD, b"l", AT_FDCWD, b"itself", 0)
    f, link = root.lstat(b"f"), root.lstat(b"l")
    assert root.lstat(b"followed") == root.lstat(b"too") == f
    assert f.st_nlink == 3
    assert root.lstat(b"itself") == link
    assert link.st_nlink == 2
    root.unlink(b"l")
    assert root.readlink(b"itself", 10) == b"f"


def test_unknown_flags_are_nothing(root):
    """Flags that linkat(2) does not know are not looked at, as in NetBSD."""
    touch(root, b"f")
    root.symlink(b"f", b"l")
    root.linkat(AT_FDCWD, b"l", AT_FDCWD, b"g", ~AT_SYMLINK_FOLLOW & 0x7FFFFFFF)
    assert root.lstat(b"g") == root.lstat(b"l")


def test_names_and_an_open_file(root):
    """A descriptor sees its file's links come and go; with the last name the file is still there."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"contents")
    root.link(b"f", b"g")
    assert root.fstat(fd).st_nlink == 2
    root.unlink(b"f")
    root.unlink(b"g")
    assert root.fstat(fd).st_nlink == 0
    assert root.pread(fd, 100, 0) == b"contents"


def test_last_name_leaves_the_change_time(root, k):
    """Taking one of two names sets the change time of the file, taking the last does not."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.link(b"f", b"g")
    seen = [root.fstat(fd).st_ctim]
    for name in (b"f", b"g"):
        k.advance(1)
        root.unlink(name)
        seen.append(root.fstat(fd).st_ctim)
    assert seen[0] < seen[1] == seen[2]


@pytest.mark.errno("undelete", Errno.EEXIST)
def test_undelete_a_file(fails, root):
    """The path is of a file, which is no whiteout; nor is ".", "..", or a symbolic link."""
    touch(root, b"f")
    root.mkdir(b"d", 0o755)
    root.symlink(b"nowhere", b"l")
    for path in (b"f", b"d", b"d/", b"l", b".", b"..", b"d/."):
        fails(root, "undelete", path)
    assert root.stat(b"f").st_nlink == 1


@pytest.mark.errno("undelete", Errno.EPERM)
def test_undelete_in_a_sticky_directory(fails, root, user):
    """The directory is sticky, and neither it nor the file is the caller's; or it is immutable."""
    root.mkdir(b"d", 0o777)
    touch(root, b"d/f")
    root.chmod(b"d", 0o1777)
    fails(user, "undelete", b"d/f")
    root.chmod(b"d", 0o777)
    root.chflags(b"d", UF_IMMUTABLE)
    fails(user, "undelete", b"d/f")


@pytest.mark.errno("undelete", Errno.EBUSY)
def test_undelete_a_mount_point(fails, root, tmpfs):
    """The path is of the root of a file system."""
    tmpfs(b"m")
    fails(root, "undelete", b"m")
    fails(root, "undelete", b"/")


@pytest.mark.trace("undelete", "CALL NAMI RET")
def test_undelete_is_recorded(k, root):
    """The path is looked up, and the refusal is recorded as any return is."""
    touch(root, b"f")
    trace = Traced(k, root)
    with pytest.raises(FileExistsError):
        root.undelete(b"f")
    call, namei, ret = trace.records()[-3:]
    assert (call.type, namei.type, ret.type) == (KTR_SYSCALL, KTR_NAMEI, KTR_SYSRET)
    assert namei.payload == b"f"
    assert ret.body().ktr_error == Errno.EEXIST


@errnos(Errno.EROFS, LINKS)
def test_fixed_names(fails, root, call):
    """The file system makes up its names itself, as that of processes does."""
    fails(root, *call(b"/proc/1/status", b"/proc/1/new"))


@errnos(Errno.EACCES, LINKS)
def test_reading_is_no_right_to_search(fails, user, root, call):
    """A directory on either way can be read, but not searched."""
    root.mkdir(b"d", 0o777)
    touch(root, b"f")
    touch(root, b"d/f")
    root.chmod(b"d", 0o666)
    assert user.open(b"d", O_RDONLY) >= 0
    fails(user, *call(b"d/f", b"g"))
    fails(user, *call(b"f", b"d/g"))
