# SPDX-License-Identifier: BSD-2-Clause
"""mount(2): how it fails, who may, and what each type takes."""

import pytest

from kernel.sys.cdefs import pack
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.mount import (
    MNT_EXPORTED,
    MNT_FORCE,
    MNT_GETARGS,
    MNT_LOCAL,
    MNT_NODEV,
    MNT_NOEXEC,
    MNT_NOSUID,
    MNT_RDONLY,
    MNT_RELOAD,
    MNT_SYMPERM,
    MNT_UNION,
    MNT_UPDATE,
)
from kernel.sys.stat import S_IFCHR
from kernel.sys.sysctl import CTL_VFS, VFS_GENERIC, VFS_USERMOUNT
from kernel.sys.types import makedev
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch
from userland.libc import hostfs_args, null_args, procfs_args, tmpfs_args
from userland.libc.stack import Frame, pushbytes, pushstr
from userland.libc.syscall import call as trap
from userland.libc.sysctl import sysctl

BAD = 0x1000  # an address where there is nothing
SAFE = MNT_NOSUID | MNT_NODEV


@pytest.fixture
def m(root):
    """A directory of the super-user's to mount on."""
    root.mkdir(b"m", 0o755)
    return b"m"


@pytest.fixture
def mounted(root, m):
    """A tmpfs on m."""
    root.mount(b"tmpfs", m, 0, tmpfs_args(ta_size_max=1 << 20))
    return m


@pytest.fixture
def usermount(k):
    """vfs.generic.usermount is 1."""
    k.root().call(sysctl, (CTL_VFS, VFS_GENERIC, VFS_USERMOUNT), b"\1\0\0\0")


def raw(kind, path, flags, data=0, size=0):
    """mount(2) with addresses: a string is pushed, an int is passed as it is."""

    def act():
        with Frame() as lwp:
            words = [pushstr(lwp, x) if isinstance(x, bytes) else x for x in (kind, path)]
            at = pushbytes(lwp, data) if isinstance(data, bytes) else data
            return trap("__mount50", *words, flags, at, size)

    return act


# The path of the directory


@pytest.mark.errno("mount", Errno.ENOENT)
def test_no_such_directory(fails, root):
    """The directory, or one above it, does not exist; no such type matters less."""
    fails(root, "mount", b"tmpfs", b"none", 0, tmpfs_args())
    fails(root, "mount", b"tmpfs", b"none/m", 0, tmpfs_args())
    fails(root, "mount", b"nosuchfs", b"none", 0)
    fails(root, "mount", b"tmpfs", b"", 0, tmpfs_args())


@pytest.mark.errno("mount", Errno.ENOTDIR)
def test_no_directory(fails, root, m):
    """What would be covered, or a component of its path, is no directory."""
    touch(root, b"f")
    fails(root, "mount", b"tmpfs", b"f", 0, tmpfs_args())
    fails(root, "mount", b"tmpfs", b"f/m", 0, tmpfs_args())
    fails(root, "mount", b"tmpfs", b"/dev/null", 0, tmpfs_args())


@pytest.mark.errno("mount", Errno.ENOTDIR)
def test_null_mount_of_a_file(fails, root, m):
    """What a null mount is to show is no directory."""
    touch(root, b"f")
    fails(root, "mount", b"null", m, 0, b"/t/f")


@pytest.mark.errno("mount", Errno.EACCES)
def test_unsearchable(fails, root, user):
    """A component of the path may not be searched."""
    root.mkdir(b"closed", 0o700)
    root.mkdir(b"closed/m", 0o777)
    fails(user, "mount", b"tmpfs", b"closed/m", 0, tmpfs_args())


@pytest.mark.errno("mount", Errno.ELOOP)
def test_loop(fails, root):
    """A symbolic link leads to itself."""
    root.symlink(b"l", b"l")
    fails(root, "mount", b"tmpfs", b"l", 0, tmpfs_args())


@pytest.mark.errno("mount", Errno.ENAMETOOLONG)
def test_name_too_long(fails, root):
    """A component has more than 255 bytes, or a path more than 1023."""
    fails(root, "mount", b"tmpfs", b"x" * 256, 0, tmpfs_args())
    fails(root, "mount", b"tmpfs", b"./" * 511 + b"xx", 0, tmpfs_args())


