# SPDX-License-Identifier: BSD-2-Clause
import pytest

from kernel.arch.python.copy import copyin
from kernel.fs.procfs.procfs_vfsops import procfs_vfsops
from kernel.kern.init_main import boot_lookup, boot_mkdir
from kernel.kern.vfs_mount import domount, dounmount
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import O_EXCL, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.mount import MNT_FORCE, MNT_LOCAL, MNT_UPDATE
from kernel.sys.mount_args import PROCFSMNT_LINUXCOMPAT, procfs_args
from kernel.sys.param import PHYSMEM
from kernel.sys.resource import RLIMIT_NOFILE, RLIMIT_NPROC, Rlimit
from kernel.sys.unistd import SEEK_SET


@pytest.fixture
def linux(k):
    """A procfs with Linux's files, on /emul."""
    boot_mkdir(k.kernel, b"/emul", 0o755)
    covered = boot_lookup(k.kernel, b"/emul")
    args = procfs_args(flags=PROCFSMNT_LINUXCOMPAT)
    return domount(k.kernel, procfs_vfsops, covered, args, onname=b"/emul")


def test_status(k, root, sleeper, cat):
    """All the fields of a program that sleeps."""
    p = sleeper()
    line = cat(root, b"/proc/%d/status" % p.pid)

    assert line.endswith(b"\n")
    fields = line.split()
    start = p.proc.p_start
    assert fields[:8] == [
        b"sleep", b"%d" % p.pid, b"1", b"%d" % p.pid, b"%d" % p.pid, b"-1,-1", b"sldr",
        b"%d,%d" % (start // 10**9, start // 1000 % 10**6),
    ]  # fmt: skip
    assert fields[8] == b"0,0"
    assert fields[10:] == [b"nanoslp", b"1000", b"100"]


def test_status_of_a_child(root, cat, k):
    """Its parent, group and session; groups after the gid; nothing it waits for."""
    p = k.process(1000, 100, (5, 6))
    child = p.fork()
    fields = cat(child, b"/proc/curproc/status").split()

    assert fields[:7] == [
        b"host", *(b"%d" % pid for pid in (child.pid, p.pid, p.pid, p.pid)), b"-1,-1", b"noflags",
    ]  # fmt: skip
    assert fields[10:] == [b"nochan", b"1000", b"100,5,6"]


def test_status_shows_time_used(k, root, cat):
    """System time is what the calls have cost, the running one's too."""
    before = cat(root, b"/proc/curproc/status").split()[9]
    for _ in range(1000):
        root.getpid()
    after = cat(root, b"/proc/curproc/status").split()[9]
    assert int(after.split(b",")[1]) - int(before.split(b",")[1]) >= 1000


def test_status_from_an_offset(root):
    """Reading goes on where it stopped; past the end there is nothing."""
    fd = root.open(b"/proc/1/status", O_RDONLY)
    whole = root.read(fd, 1000)
    assert root.read(fd, 10) == b""
    assert root.pread(fd, 4, 1) == whole[1:5]
    root.lseek(fd, 5, SEEK_SET)
    assert root.read(fd, 1000) == whole[5:]


def test_arguments(root, user, other, sleeper, cat, fails):
    """A NUL after each; the environment is the owner's and root's."""
    p = sleeper(env={"COLOUR": "blue"})
    directory = b"/proc/%d/" % p.pid

    assert cat(root, directory + b"cmdline", 4) == b"sleep\x001000\0"
    assert b"COLOUR=blue\0" in cat(user, directory + b"environ")
    assert fails(other, "open", directory + b"environ", O_RDONLY) == Errno.EACCES


def test_arguments_of_one_without_a_program(root, cat):
    """Its name in parentheses."""
    assert cat(root, b"/proc/1/cmdline") == b"(init)\0"


def test_emul(root, cat):
    """The system whose programs it runs."""
    assert cat(root, b"/proc/1/emul") == b"netbsd"


def test_limits(root, user, cat):
    """Limit has a line for each, limits Linux's words; both follow setrlimit."""
    user.setrlimit(RLIMIT_NOFILE, Rlimit(10, 20))
    lines = cat(root, b"/proc/%d/limit" % user.pid).decode().splitlines()

    assert len(lines) == 12
    assert lines[RLIMIT_NOFILE] == f"{'descriptors':>20} {10:20d} {20:20d}"
    assert lines[0] == f"{'cputime':>20}   0x7fffffffffffffff   0x7fffffffffffffff"
    words = cat(root, b"/proc/%d/limits" % user.pid).decode().splitlines()
    assert words[0].split() == ["Limit", "Soft", "Limit", "Hard", "Limit", "Units"]
    assert f"{'Max open files':25} {10:<20} {20:<20} {'files':10}" in words
    soft, hard = user.proc.p_limit[RLIMIT_NPROC]
    assert f"{'Max processes':25} {soft:<20} {hard:<20} {'processes':10}" in words


def segments(text):
    """Start, end and the rest of each line of map."""
    for line in text.decode().splitlines():
        start, end, *rest = line.split()
        yield int(start, 16), int(end, 16), rest


def test_map(root, sleeper, cat):
    """A line a segment, in whole pages, in order."""
    p = sleeper()
    found = list(segments(cat(root, b"/proc/%d/map" % p.pid)))

    expected = p.proc.p_vmspace.vm_map.values()
    assert len(found) == len(expected)
    for (start, end, rest), segment in zip(found, expected, strict=True):
        assert start <= segment.start < segment.end <= end
        assert start % 4096 == end % 4096 == 0
        assert rest == ["rw-", "rwx", "COW", "NNC", "1", "0", "0"]
    lines = cat(root, b"/proc/%d/maps" % p.pid).decode().splitlines()
    assert lines == [
        f"{start:016x}-{end:016x} rw-p {0:016x} 00:00 0        {'':25} " for start, end, _ in found
    ]


def test_map_is_private(user, other, fails):
    """EACCES for others."""
    for name in (b"map", b"maps"):
        path = b"/proc/%d/%s" % (user.pid, name)
        assert fails(other, "open", path, O_RDONLY) == Errno.EACCES


def test_nothing_can_be_written(root, user, fails):
    """EOPNOTSUPP; EACCES for those who may not even open to write."""
    for name in (b"status", b"cmdline", b"environ", b"map", b"maps", b"limit", b"limits", b"emul"):
        fd = root.open(b"/proc/%d/%s" % (user.pid, name), O_WRONLY)
        assert fails(root, "write", fd, b"x") == Errno.EOPNOTSUPP
        path = b"/proc/curproc/" + name
        assert fails(user, "open", path, O_WRONLY) == Errno.EACCES


def test_reading_a_directory(root, fails):
    """EOPNOTSUPP, as of whatever has no data; writing is EISDIR."""
    assert fails(root, "read", root.open(b"/proc/1", O_RDONLY), 10) == Errno.EOPNOTSUPP
    assert fails(root, "open", b"/proc/1", O_WRONLY) == Errno.EISDIR


@pytest.mark.parametrize("name", [b"note", b"notepg"])
def test_note(user, other, fails, name):
    """A note is looked at and refused."""
    path = b"/proc/%d/%s" % (user.pid, name)
    fd = user.open(path, O_WRONLY)
    assert fails(user, "write", fd, b"quit\n") == Errno.EOPNOTSUPP
    assert fails(user, "write", fd, b"not at the start any more") == Errno.EINVAL
    assert fails(user, "pwrite", fd, b"x" * 64, 0) == Errno.EOPNOTSUPP
    assert fails(user, "pwrite", fd, b"x" * 65, 0) == Errno.EMSGSIZE
    assert fails(user, "open", path, O_RDONLY) == Errno.EACCES
    assert fails(other, "open", path, O_WRONLY) == Errno.EACCES


def test_note_cannot_be_read(root, fails):
    """EINVAL, for root who may open it."""
    assert fails(root, "read", root.open(b"/proc/1/note", O_RDONLY), 1) == Errno.EINVAL


def test_end_of_the_process(root, user, fails):
    """What is open is ESRCH to read or write then, ENOENT to stat."""
    child = user.fork()
    names = (b"status", b"cmdline", b"map", b"limit", b"mem", b"note")
    fds = [root.open(b"/proc/%d/%s" % (child.pid, name), O_RDWR) for name in names]
    child.call("_exit", 0)
    for _ in range(2):
        for fd in fds:
            assert fails(root, "read", fd, 10) == Errno.ESRCH
            assert fails(root, "write", fd, b"x") == Errno.ESRCH
            assert fails(root, "fstat", fd) == Errno.ENOENT
        if child.pid in root.kernel.allproc:
            user.wait4(child.pid, 0)
    for fd in fds:
        root.close(fd)


def test_set_id_program(k, user, fails, cat):
    """What was opened of a process before it ran a set-id program is dead; the rest is root's."""
    k.install(b"/tmp/setid.py", b"import time; time.sleep(1000)\n", 0o4755)
    p = k.process(1000)
    directory = b"/proc/%d/" % p.pid
    names = (b"status", b"map", b"mem", b"environ", b"fd", b"")
    fds = [user.open(directory + name, O_RDONLY) for name in names]
    p.begin("execve", b"/tmp/setid.py", ["setid.py"], {}, run=False)
    k.settle()
    assert p.proc.p_cred.cr_uid == 0

    for fd in fds:
        assert fails(user, "read", fd, 10) == Errno.EIO
        assert fails(user, "fstat", fd) == Errno.EBADF
    assert cat(user, directory + b"status").startswith(b"setid.py ")
    for name in names[1:5]:
        assert fails(user, "open", directory + name, O_RDONLY) == Errno.EACCES


def test_exec_leaves_files_open(k, user, root):
    """What is open of a process tells of the program it runs now."""
    p = k.process(1000)
    fd = user.open(b"/proc/%d/status" % p.pid, O_RDONLY)
    assert user.pread(fd, 4, 0) == b"host"
    k.start(p, b"/bin/sleep", ["1000"])
    k.settle()
    assert user.pread(fd, 5, 0) == b"sleep"


class TestMem:
    """The memory of a process."""

    def test_read_and_write(self, user, cat):
        """Offsets are addresses."""
        target = user.fork()
        start, end, _ = next(iter(segments(cat(user, b"/proc/%d/map" % target.pid))))
        fd = user.open(b"/proc/%d/mem" % target.pid, O_RDWR)

        assert user.pwrite(fd, b"poked", start + 8) == 5

        assert copyin(target.proc.p_vmspace, start + 8, 5) == b"poked"
        assert user.pread(fd, 7, start + 7) == b"\0poked\0"
        user.lseek(fd, start + 8, SEEK_SET)
        assert user.read(fd, 3) + user.read(fd, 2) == b"poked"
        assert user.stat(b"/proc/%d/mem" % target.pid).st_size >= end - start

    def test_holes(self, user, root, fails):
        """EFAULT where there is nothing; the end of the file where addresses end."""
        fd = root.open(b"/proc/%d/mem" % user.pid, O_RDWR)
        assert fails(root, "pread", fd, 10, 0) == Errno.EFAULT
        assert fails(root, "pwrite", fd, b"x", 4096) == Errno.EFAULT
        top = user.proc.p_vmspace.vm_layout.usrstack + 4096
        assert root.pread(fd, 10, top) == b""
        assert fails(root, "pread", fd, 10, top - 5) == Errno.EFAULT
        assert root.pread(fd, 0, 0) == b""

    def test_whole_segment_and_beyond(self, user, root, fails):
        """A hole after what is there is EFAULT, not a short read."""
        memory = user.proc.p_vmspace.vm_stack
        fd = root.open(b"/proc/%d/mem" % user.pid, O_RDONLY)
        assert root.pread(fd, len(memory.mem), memory.start) == bytes(memory.mem)
        assert fails(root, "pread", fd, len(memory.mem) + 1, memory.start) == Errno.EFAULT

    def test_permissions(self, k, user, other, root, fails):
        """By mode for others, by the real user id for those it lets in."""
        path = b"/proc/%d/mem" % user.pid
        assert fails(other, "open", path, O_RDONLY) == Errno.EACCES
        stranger = k.process()
        stranger.setreuid(1001, 1000)
        assert fails(stranger, "open", path, O_RDONLY) == Errno.EPERM
        root.close(root.open(path, O_RDWR))

    def test_changed_ids(self, k, user, root, fails):
        """Memory of one that has changed its ids is root's alone, also if it was opened before."""
        target = k.process()
        root_fd = root.open(b"/proc/%d/mem" % target.pid, O_RDONLY)
        target.setreuid(1000, 1000)
        path = b"/proc/%d/mem" % target.pid
        assert root.stat(path).st_mode & 0o777 == 0
        assert fails(user, "open", path, O_RDONLY) == Errno.EACCES
        assert root.pread(root_fd, 1, target.proc.p_vmspace.vm_stack.start) == b"\0"
        twin = user.fork()
        fd = user.open(b"/proc/%d/mem" % twin.pid, O_RDONLY)
        start = twin.proc.p_vmspace.vm_stack.start
        assert user.pread(fd, 1, start) == b"\0"
        twin.proc.p_flag |= target.proc.p_flag
        assert fails(user, "pread", fd, 1, start) == Errno.EPERM

    def test_exclusive(self, user, root, fails):
        """O_EXCL keeps other writers out, and is refused while there are some."""
        path = b"/proc/%d/mem" % user.pid
        alone = root.open(path, O_RDWR | O_EXCL)
        assert fails(root, "open", path, O_RDWR) == Errno.EBUSY
        root.close(root.open(path, O_RDONLY))
        root.close(alone)
        writer = root.open(path, O_RDWR)
        assert fails(root, "open", path, O_RDWR | O_EXCL) == Errno.EBUSY
        root.close(writer)


class TestMount:
    """What mount takes."""

    @pytest.fixture
    def there(self, root):
        root.mkdir(b"/there", 0o755)
        return b"/there"

    def test_flags(self, root, there):
        """They are kept, and told to whoever asks."""
        root.mount("procfs", there, 0, procfs_args(flags=PROCFSMNT_LINUXCOMPAT))
        assert root.stat(b"/there/uptime").st_mode & 0o777 == 0o444
        assert root.getmountargs(there, procfs_args) == (1, PROCFSMNT_LINUXCOMPAT)
        assert root.getmountargs(b"/proc", procfs_args) == (1, 0)
        assert root.statvfs(there).f_flag & MNT_LOCAL

    def test_short_arguments(self, root, there, fails):
        """Less than the struct is no flags; nothing at all is EINVAL."""
        assert fails(root, "mount", "procfs", there, 0, None) == Errno.EINVAL
        root.mount("procfs", there, 0, b"\7\0\0\0")
        assert fails(root, "stat", b"/there/uptime") == Errno.ENOENT

    def test_version(self, root, there, fails):
        """EINVAL, another than 1."""
        assert fails(root, "mount", "procfs", there, 0, procfs_args(version=2)) == Errno.EINVAL

    def test_update(self, root, fails):
        """EOPNOTSUPP, whatever the arguments; EINVAL without any."""
        for args in (procfs_args(), procfs_args(version=2)):
            assert fails(root, "mount", "procfs", b"/proc", MNT_UPDATE, args) == Errno.EOPNOTSUPP
        assert fails(root, "mount", "procfs", b"/proc", MNT_UPDATE, None) == Errno.EINVAL

    def test_force(self, root, there, fails):
        """What is open of one that is unmounted by force is dead."""
        root.mount("procfs", there, 0, procfs_args())
        fd = root.open(b"/there/1/status", O_RDONLY)
        assert fails(root, "unmount", there, 0) == Errno.EBUSY
        root.unmount(there, MNT_FORCE)
        assert fails(root, "read", fd, 10) == Errno.EIO
        assert fails(root, "fstat", fd) == Errno.EBADF

    def test_unmount(self, k, root, linux, fails):
        """EBUSY while a file is open; then the directory below shows again."""
        fd = root.open(b"/emul/1/status", O_RDONLY)
        with pytest.raises(KernelError) as caught:
            dounmount(linux, 0)
        assert caught.value.errno is Errno.EBUSY
        root.close(fd)
        dounmount(linux, 0)
        assert fails(root, "stat", b"/emul/1") == Errno.ENOENT
        assert root.stat(b"/proc/1/status").st_uid == 0


class TestLinux:
    """What -o linux adds."""

    def test_names(self, root, linux, sleeper, ls):
        """Files in the root, after the processes, and for those with a program."""
        names = [entry.d_name for entry in ls(root, b"/emul")]
        assert names[names.index(b"1") + 1 :] == [
            b"meminfo", b"cpuinfo", b"uptime", b"mounts", b"devices", b"stat", b"loadavg", b"version",
        ]  # fmt: skip
        p = sleeper()
        mine = {entry.d_name for entry in ls(root, b"/emul/%d" % p.pid)}
        assert {b"stat", b"statm", b"task"} <= mine
        assert not {b"stat", b"statm", b"task"} & {e.d_name for e in ls(root, b"/emul/1")}

    def test_not_without(self, root, fails):
        """ENOENT on a plain procfs."""
        for name in (b"uptime", b"version", b"1/stat", b"curproc/task"):
            assert fails(root, "stat", b"/proc/" + name) == Errno.ENOENT

    def test_uptime(self, k, root, linux, cat):
        """Seconds since boot, and idle."""
        k.advance(90)
        up, idle = map(float, cat(root, b"/emul/uptime").split())
        assert 90 <= idle <= up < 91

    def test_mounts(self, root, linux, cat):
        """A line each, with Linux's name for this one."""
        lines = cat(root, b"/emul/mounts").splitlines()
        assert b"procfs /emul proc rw 0 0" in lines
        assert lines[0] == b"tmpfs / tmpfs rw 0 0"

    def test_the_rest(self, root, linux, cat):
        """What system, what processor, what drivers."""
        assert cat(root, b"/emul/version").startswith(b"NetBSD version 10.0 (netbsd@localhost) ")
        assert cat(root, b"/emul/cpuinfo").startswith(b"processor\t: 0\n")
        devices = cat(root, b"/emul/devices").split(b"\n\nBlock devices:\n")
        assert devices[0].startswith(b"Character devices:\n  0 cons")
        assert root.stat(b"/emul/version").st_mode & 0o777 == 0o444

    def test_stat(self, root, linux, sleeper, cat):
        """Fields by their number in Linux's manual."""
        p = sleeper()
        fields = cat(root, b"/emul/%d/stat" % p.pid).split()
        pid = b"%d" % p.pid
        assert fields[:8] == [pid, b"(sleep)", b"S", b"1", pid, pid, b"0", b"-1"]
        assert fields[19] == b"1"
        pages = cat(root, b"/emul/%d/statm" % p.pid).split()
        assert fields[22] == pages[0]
        assert int(pages[0]) == int(pages[4]) + int(pages[5])

    def test_task(self, root, linux, sleeper, ls, fails):
        """A directory with the process itself."""
        p = sleeper()
        path = b"/emul/%d/task" % p.pid
        assert [entry.d_name for entry in ls(root, path)] == [b".", b"..", b"%d" % p.pid]
        assert root.readlink(path + b"/%d" % p.pid, 10) == b".."
        assert root.stat(path + b"/%d" % p.pid).st_ino == root.stat(b"/emul/%d" % p.pid).st_ino
        assert fails(root, "stat", path + b"/1") == Errno.ENOENT


def test_shell(k):
    """What one types at a shell."""

    def sh(line):
        result = k.run(b"/bin/sh", ["-c", line])
        assert result.stderr == b""
        assert result.status == 0
        return result.stdout.decode()

    assert "status\n" in sh("ls -l /proc/1")
    assert sh("cat /proc/curproc/status").startswith("cat ")
    assert sh("ls /proc/self/fd") == "0\n1\n2\n3\n"
    assert sh("ls -l /proc/self/exe").endswith(" /proc/self/exe -> /bin/ls\n")
    assert sh("cat /proc/curproc/cmdline | tr '\\0' ' '") == "cat /proc/curproc/cmdline "
    assert sh("cd /proc/$$/cwd; pwd -P") == "/root\n"
    assert sh("echo told > /proc/self/fd/1") == "told\n"
    assert sh("echo $(cat /proc/$$/emul)") == "netbsd\n"


def test_what_the_machine_has_and_does(k, root, linux, cat):
    """With -o linux the root directory tells of memory, load, and the processor's time."""
    del linux  # mounted
    k.advance(10)
    memory = dict(line.split(b":", 1) for line in cat(root, b"/emul/meminfo").splitlines()[3:])
    assert memory[b"MemTotal"].split() == [b"%d" % (PHYSMEM // 1024), b"kB"]
    load = cat(root, b"/emul/loadavg").split()
    assert load[:3] == [b"0.00"] * 3
    assert load[4] == b"%d" % k.kernel.lastpid
    first, *_, boot = cat(root, b"/emul/stat").splitlines()
    assert first == b"cpu 0 0 0 1000"
    assert boot == b"btime 1060274705"
