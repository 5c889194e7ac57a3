# SPDX-License-Identifier: BSD-2-Clause
import pytest

from kernel.sys.dirent import DT_CHR, DT_DIR, DT_FIFO, DT_LNK, DT_REG, dirents
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_DIRECTORY, O_EXCL, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.unistd import F_OK, R_OK, SEEK_CUR, SEEK_SET, W_OK, X_OK

ALWAYS = [
    (".", DT_DIR), ("..", DT_DIR), ("fd", DT_DIR), ("cwd", DT_LNK), ("emul", DT_REG),
    ("root", DT_LNK), ("cmdline", DT_REG), ("environ", DT_REG), ("limit", DT_REG),
    ("limits", DT_REG), ("map", DT_REG), ("maps", DT_REG), ("mem", DT_REG), ("note", DT_REG),
    ("notepg", DT_REG), ("status", DT_REG),
]  # fmt: skip


def test_root_lists_links_and_processes(k, root, user, ls):
    """The two links, then the processes, the newest first; each entry takes 32 bytes."""
    entries = ls(root, b"/proc")

    names = [b".", b"..", b"curproc", b"self", b"%d" % user.pid, b"%d" % root.pid, b"1"]
    assert [entry.d_name for entry in entries] == names
    assert [entry.d_type for entry in entries] == [DT_DIR] * 2 + [DT_LNK] * 2 + [DT_DIR] * 3
    assert [entry.d_fileno for entry in entries[:4]] == [2, 2, 3, 4]
    fd = root.open(b"/proc", O_RDONLY)
    assert len(root.getdents(fd, 4096)) == 32 * len(names)


def test_names_of_a_process(root, ls):
    """One without a program has neither exe nor file."""
    entries = ls(root, b"/proc/1", 64)

    assert [(entry.d_name.decode(), entry.d_type) for entry in entries] == ALWAYS


def test_program_has_exe_and_file(root, sleeper, ls):
    """exe is a link to the program, file is the program."""
    p = sleeper()
    directory = b"/proc/%d/" % p.pid

    names = {entry.d_name: entry.d_type for entry in ls(root, directory)}

    assert names[b"exe"] == DT_LNK
    assert names[b"file"] == DT_REG
    assert root.readlink(directory + b"exe", 100) == b"/bin/sleep"
    there, same = root.stat(directory + b"file"), root.stat(b"/bin/sleep")
    assert (there.st_dev, there.st_ino) == (same.st_dev, same.st_ino)


def test_program_named_from_where_one_is(k, root):
    """Exe tells the whole path, also if exec was given a part of it."""
    root.mkdir(b"/tmp/d", 0o755)
    k.install(b"/tmp/d/prog.py", b"import os; print(os.readlink('/proc/curproc/exe'))\n")
    result = k.run(b"/bin/sh", ["-c", "cd /tmp; d/prog.py; cd d; ./prog.py; cd /; tmp/d/prog.py"])
    assert result.stdout.split() == [b"/tmp/d/prog.py", b"/tmp/d/./prog.py", b"/tmp/d/prog.py"]


def test_without_a_program_there_is_no_exe(root, fails):
    """ENOENT, of exe and of file."""
    assert fails(root, "lstat", b"/proc/1/exe") == Errno.ENOENT
    assert fails(root, "stat", b"/proc/1/file") == Errno.ENOENT


def test_a_machine_without_registers(root, sleeper, fails):
    """Has no regs and fpregs; auxv and ctl are not there either."""
    p = sleeper()
    for name in (b"regs", b"fpregs", b"auxv", b"ctl"):
        assert fails(root, "stat", b"/proc/%d/%s" % (p.pid, name)) == Errno.ENOENT


def test_inode_numbers(root, ls):
    """An entry tells the inode number that stat does."""
    for directory in (b"/proc", b"/proc/1", b"/proc/%d" % root.pid):
        for entry in ls(root, directory):
            if entry.d_name not in {b".", b".."}:
                assert root.lstat(directory + b"/" + entry.d_name).st_ino == entry.d_fileno
    numbers = {entry.d_fileno for path in (b"/proc", b"/proc/1") for entry in ls(root, path)}
    assert len(numbers) == 4 + len(ALWAYS) - 1  # ".." twice is the root


