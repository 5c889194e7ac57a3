# SPDX-License-Identifier: BSD-2-Clause
"""truncate(2), ftruncate: sizes, holes, and what refuses to be cut."""

import pytest

from kernel.fs.tmpfs.tmpfs import TMPFS_SIZE_MAX
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.resource import RLIMIT_FSIZE, Rlimit
from kernel.sys.signal import SIGKILL
from kernel.sys.stat import SF_APPEND, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE
from tests.syscalls.errnos import errnos
from tests.syscalls.files import SLEEPER, contents

BY_LENGTH = {
    "truncate": lambda _fd, length: ("truncate", b"f", length),
    "ftruncate": lambda fd, length: ("ftruncate", fd, length),
}
PAGE = 4096


def make(p, data=b"", path=b"f", mode=0o644):
    """Make a file with data in it; return it open."""
    fd = p.open(path, O_CREAT | O_RDWR, mode)
    p.write(fd, data)
    return fd


@errnos(Errno.EINVAL, BY_LENGTH)
@pytest.mark.parametrize("length", [-1, -999_999, -(2**63)])
def test_negative_length(fails, root, call, length):
    """The length is less than 0."""
    fd = make(root, b"data")
    before = root.stat(b"f")
    fails(root, *call(fd, length))
    assert root.stat(b"f") == before


@errnos(Errno.EFBIG, BY_LENGTH)
@pytest.mark.parametrize("length", [TMPFS_SIZE_MAX + 1, (1 << 63) - 1])
def test_too_long(fails, root, call, length):
    """The length is more than a file can have."""
    fd = make(root, b"data")
    before = root.stat(b"f")
    fails(root, *call(fd, length))
    assert root.stat(b"f") == before


@pytest.mark.errno("truncate", Errno.EINVAL)
def test_length_before_the_path(fails, root):
    """The length is looked at before the path."""
    fails(root, "truncate", b"missing", -1)


@pytest.mark.errno("ftruncate", Errno.EINVAL)
def test_length_before_the_descriptor(fails, root):
    """The length is looked at before the descriptor."""
    fails(root, "ftruncate", 99, -1)


@pytest.mark.errno("ftruncate", Errno.EINVAL)
def test_not_open_for_writing(fails, root):
    """The descriptor is not open for writing: a directory's never is."""
    make(root)
    fails(root, "ftruncate", root.open(b"f", O_RDONLY), 0)
    fails(root, "ftruncate", root.open(b".", O_RDONLY), 0)


@pytest.mark.errno("truncate", Errno.EISDIR)
def test_directory(fails, root, user):
    """The file is a directory, whatever the caller may do with it."""
    root.mkdir(b"d", 0o700)
    fails(root, "truncate", b"d", 0)
    fails(user, "truncate", b"d", 0)


@pytest.mark.errno("truncate", Errno.EACCES)
def test_not_writable(fails, root, user):
    """The file may not be written."""
    make(root, b"data")
    fails(user, "truncate", b"f", 0)
    make(user, b"data", b"mine", 0o444)
    fails(user, "truncate", b"mine", 0)
    assert contents(root) == b"data"


@pytest.mark.errno("truncate", Errno.EPERM)
@pytest.mark.parametrize("flag", [UF_IMMUTABLE, SF_IMMUTABLE, UF_APPEND, SF_APPEND])
@pytest.mark.parametrize("length", [0, 4, 9])
def test_protected_by_a_flag(fails, root, flag, length):
    """The file is immutable or append-only, even if its size would not change."""
    make(root, b"data")
    root.chflags(b"f", flag)
    fails(root, "truncate", b"f", length)


@pytest.mark.errno("ftruncate", Errno.EPERM)
@pytest.mark.parametrize("flag", [UF_IMMUTABLE, SF_IMMUTABLE, UF_APPEND, SF_APPEND])
def test_protected_since_it_is_open(fails, root, flag):
    """The file is immutable or append-only; that it was opened before does not help."""
    fd = make(root, b"data")
    root.chflags(b"f", flag)
    fails(root, "ftruncate", fd, 0)
    root.chflags(b"f", 0)
    root.ftruncate(fd, 0)


