# SPDX-License-Identifier: BSD-2-Clause
import pytest

from kernel.fs.procfs.procfs_vfsops import procfs_vfsops
from kernel.kern.init_main import boot_lookup
from kernel.kern.vfs_mount import domount
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_RDLCK,
    F_SETLK,
    O_CREAT,
    O_EXCL,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
    Flock,
)
from kernel.sys.mount_args import procfs_args
from kernel.sys.stat import S_ISCHR, S_ISDIR, S_ISFIFO, S_ISLNK, S_ISREG
from kernel.sys.types import NODEV
from kernel.sys.unistd import _PC_LINK_MAX, _PC_NAME_MAX, _PC_PATH_MAX, _PC_PIPE_BUF, SEEK_SET

MODES = {
    b"": 0o555, b"fd": 0o500, b"cwd": 0o555, b"root": 0o555, b"exe": 0o555, b"emul": 0o444,
    b"cmdline": 0o444, b"environ": 0o400, b"limit": 0o444, b"limits": 0o444, b"map": 0o400,
    b"maps": 0o400, b"mem": 0o600, b"note": 0o200, b"notepg": 0o200, b"status": 0o444,
}  # fmt: skip
LINKS = {b"cwd", b"root", b"exe"}
DIRECTORIES = {b"", b"fd"}


def test_modes_and_owners(root, sleeper):
    """Files are their process's, links are root's."""
    p = sleeper()
    for name, mode in MODES.items():
        st = root.lstat(b"/proc/%d/%s" % (p.pid, name))
        assert st.st_mode & 0o7777 == mode
        assert (st.st_uid, st.st_gid) == ((0, 0) if name in LINKS else (1000, 100))
        assert st.st_nlink == (2 if name in DIRECTORIES else 1)
        kind = S_ISLNK if name in LINKS else S_ISDIR if name in DIRECTORIES else S_ISREG
        assert kind(st.st_mode)
        assert st.st_rdev == NODEV
        assert st.st_flags == 0


def test_sizes(root, sleeper):
    """A block for directories, the target's length for links, nothing for what is made anew."""
    p = sleeper()
    sizes = {b"": 512, b"fd": 512, b"exe": 10, b"cwd": 10, b"root": 1, b"emul": 6}
    for name in MODES:
        st = root.lstat(b"/proc/%d/%s" % (p.pid, name))
        if name == b"mem":
            assert st.st_size > 0
            assert st.st_size % 4096 == 0
        else:
            assert st.st_size == sizes.get(name, 0)
        assert st.st_blocks == st.st_size // 512
        assert st.st_blksize == (16384 if name in {b"limit", b"limits", b"map", b"maps"} else 4096)
    st = root.stat(b"/proc")
    assert (st.st_nlink, st.st_uid, st.st_gid, st.st_size, st.st_mode & 0o777) == (
        1, 0, 0, 512, 0o555,
    )  # fmt: skip


def test_times_are_now(k, root, user):
    """But for the birth, which is the process's start to the microsecond."""
    k.advance(100)
    path = b"/proc/%d/status" % user.pid
    before = k.time()
    first = root.stat(path)
    k.advance(5)
    second = root.stat(path)

    assert first.st_atim == first.st_mtim == first.st_ctim
    assert before <= first.st_atim / 1e9 < before + 1
    assert second.st_mtim - first.st_mtim >= 5 * 10**9
    assert first.st_birthtim == second.st_birthtim == user.proc.p_start // 1000 * 1000
    top = root.stat(b"/proc")
    assert top.st_birthtim == top.st_mtim


def test_setting_attributes_does_nothing(root, user):
    """And succeeds, so that a shell can open with O_TRUNC."""
    for p in (root, user):
        p.chmod(b"/proc/1/status", 0)
        p.chown(b"/proc/1/status", 7, 7)
    root.truncate(b"/proc/1/note", 0)
    root.close(root.open(b"/proc/1/note", O_WRONLY | O_TRUNC | O_CREAT, 0o666))
    st = root.stat(b"/proc/1/status")
    assert (st.st_mode & 0o777, st.st_uid) == (0o444, 0)