def test_links_are_of_the_caller(root, user):
    """Curproc leads to whoever asks, self to curproc."""
    for p in (root, user):
        assert p.readlink(b"/proc/curproc", 100) == b"%d" % p.pid
        assert p.readlink(b"/proc/self", 100) == b"curproc"
        assert p.lstat(b"/proc/curproc").st_size == len(str(p.pid))
        assert p.stat(b"/proc/self").st_ino == p.stat(b"/proc/%d" % p.pid).st_ino


def test_numbers_are_pids(root, fails):
    """Leading zeros do not matter; what is no live process is not there."""
    assert root.stat(b"/proc/001").st_ino == root.stat(b"/proc/1").st_ino
    for name in (b"0", b"29999", b"-1", b"1x", b"x", b"9" * 200):
        assert fails(root, "stat", b"/proc/" + name) == Errno.ENOENT


def test_dot_and_dotdot(root):
    """Every directory leads up to the one it is in, the root out of the file system."""
    inode = root.stat(b"/proc/1").st_ino
    assert root.stat(b"/proc/1/.").st_ino == inode
    assert root.stat(b"/proc/1/fd/..").st_ino == inode
    assert root.stat(b"/proc/1/..").st_ino == root.stat(b"/proc").st_ino == 2
    assert root.stat(b"/proc/..").st_ino == root.stat(b"/").st_ino


def test_getcwd_inside(root):
    """The way up from a directory in /proc is found."""
    root.chdir(b"/proc/1/fd")
    assert root.getcwd() == "/proc/1/fd"
    root.chdir(b"/proc/curproc")
    assert root.getcwd() == f"/proc/{root.pid}"


def test_no_room_for_an_entry(root, fails):
    """EINVAL, for less than 32 bytes and for a cookie below 0."""
    for path in (b"/proc", b"/proc/1", b"/proc/1/fd"):
        fd = root.open(path, O_RDONLY)
        assert fails(root, "getdents", fd, 31) == Errno.EINVAL


def test_processes_keep_their_cookies(k, root, ls):
    """Who comes and goes while the root is read does not make it skip or repeat others."""
    children = [root.fork() for _ in range(10)]
    fd = root.open(b"/proc", O_RDONLY | O_DIRECTORY)
    seen = [entry.d_name for entry in dirents(root.getdents(fd, 32 * 7))]
    assert seen[4:] == [b"%d" % child.pid for child in reversed(children[-3:])]
    for child in (children[-1], children[-3]):
        child.call("_exit", 0)
        root.wait4(child.pid, 0)
    late = root.fork()

    rest = [entry.d_name for entry in dirents(root.getdents(fd, 4096))]

    assert rest[:7] == [b"%d" % child.pid for child in reversed(children[:-3])]
    assert b"%d" % late.pid not in rest
    cookie = root.lseek(fd, 0, SEEK_CUR)
    root.lseek(fd, 4, SEEK_SET)
    assert next(iter(dirents(root.getdents(fd, 32)))).d_name == b"%d" % late.pid
    root.lseek(fd, cookie, SEEK_SET)
    assert root.getdents(fd, 4096) == b""


def test_many_processes(k, root, ls):
    """A thousand of them are listed once each."""
    pids = [k.process().pid for _ in range(1000)]
    names = [entry.d_name for entry in ls(root, b"/proc", 4096)]
    assert names[4:] == [b"%d" % pid for pid in (*reversed(pids), root.pid, 1)]


MAKING = {
    "mkdir": lambda path: ("mkdir", path, 0o755),
    "open": lambda path: ("open", path, O_WRONLY | O_CREAT, 0o644),
    "mkfifo": lambda path: ("mkfifo", path, 0o644),
    "symlink": lambda path: ("symlink", b"x", path),
    "link": lambda path: ("link", b"/etc/passwd", path),
    "rename": lambda path: ("rename", b"/tmp/file", path),
    "unlink": lambda path: ("unlink", path),
    "rmdir": lambda path: ("rmdir", path),
    "rename from": lambda path: ("rename", path, b"/tmp/new"),
}


@pytest.mark.parametrize("directory", [b"/proc", b"/proc/1"])
@pytest.mark.parametrize("call", MAKING.values(), ids=MAKING)
def test_names_cannot_change(root, fails, call, directory):
    """EROFS, before there being no such name."""
    root.close(root.open(b"/tmp/file", O_WRONLY | O_CREAT, 0o644))

    assert fails(root, *call(directory + b"/x")) == Errno.EROFS