@pytest.mark.errno("mount", Errno.EFAULT)
def test_nowhere(fails, root, m):
    """The path or the data is not in the caller's memory."""
    fails(root, raw(b"tmpfs", BAD, 0))
    fails(root, raw(b"tmpfs", m, 0, BAD, 40))
    fails(root, raw(b"tmpfs", m, 0, BAD, 0))
    fails(root, raw(b"tmpfs", b"/", MNT_GETARGS, BAD, 40))


@pytest.mark.errno("mount", Errno.EFAULT)
def test_target_is_nowhere(fails, root, m):
    """The path of what a null mount is to show is not in the caller's memory."""
    fails(root, "mount", b"null", m, 0, null_args(BAD))
    fails(root, "mount", b"null", m, 0, null_args(0))


@pytest.mark.errno("mount", Errno.ENOENT)
def test_no_target(fails, root, m):
    """What a null mount is to show, or the host directory to mount, is not there."""
    fails(root, "mount", b"null", m, 0, b"/none")
    fails(root, "mount", b"hostfs", m, 0, b"none")


# The type and the data


@pytest.mark.errno("mount", Errno.ENODEV)
def test_no_such_type(fails, root, user, m):
    """The kernel has no such type: an unknown name, one too long, or none in memory."""
    fails(root, "mount", b"nosuchfs", m, 0)
    fails(root, "mount", b"", m, 0)
    fails(root, "mount", b"tmpfs" + b"x" * 40, m, 0)
    fails(root, raw(BAD, m, 0))
    fails(user, "mount", b"nosuchfs", m, 0)


@pytest.mark.errno("mount", Errno.EINVAL)
@pytest.mark.parametrize("kind", [b"tmpfs", b"null", b"procfs", b"hostfs"])
def test_no_data(fails, root, m, kind):
    """The type takes arguments, and there are none."""
    fails(root, "mount", kind, m, 0, None)


@pytest.mark.errno("mount", Errno.EINVAL)
def test_data_of_a_wrong_length(fails, root, m):
    """The data are too short for the type, or longer than 8192 bytes."""
    fails(root, "mount", b"tmpfs", m, 0, pack(tmpfs_args())[:-1])
    fails(root, raw(b"null", m, 0, bytes(135), 135))
    fails(root, "mount", b"tmpfs", m, 0, pack(tmpfs_args()), 8193)


@pytest.mark.errno("mount", Errno.EINVAL)
def test_another_version(fails, root, m):
    """The arguments are of a version that the type does not know."""
    fails(root, "mount", b"tmpfs", m, 0, tmpfs_args(ta_version=2))
    fails(root, "mount", b"procfs", m, 0, procfs_args(version=2))


@pytest.mark.errno("mount", Errno.EINVAL)
def test_root_of_nobody(fails, root, m):
    """The root directory of a tmpfs would have the owner or group -1."""
    fails(root, "mount", b"tmpfs", m, 0, tmpfs_args(ta_root_uid=0xFFFFFFFF))
    fails(root, "mount", b"tmpfs", m, 0, tmpfs_args(ta_root_gid=0xFFFFFFFF))


@pytest.mark.errno("mount", Errno.EINVAL)
def test_flags(fails, root, m):
    """MNT_EXPORTED is for the NFS server alone; MNT_GETARGS goes with no other flag."""
    fails(root, "mount", b"tmpfs", m, MNT_EXPORTED, tmpfs_args())
    fails(root, "mount", b"tmpfs", b"/", MNT_GETARGS | MNT_RDONLY, tmpfs_args())


@pytest.mark.errno("mount", Errno.EINVAL)
@pytest.mark.parametrize("flag", [MNT_UPDATE, MNT_GETARGS])
def test_not_mounted(fails, root, m, flag):
    """MNT_UPDATE and MNT_GETARGS want the root of a file system."""
    fails(root, "mount", b"tmpfs", m, flag, tmpfs_args())


@pytest.mark.errno("mount", Errno.EINVAL)
def test_getargs_into_nothing(fails, root):
    """MNT_GETARGS without room for an answer."""
    fails(root, "mount", b"tmpfs", b"/", MNT_GETARGS, None)


# Who may


@pytest.mark.errno("mount", Errno.EPERM)
def test_user(fails, root, user, mounted):
    """The caller is not the super-user; that the path is no directory matters less."""
    touch(user, b"f")
    user.mkdir(b"mine", 0o755)
    for path, flags in ((b"mine", 0), (b"mine", SAFE), (b"f", 0), (mounted, MNT_UPDATE)):
        fails(user, "mount", b"tmpfs", path, flags, tmpfs_args())