def test_links_of_a_process(root, k, user):
    """Cwd and root follow the process; "/" stands for what is not to be reached."""
    root.mkdir(b"/jail", 0o755)
    root.mkdir(b"/jail/d", 0o755)
    jailed = k.process()
    jailed.chroot(b"/jail")
    jailed.chdir(b"/d")
    directory = b"/proc/%d/" % jailed.pid

    assert root.readlink(directory + b"cwd", 100) == b"/jail/d"
    assert root.readlink(directory + b"root", 100) == b"/jail"
    assert root.readlink(b"/proc/1/root", 100) == b"/"
    assert user.readlink(b"/proc/%d/cwd" % user.pid, 100) == b"/home/user"
    root.chdir(b"/proc/1")
    assert user.readlink(b"/proc/%d/cwd" % root.pid, 100) == b"/"
    assert root.stat(directory + b"root/d/..").st_ino == root.stat(b"/jail").st_ino
    root.rmdir(b"/jail/d")
    assert root.readlink(directory + b"cwd", 100) == b"/"


def test_seen_from_a_jail(root, k, user):
    """Out of a jail nothing is below the root: its links are "/", its memory EPERM."""
    root.mkdir(b"/jail", 0o755)
    root.mkdir(b"/jail/proc", 0o755)
    domount(k.kernel, procfs_vfsops, boot_lookup(k.kernel, b"/jail/proc"), procfs_args())
    jailed = k.process()
    jailed.chroot(b"/jail")
    jailed.chdir(b"/proc")

    assert jailed.readlink(b"/proc/%d/cwd" % user.pid, 100) == b"/"
    assert jailed.readlink(b"curproc/cwd", 100) == b"/"
    with pytest.raises(OSError) as caught:  # noqa: PT011
        jailed.open(b"/proc/%d/mem" % user.pid, O_RDONLY)
    assert caught.value.errno == Errno.EPERM
    jailed.close(jailed.open(b"/proc/curproc/mem", O_RDONLY))


def test_readlink_of_what_is_none(root, fails):
    """EINVAL, of files and directories."""
    for name in (b"status", b"fd", b""):
        assert fails(root, "readlink", b"/proc/1/" + name, 100) == Errno.EINVAL


def test_pathconf(root, fails):
    """What a procfs knows, and EINVAL for the rest."""
    assert root.pathconf(b"/proc", _PC_LINK_MAX) == 32767
    assert root.pathconf(b"/proc/1/status", _PC_PIPE_BUF) == 512
    assert root.pathconf(b"/proc", _PC_PATH_MAX) == 1024
    assert fails(root, "pathconf", b"/proc", _PC_NAME_MAX) == Errno.EINVAL


def test_no_locks(root, fails):
    """Record locks are EINVAL."""
    fd = root.open(b"/proc/1/status", O_RDONLY)
    assert (
        fails(root, "fcntl", fd, F_SETLK, Flock(0, 0, 0, F_RDLCK, SEEK_SET).pack()) == Errno.EINVAL
    )


def test_statvfs(k, root):
    """Processes are its files."""
    st = root.statvfs(b"/proc")
    assert (st.f_fstypename, st.f_mntfromname, st.f_mntonname) == (b"procfs", b"procfs", b"/proc")
    assert st.f_files == k.kernel.limits.maxproc
    assert st.f_files - st.f_ffree == len(k.kernel.allproc)
    assert (st.f_bsize, st.f_blocks, st.f_bfree, st.f_namemax) == (4096, 1, 0, 255)