@pytest.mark.errno("truncate", Errno.EPERM)
def test_immutable_before_permission(fails, root, user):
    """That a file is immutable comes before that it may not be written."""
    make(root, b"data")
    root.chflags(b"f", UF_IMMUTABLE)
    fails(user, "truncate", b"f", 0)


@pytest.mark.errno("truncate", Errno.EACCES)
def test_permission_before_append_only(fails, root, user):
    """That a file may not be written comes before that it is append-only."""
    make(root, b"data")
    root.chflags(b"f", UF_APPEND)
    fails(user, "truncate", b"f", 0)


@pytest.mark.errno("truncate", Errno.ETXTBSY)
def test_running_program(fails, k, root, user, runs):
    """The file is a program that runs; that comes before its permissions."""
    fails(root, "truncate", b"sleeper.py", 0)
    fails(user, "truncate", b"sleeper.py", 0)
    assert contents(root, b"sleeper.py") == SLEEPER
    root.kill(runs.pid, SIGKILL)
    k.settle()
    root.truncate(b"sleeper.py", 0)
    assert contents(root, b"sleeper.py") == b""


@pytest.mark.errno("open", Errno.ETXTBSY)
@pytest.mark.parametrize("flags", [O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_WRONLY | O_APPEND])
def test_running_program_is_not_opened(fails, root, runs, flags):
    """The file is a program that runs, and would be written or cut."""
    fails(root, "open", b"sleeper.py", flags)
    root.close(root.open(b"sleeper.py", O_RDONLY))
    root.unlink(b"sleeper.py")
    root.close(root.open(b"sleeper.py", flags | O_CREAT, 0o644))
    root.kill(runs.pid, SIGKILL)


@pytest.mark.errno("execve", Errno.ETXTBSY)
def test_open_program_is_not_run(fails, k, root):
    """The program is open for writing."""
    k.install(b"/t/p.py", SLEEPER)
    fd = root.open(b"p.py", O_WRONLY)
    p = k.process()
    fails(p, "execve", b"/t/p.py", ["p.py"], {})
    root.close(fd)
    p.begin("execve", b"/t/p.py", ["p.py"], {})
    assert not p.idle
    root.kill(p.pid, SIGKILL)


def test_program_of_a_child_runs_on(root, k):
    """A program is busy until the last process that runs it has ended."""
    k.install(b"/t/p.py", b"import os, time\nos.fork()\ntime.sleep(os.getpid())\n")
    p = k.process()
    p.begin("execve", b"/t/p.py", ["p.py"], {})
    root.kill(p.pid, SIGKILL)
    k.settle()
    with pytest.raises(OSError, match="Text file busy"):
        root.truncate(b"p.py", 0)
    k.advance(1000)
    root.truncate(b"p.py", 0)


@pytest.mark.parametrize("name", BY_LENGTH)
def test_sizes(root, name):
    """Up and down; what is cut off does not come back, and what is new is zeros."""
    fd = make(root, b"0123456789")
    truncate = BY_LENGTH[name]
    for length, data in (
        (4, b"0123"),
        (8, b"0123\0\0\0\0"),
        (2, b"01"),
        (2, b"01"),
        (PAGE + 1, b"01" + bytes(PAGE - 1)),
        (PAGE, b"01" + bytes(PAGE - 2)),
        (0, b""),
        (3, bytes(3)),
    ):
        root.call(*truncate(fd, length))
        assert root.stat(b"f").st_size == length
        assert contents(root) == data


@pytest.mark.parametrize("name", BY_LENGTH)
def test_every_size(root, name):
    """The sizes NetBSD's own tests go through."""
    fd = make(root)
    for length in (8, 16, 512, 1024, 2048, 4094, 3000, 30, 1_234_567, 567, 0):
        root.call(*BY_LENGTH[name](fd, length))
        assert root.fstat(fd).st_size == root.stat(b"f").st_size == length