@pytest.mark.usefixtures("usermount")
@pytest.mark.errno("mount", Errno.EPERM)
def test_usermount_refused(fails, root, user, m):
    """With vfs.generic.usermount: not with devices or set-id programs, nor on another's directory."""
    user.mkdir(b"mine", 0o755)
    for flags in (0, MNT_NOSUID, MNT_NODEV):
        fails(user, "mount", b"tmpfs", b"mine", flags, tmpfs_args())
    fails(user, "mount", b"tmpfs", m, SAFE, tmpfs_args())


@pytest.mark.usefixtures("usermount")
@pytest.mark.errno("mount", Errno.EPERM)
def test_usermount_below_noexec(fails, root, user):
    """With vfs.generic.usermount: below a file system without programs, none may have them."""
    user.mkdir(b"mine", 0o755)
    args = tmpfs_args(ta_root_uid=1000, ta_root_gid=100)
    root.mount(b"tmpfs", b"mine", MNT_NOEXEC, args)
    user.mkdir(b"mine/d", 0o755)
    fails(user, "mount", b"tmpfs", b"mine/d", SAFE, args)
    user.mount(b"tmpfs", b"mine/d", SAFE | MNT_NOEXEC, args)


@pytest.mark.errno("mount", Errno.EPERM)
def test_securelevel(k, fails, root, m, mounted):
    """With kern.securelevel above 1 nothing is mounted, and nothing becomes writable."""
    root.mkdir(b"n", 0o755)
    root.mount(b"tmpfs", m, MNT_UPDATE | MNT_NOSUID, tmpfs_args())
    k.kernel.securelevel = 2
    fails(root, "mount", b"tmpfs", b"n", 0, tmpfs_args())
    fails(root, "mount", b"tmpfs", m, MNT_UPDATE, tmpfs_args())
    flags = root.statvfs(m).f_flag | MNT_RDONLY | MNT_RELOAD | MNT_FORCE | MNT_UPDATE
    root.mount(b"tmpfs", m, flags, tmpfs_args())
    fails(root, "mount", b"tmpfs", m, MNT_UPDATE | MNT_NOSUID, tmpfs_args())
    root.unmount(m)


@pytest.mark.usefixtures("usermount")
def test_usermount(root, user, other):
    """With vfs.generic.usermount a user may mount, change and unmount what is the user's own."""
    user.mkdir(b"mine", 0o755)
    user.mount(b"tmpfs", b"mine", SAFE, tmpfs_args(ta_root_uid=1000, ta_root_gid=100))
    assert user.statvfs(b"mine").f_owner == 1000
    with pytest.raises(PermissionError):
        other.unmount(b"mine")
    with pytest.raises(PermissionError):
        other.mount(b"tmpfs", b"mine", MNT_UPDATE | SAFE, tmpfs_args())
    user.mount(b"tmpfs", b"mine", MNT_UPDATE | SAFE | MNT_RDONLY, tmpfs_args(ta_root_uid=1000))
    user.unmount(b"mine")


# Changing what is mounted


@pytest.mark.errno("mount", Errno.EOPNOTSUPP)
def test_change_refused(fails, root, m, mounted):
    """A null mount and a procfs cannot change; no file system is mounted MNT_UNION."""
    root.mkdir(b"n", 0o755)
    root.mount(b"null", b"n", 0, b"/t/m")
    for flags in (MNT_UPDATE, MNT_UPDATE | MNT_RDONLY, MNT_UPDATE | MNT_RELOAD):
        fails(root, "mount", b"null", b"n", flags, b"/t/m")
        fails(root, "mount", b"procfs", b"/proc", flags, procfs_args())
    fails(root, "mount", b"tmpfs", m, MNT_UPDATE | MNT_UNION, tmpfs_args())
    root.mkdir(b"u", 0o755)
    fails(root, "mount", b"tmpfs", b"u", MNT_UNION, tmpfs_args())