class TestFd:
    """The directory fd."""

    def test_file(self, root, user):
        """A name in it is the file itself, opened anew, even if it has no other name."""
        fd = user.open(b"/tmp/f", O_RDWR | O_CREAT, 0o600)
        user.write(fd, b"hello")
        user.unlink(b"/tmp/f")
        path = b"/proc/%d/fd/%d" % (user.pid, fd)

        again = root.open(path, O_RDWR)

        assert root.read(again, 10) == b"hello"
        assert root.stat(path).st_ino == user.fstat(fd).st_ino
        assert root.stat(path).st_nlink == 0
        assert user.lseek(fd, 0, 1) == 5

    def test_directory(self, root, user):
        """One is a link to its path, and a walk goes on through it."""
        fd = user.open(b"/etc", O_RDONLY)
        path = b"/proc/%d/fd/%d" % (user.pid, fd)

        assert root.readlink(path, 100) == b"/etc"
        assert root.stat(path + b"/passwd").st_ino == root.stat(b"/etc/passwd").st_ino
        st = root.lstat(path)
        assert S_ISLNK(st.st_mode)
        assert (st.st_uid, st.st_gid, st.st_nlink, st.st_mode & 0o777) == (1000, 100, 1, 0o555)
        assert st.st_size == root.stat(b"/etc").st_size

    def test_pipe(self, root, user, fails):
        """A pipe's end moves bytes, in its own direction only."""
        rfd, wfd = user.pipe()
        read_end, write_end = (b"/proc/%d/fd/%d" % (user.pid, fd) for fd in (rfd, wfd))
        st = root.stat(read_end)
        assert S_ISFIFO(st.st_mode)
        assert (st.st_mode & 0o777, st.st_uid, st.st_size) == (0o600, 1000, 0)
        writer, reader = root.open(write_end, O_WRONLY), root.open(read_end, O_RDONLY)

        assert root.write(writer, b"through") == 7

        assert user.read(rfd, 10) == b"through"
        user.write(wfd, b"back")
        assert root.read(reader, 10) == b"back"
        assert fails(root, "read", root.open(write_end, O_RDONLY), 10) == Errno.EBADF
        assert fails(root, "readlink", read_end, 100) == Errno.EINVAL

    def test_pipe_that_is_closed(self, root, user, fails):
        """EBADF, once the descriptor is closed; another file in its place is that file."""
        rfd, _ = user.pipe()
        path = b"/proc/%d/fd/%d" % (user.pid, rfd)
        fd = root.open(path, O_RDONLY)
        user.close(rfd)

        assert fails(root, "read", fd, 1) == Errno.EBADF
        assert fails(root, "fstat", fd) == Errno.EBADF
        assert fails(root, "stat", path) == Errno.ENOENT
        assert user.open(b"/etc", O_RDONLY) == rfd
        assert S_ISLNK(root.lstat(path).st_mode)

    def test_terminal(self, root, user):
        """The console is a device there, too."""
        st = root.stat(b"/proc/%d/fd/0" % user.pid)
        assert S_ISCHR(st.st_mode)
        assert st.st_ino == root.stat(b"/dev/console").st_ino

    def test_others_do_not_see(self, user, other, fails):
        """EACCES, for the directory and what is in it."""
        path = b"/proc/%d/fd" % user.pid
        assert fails(other, "open", path, O_RDONLY) == Errno.EACCES
        assert fails(other, "stat", path + b"/0") == Errno.EACCES

    def test_no_such_descriptor(self, root, fails):
        """ENOENT, for what is closed, too large or no number."""
        for name in (b"9", b"99999", b"x", b"-1"):
            assert fails(root, "stat", b"/proc/curproc/fd/" + name) == Errno.ENOENT

    def test_create_takes_what_is_there(self, root, user):
        """O_CREAT finds a file of another file system, as a shell's > does; mount points too."""
        fd = user.open(b"/tmp/f", O_RDWR | O_CREAT, 0o600)
        path = b"/proc/%d/fd/%d" % (user.pid, fd)
        root.write(root.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666), b"told")
        assert user.read(fd, 10) == b"told"
        assert S_ISDIR(root.fstat(root.open(b"/proc", O_RDONLY | O_CREAT, 0)).st_mode)
        assert S_ISDIR(root.fstat(root.open(b"/", O_RDONLY | O_CREAT, 0)).st_mode)

    def test_make_is_not_open(self, root, fails):
        """O_CREAT with O_EXCL sees that the name is there."""
        assert (
            fails(root, "open", b"/proc/curproc/fd/0", O_RDWR | O_CREAT | O_EXCL, 0) == Errno.EEXIST
        )