def test_names_in_fd(root, fails):
    """A descriptor that is not open is ENOENT, even for making it; removing is EROFS."""
    assert fails(root, "mkdir", b"/proc/1/fd/9", 0o755) == Errno.ENOENT
    assert fails(root, "open", b"/proc/1/fd/x", O_WRONLY | O_CREAT, 0o644) == Errno.ENOENT
    assert fails(root, "unlink", b"/proc/1/fd/9") == Errno.EROFS


@pytest.mark.parametrize("call", MAKING.values(), ids=MAKING)
def test_names_cannot_change_for_users(user, fails, call):
    """EROFS, before the permission to write is missed."""
    user.close(user.open(b"/tmp/file", O_WRONLY | O_CREAT, 0o644))

    assert fails(user, *call(b"/proc/x")) == Errno.EROFS


def test_what_is_there_stays(root, fails):
    """EROFS for removing and renaming, EEXIST for making."""
    assert fails(root, "unlink", b"/proc/1/status") == Errno.EROFS
    assert fails(root, "rmdir", b"/proc/1") == Errno.EROFS
    assert fails(root, "rename", b"/proc/1", b"/proc/2") == Errno.EROFS
    assert fails(root, "mkdir", b"/proc/1", 0o755) == Errno.EEXIST
    assert fails(root, "open", b"/proc/1/status", O_CREAT | O_EXCL | O_RDWR, 0) == Errno.EEXIST


def test_files_are_no_directories(root, fails):
    """ENOTDIR below a file."""
    assert fails(root, "stat", b"/proc/1/status/x") == Errno.ENOTDIR
    assert fails(root, "stat", b"/proc/1/status/") == Errno.ENOTDIR


def test_access(root, user, other, fails):
    """By mode and owner; the superuser may write where nothing can change."""
    root.access(b"/proc/1", R_OK | W_OK | X_OK)
    user.access(b"/proc/1/status", F_OK | R_OK)
    assert fails(user, "access", b"/proc/1", W_OK) == Errno.EACCES
    assert fails(user, "access", b"/proc/1/map", R_OK) == Errno.EACCES
    assert fails(user, "access", b"/proc/1/fd", X_OK) == Errno.EACCES
    other.access(b"/proc/curproc/mem", R_OK | W_OK)
    assert fails(other, "open", b"/proc/%d/environ" % user.pid, O_RDONLY) == Errno.EACCES


def test_zombies_are_not_there(root, user, fails, ls):
    """A process is gone from its end on, whether waited for or not."""
    child = user.fork()
    path = b"/proc/%d" % child.pid
    assert root.stat(path).st_uid == 1000
    child.call("_exit", 0)
    for _ in range(2):
        assert fails(root, "stat", path) == Errno.ENOENT
        assert fails(root, "open", path + b"/status", O_RDONLY) == Errno.ENOENT
        assert path.rpartition(b"/")[2] not in {entry.d_name for entry in ls(root, b"/proc")}
        if child.pid in root.kernel.allproc:
            user.wait4(child.pid, 0)


def test_directory_of_one_that_has_ended(root, user, fails):
    """An open one is empty, its names are ENOENT; fd is ESRCH."""
    child = user.fork()
    path = b"/proc/%d" % child.pid
    top, fds = root.open(path, O_RDONLY), root.open(path + b"/fd", O_RDONLY)
    child.call("_exit", 0)
    user.wait4(child.pid, 0)

    assert root.getdents(top, 4096) == b""
    assert fails(root, "getdents", fds, 4096) == Errno.ESRCH
    for name in (b"status", b"fd", b"none"):
        assert fails(root, "openat", top, name, O_RDONLY) == Errno.ENOENT
    assert fails(root, "fstat", top) == Errno.ENOENT
    assert fails(root, "fchdir", top) == Errno.ENOENT


def test_types_of_descriptors(root, ls):
    """fd lists what is open: devices, a pipe's ends, files; directories as links."""
    root.pipe()
    root.open(b"/etc/passwd", O_RDONLY)
    root.open(b"/etc", O_RDONLY)

    kinds = {entry.d_name: entry.d_type for entry in ls(root, b"/proc/curproc/fd", 64)}

    assert kinds == {
        b".": DT_DIR, b"..": DT_DIR, b"0": DT_CHR, b"1": DT_CHR, b"2": DT_CHR, b"3": DT_FIFO,
        b"4": DT_FIFO, b"5": DT_REG, b"6": DT_LNK, b"7": DT_LNK,
    }  # fmt: skip