@pytest.mark.errno("mount", Errno.EBUSY)
def test_read_only_while_written(fails, root, mounted):
    """It is to become read-only, and a file is open for writing, or open without a name."""
    fd = root.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    fails(root, "mount", b"tmpfs", b"m", MNT_UPDATE | MNT_RDONLY, tmpfs_args())
    root.close(fd)
    fd = root.open(b"m/f", O_RDONLY)
    root.unlink(b"m/f")
    fails(root, "mount", b"tmpfs", b"m", MNT_UPDATE | MNT_RDONLY, tmpfs_args())
    assert not root.statvfs(b"m").f_flag & MNT_RDONLY
    root.close(fd)
    root.mount(b"tmpfs", b"m", MNT_UPDATE | MNT_RDONLY, tmpfs_args())
    assert root.statvfs(b"m").f_flag & MNT_RDONLY


@pytest.mark.errno("mount", Errno.EBUSY)
def test_limits_below_what_is_used(fails, root, mounted):
    """A tmpfs is to hold less than it does."""
    root.write(root.open(b"m/f", O_CREAT | O_WRONLY, 0o644), bytes(100_000))
    for number in range(10):
        touch(root, b"m/%d" % number)
    fails(root, "mount", b"tmpfs", b"m", MNT_UPDATE, tmpfs_args(ta_size_max=8192))
    fails(root, "mount", b"tmpfs", b"m", MNT_UPDATE, tmpfs_args(ta_nodes_max=5))


def test_forced_to_be_read_only(root, mounted):
    """MNT_FORCE: what is open for writing is dead; what is open for reading lives."""
    reader = root.open(b"m/a", O_CREAT | O_RDONLY, 0o644)
    writer = root.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    root.write(writer, b"before")
    root.mount(b"tmpfs", b"m", MNT_UPDATE | MNT_RDONLY | MNT_FORCE, tmpfs_args())
    for act in (lambda: root.write(writer, b"x"), lambda: root.pread(writer, 1, 0)):
        with pytest.raises(OSError, match="Input/output"):
            act()
    root.close(writer)
    assert root.read(reader, 1) == b""
    assert root.read(root.open(b"m/f", O_RDONLY), 10) == b"before"


def test_back_to_read_write(root, mounted):
    """Read-only comes and goes; limits, owner and mode of a tmpfs change with it."""
    root.mount(b"tmpfs", b"m", MNT_UPDATE | MNT_RDONLY, tmpfs_args())
    with pytest.raises(OSError, match="Read-only"):
        root.mkdir(b"m/d", 0o755)
    args = tmpfs_args(1, 100, 1 << 16, 1000, 100, 0o1777)
    root.mount(b"tmpfs", b"m", MNT_UPDATE, args)
    root.mkdir(b"m/d", 0o755)
    st = root.stat(b"m")
    assert (st.st_uid, st.st_gid, st.st_mode & 0o7777) == (1000, 100, 0o1777)
    assert root.getmountargs(b"m", tmpfs_args) == args


def test_what_is_not_limited_stays(root, mounted):
    """MNT_UPDATE without limits leaves those that are there."""
    before = root.getmountargs(b"m", tmpfs_args)
    root.mount(b"tmpfs", b"m", MNT_UPDATE | MNT_NOSUID, tmpfs_args())
    assert root.getmountargs(b"m", tmpfs_args) == before
    assert root.statvfs(b"m").f_flag == MNT_NOSUID | MNT_LOCAL


def test_a_failed_change_changes_nothing(root, mounted):
    """The flags are what they were."""
    before = root.statvfs(b"m").f_flag
    with pytest.raises(OSError, match="Invalid"):
        root.mount(b"tmpfs", b"m", MNT_UPDATE | MNT_NOEXEC, tmpfs_args(ta_version=7))
    assert root.statvfs(b"m").f_flag == before


def test_getargs(k, root, user, m, tmp_path):
    """Anybody may ask what a file system was mounted with; a pointer comes back as null."""
    k.offer(b"data", tmp_path)
    for name in (b"n", b"h"):
        root.mkdir(name, 0o755)
    root.mount(b"tmpfs", m, 0, tmpfs_args(1, 50, 1 << 20, 7, 8, 0o711))
    root.mount(b"null", b"n", 0, b"/t/m")
    root.mount(b"hostfs", b"h", 0, b"data")
    assert user.getmountargs(m, tmpfs_args) == (1, 50, 1 << 20, 7, 8, 0o711)
    assert user.getmountargs(b"n", null_args).target == 0
    assert user.getmountargs(b"h", hostfs_args).name == 0
    assert user.getmountargs(b"/proc", procfs_args) == procfs_args()