@pytest.mark.parametrize("name", BY_LENGTH)
@pytest.mark.parametrize("length", [1 << 40, 999_999_999_999_999, TMPFS_SIZE_MAX])
def test_sparse(root, name, length):
    """A file of terabytes that is one hole takes no memory; st_blocks is made of its size."""
    fd = make(root, b"x")
    before = root.statvfs(b"f").f_bfree
    root.call(*BY_LENGTH[name](fd, length))
    st = root.stat(b"f")
    assert st.st_size == length
    assert st.st_blocks == -(-length // PAGE) * (PAGE // 512)
    assert root.pread(fd, 3, 0) == b"x\0\0"
    assert root.pread(fd, 9, length - 2) == b"\0\0"
    assert root.statvfs(b"f").f_bfree == before
    root.call(*BY_LENGTH[name](fd, 0))
    assert root.stat(b"f").st_blocks == 0


def test_pages_come_back(root):
    """Cutting a file gives back the memory of what is cut off."""
    before = root.statvfs(b"/t").f_bfree
    fd = make(root, b"x" * 10 * PAGE)
    full = root.statvfs(b"f").f_bfree
    root.ftruncate(fd, 5 * PAGE)
    assert root.statvfs(b"f").f_bfree == full + 5
    root.ftruncate(fd, 0)
    assert root.statvfs(b"f").f_bfree >= before - 1


def test_offsets_stay(root):
    """The offset of an open file is where it was; a write there leaves a hole before it."""
    fd = make(root, b"0123456789")
    root.ftruncate(fd, 3)
    assert root.read(fd, 9) == b""
    root.write(fd, b"X")
    assert contents(root) == b"012" + bytes(7) + b"X"


@pytest.mark.parametrize("name", BY_LENGTH)
def test_times(root, name):
    """Modification and change time move, also when the size stays."""
    fd = make(root, b"data")
    for length in (2, 2, 4, 0, 0):
        before = root.stat(b"f")
        root.call(*BY_LENGTH[name](fd, length))
        after = root.stat(b"f")
        assert after.st_mtim == after.st_ctim > before.st_ctim
        assert (after.st_atim, after.st_birthtim) == (before.st_atim, before.st_birthtim)


def test_mode_of_a_file_that_is_open(user):
    """What a file that was made open allows does not depend on its mode."""
    fd = user.open(b"f", O_CREAT | O_RDWR, 0)
    user.ftruncate(fd, 9)
    assert user.fstat(fd).st_size == 9


def test_append_only_descriptor(root):
    """A descriptor that appends can cut."""
    make(root, b"data")
    fd = root.open(b"f", O_WRONLY | O_APPEND)
    root.ftruncate(fd, 1)
    root.write(fd, b"X")
    assert contents(root) == b"dX"


def test_special_files_take_no_notice(k, root):
    """A FIFO's and a device's size does not change, also on a read-only file system."""
    root.mkfifo(b"p", 0o644)
    root.truncate(b"p", 100)
    assert root.stat(b"p").st_size == 0
    fd = root.open(b"p", O_RDWR)
    root.ftruncate(fd, 100)
    assert root.fstat(fd).st_size == 0
    null = root.open(b"/dev/null", O_RDWR)
    root.ftruncate(null, 100)
    mount = k.kernel.rootvnode.v_mount
    mount.mnt_flag |= MNT_RDONLY
    root.truncate(b"p", 100)
    root.truncate(b"/dev/null", 100)
    mount.mnt_flag &= ~MNT_RDONLY


def test_no_limit(root):
    """RLIMIT_FSIZE is of writes only."""
    fd = make(root)
    root.setrlimit(RLIMIT_FSIZE, Rlimit(100, 100))
    root.truncate(b"f", 1000)
    root.ftruncate(fd, 2000)
    assert root.stat(b"f").st_size == 2000


def test_links_are_followed(root):
    """The file that a symbolic link leads to is cut."""
    make(root, b"data")
    root.symlink(b"f", b"l")
    root.truncate(b"l", 1)
    assert contents(root) == b"d"
    assert root.lstat(b"l").st_size == 1