@pytest.mark.errno("mount", Errno.EINVAL)
def test_getargs_without_room(fails, root, m):
    """MNT_GETARGS with less room than the type's struct takes."""
    root.mount(b"null", m, 0, b"/dev")
    for path in (b"/", m, b"/proc"):
        fails(root, raw(b"", path, MNT_GETARGS, b"1234", 4))


# What is mounted


def test_what_statvfs_tells(root, user, m):
    """Type, place, origin, owner and flags are those of the call."""
    root.mount(b"tmpfs", m, MNT_NOSUID | MNT_RDONLY, tmpfs_args(ta_size_max=1 << 20))
    state = root.statvfs(m)
    assert (state.f_fstypename, state.f_mntonname, state.f_mntfromname) == (
        b"tmpfs",
        b"m",
        b"tmpfs",
    )
    assert (state.f_owner, state.f_flag) == (0, MNT_NOSUID | MNT_RDONLY | MNT_LOCAL)
    assert state.f_blocks * state.f_frsize == 1 << 20
    assert state.f_fsid == user.stat(m).st_dev
    assert root.getvfsstat()[-1].f_fsid == state.f_fsid


def test_no_two_ids_alike(root, m):
    """A file system does not get the id of one that was unmounted just before."""
    ids = set()
    for _ in range(5):
        root.mount(b"tmpfs", m, 0, tmpfs_args())
        ids.add(root.stat(m).st_dev)
        root.unmount(m)
    assert len(ids) == 5


def test_limits_of_a_tmpfs(root, m):
    """Neither more bytes nor more files than it was mounted with."""
    root.mount(b"tmpfs", m, 0, tmpfs_args(ta_size_max=1 << 16, ta_nodes_max=6))
    fd = root.open(b"m/f", O_CREAT | O_WRONLY, 0o644)
    for act in (
        lambda: root.write(fd, bytes(1 << 17)),
        lambda: [touch(root, b"m/%d" % i) for i in range(6)],
    ):
        with pytest.raises(OSError, match="No space"):
            act()


def test_what_is_covered_comes_back(root, m):
    """Files below the mount point are out of sight, not gone."""
    touch(root, b"m/below")
    fd = root.open(b"m/below", O_RDONLY)
    root.mount(b"tmpfs", m, 0, tmpfs_args())
    with pytest.raises(FileNotFoundError):
        root.stat(b"m/below")
    assert root.fstat(fd).st_nlink == 1
    root.unmount(m)
    root.stat(b"m/below")


def test_one_over_another(root, m):
    """What is mounted last is seen, and is unmounted first."""
    for name in (b"one", b"two"):
        root.mount(b"tmpfs", m, 0, tmpfs_args())
        touch(root, b"m/" + name)
    with pytest.raises(FileNotFoundError):
        root.stat(b"m/one")
    root.unmount(m)
    root.stat(b"m/one")
    root.unmount(m)
    with pytest.raises(OSError, match="Invalid"):
        root.unmount(m)


def test_current_directory_is_covered(root, user, m):
    """Whoever is in the directory is then in what covers it."""
    user.chdir(m)
    root.mount(b"tmpfs", m, 0, tmpfs_args(ta_root_mode=0o777))
    touch(user, b"f")
    root.stat(b"m/f")
    assert user.getcwd() == "/t/m"


def test_dotdot_and_getcwd(root, mounted):
    """The way up leads out of a file system, and the path down into it."""
    root.mkdir(b"m/a", 0o755)
    root.mkdir(b"m/a/b", 0o755)
    root.mount(b"tmpfs", b"m/a/b", 0, tmpfs_args())
    root.mkdir(b"m/a/b/c", 0o755)
    root.chdir(b"m/a/b/c")
    assert root.getcwd() == "/t/m/a/b/c"
    assert root.stat(b"../..").st_ino == root.stat(b"/t/m/a").st_ino
    root.chdir(b"../../../..")
    assert root.getcwd() == "/t"


@errnos(
    Errno.EXDEV,
    {
        "link": lambda: ("link", b"f", b"m/f"),
        "rename": lambda: ("rename", b"f", b"m/f"),
        "linkat": lambda: ("linkat", -100, b"m/g", -100, b"g", 0),
        "renameat": lambda: ("renameat", -100, b"m/g", -100, b"g"),
    },
)
def test_across(fails, root, mounted, call):
    """The new name would be on another file system."""
    touch(root, b"f")
    touch(root, b"m/g")
    fails(root, *call())


@errnos(
    Errno.EBUSY,
    {
        "rmdir": lambda: ("rmdir", b"m"),
        "unlink": lambda: ("unlink", b"m"),
        "rename+from": lambda: ("rename", b"m", b"n"),
        "rename": lambda: ("rename", b"d", b"m"),
    },
)
def test_mount_point(fails, root, mounted, call):
    """A file system is mounted on the directory."""
    root.mkdir(b"d", 0o755)
    fails(root, *call())


@pytest.mark.errno("open", Errno.ENXIO)
def test_nodev(fails, root, m):
    """MNT_NODEV: a device is not opened; its attributes can be seen."""
    root.mount(b"tmpfs", m, MNT_NODEV, tmpfs_args())
    root.mknod(b"m/null", S_IFCHR | 0o666, makedev(2, 2))
    assert root.stat(b"m/null").st_rdev == makedev(2, 2)
    fails(root, "open", b"m/null", O_RDONLY)


@pytest.mark.errno("execve", Errno.EACCES)
def test_noexec(fails, root, m):
    """MNT_NOEXEC: no program is run, whatever its mode; it can be read."""
    root.mount(b"tmpfs", m, MNT_NOEXEC, tmpfs_args())
    fd = root.open(b"m/prog", O_CREAT | O_WRONLY, 0o755)
    root.write(fd, b"#!/bin/sh\nexit 3\n")
    root.close(fd)
    fails(root, "execve", b"/t/m/prog", ["prog"], {})


@pytest.mark.parametrize(("flags", "expected"), [(0, b"1001"), (MNT_NOSUID, b"1000")])
def test_nosuid(k, root, m, flags, expected):
    """MNT_NOSUID: a program runs with the ids of who runs it."""
    root.mount(b"tmpfs", m, flags, tmpfs_args())
    whole = root.read(root.open(b"/usr/bin/id", O_RDONLY), 1 << 20)
    fd = root.open(b"m/prog", O_CREAT | O_WRONLY, 0o755)
    root.write(fd, whole)
    root.close(fd)
    root.chown(b"m/prog", 1001, 100)
    root.chmod(b"m/prog", 0o4755)
    result = k.run(b"/t/m/prog", ["-u"], uid=1000)
    assert result.stdout.strip() == expected


def test_noatime(root, m):
    """MNT_NOATIME: reading leaves no mark."""
    root.mount(b"tmpfs", m, 0x04000000, tmpfs_args())
    fd = root.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"abc")
    before = root.fstat(fd).st_atim
    root.pread(fd, 3, 0)
    assert root.fstat(fd).st_atim == before


@errnos(
    Errno.EACCES,
    {
        "readlink": lambda: ("readlink", b"m/l", 10),
        "stat": lambda: ("stat", b"m/l"),
        "open": lambda: ("open", b"m/l", O_RDONLY),
    },
)
def test_symperm(fails, root, user, m, call):
    """MNT_SYMPERM: a symbolic link's own mode says who may read and follow it."""
    root.mount(b"tmpfs", m, MNT_SYMPERM, tmpfs_args())
    root.symlink(b"/etc/passwd", b"m/l")
    user.stat(b"m/l")
    root.lchmod(b"m/l", 0o700)
    fails(user, *call())
    root.mount(b"tmpfs", m, MNT_UPDATE, tmpfs_args())
    user.readlink(b"m/l", 10)


def test_chroot(root, m):
    """In a chroot: mounts are told by the path seen there, those outside are not."""
    root.mkdir(b"jail", 0o755)
    root.mkdir(b"jail/m", 0o755)
    root.mount(b"tmpfs", m, 0, tmpfs_args())
    root.chroot(b"jail")
    root.chdir(b"/")
    root.mount(b"tmpfs", b"/m", 0, tmpfs_args())
    assert root.statvfs(b"/m").f_mntonname == b"/m"
    assert [(s.f_mntonname, s.f_fstypename) for s in root.getvfsstat()] == [
        (b"/m", b"tmpfs"),
        (b"/", b"tmpfs"),
    ]
    assert root.stat(b"/m/../../..").st_ino == root.stat(b"/").st_ino
