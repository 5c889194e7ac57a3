# SPDX-License-Identifier: BSD-2-Clause
"""execve(2): how it fails, the caller going on as before, and what it leaves in a trace."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_WRONLY
from kernel.sys.ktrace import KTR_EMUL, KTR_EXEC_ARG, KTR_EXEC_ENV, KTR_NAMEI, KTR_SYSRET
from kernel.sys.mount import MNT_NOEXEC
from kernel.sys.param import ARG_MAX
from kernel.sys.resource import RLIMIT_NPROC, Rlimit
from tests.syscalls.errnos import Traced, check_failure
from tests.syscalls.files import touch
from userland.libc.stack import Frame, pushbytes, pushstr
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
ECHO = b"/bin/echo"


def program(p, path=b"f", data=b"", mode=0o755):
    """Make a file with something in it."""
    fd = p.open(path, O_CREAT | O_WRONLY, mode)
    p.write(fd, data)
    p.close(fd)


def execve(path, argv=("x",), env=None):
    """The call, with arguments that do no harm."""
    return ("execve", path, list(argv), env or {})


@pytest.mark.errno("execve", Errno.ENOENT)
def test_no_such_program(fails, root):
    """There is no file of that name; or no interpreter of the name that a script gives."""
    fails(root, *execve(b"missing"))
    fails(root, *execve(b""))
    program(root, data=b"#!/bin/missing\n")
    fails(root, *execve(b"f"))


@pytest.mark.errno("execve", Errno.ENOTDIR)
def test_file_on_the_way(fails, root):
    """A component that is not the last is no directory."""
    fails(root, *execve(ECHO + b"/x"))


@pytest.mark.errno("execve", Errno.ELOOP)
def test_links_in_a_circle(fails, root):
    """Too many symbolic links."""
    root.symlink(b"l", b"l")
    fails(root, *execve(b"l"))


@pytest.mark.errno("execve", Errno.ENAMETOOLONG)
def test_long_names(fails, root):
    """A component has more than 255 bytes, or the path more than 1023."""
    fails(root, *execve(b"x" * 256))
    fails(root, *execve(b"x/" * 600))


@pytest.mark.errno("execve", Errno.EACCES)
def test_not_executable(fails, root, user, tmpfs):
    """No regular file, or no right to execute it, which for the super-user anybody's is.

    Or the directory may not be searched; or the file system has no programs.
    """
    fails(root, *execve(b"/bin"))
    fails(root, *execve(b"/dev/null"))
    program(root, b"nobodys", mode=0o666)
    fails(root, *execve(b"nobodys"))
    program(root, b"roots", mode=0o744)
    fails(user, *execve(b"roots"))
    root.mkdir(b"d", 0o700)
    program(root, b"d/f")
    fails(user, *execve(b"d/f"))
    mount = tmpfs(b"m")
    program(root, b"m/f.py")
    mount.mnt_flag |= MNT_NOEXEC
    fails(root, *execve(b"m/f.py"))


@pytest.mark.errno("execve", Errno.ENOEXEC)
def test_no_program(fails, root):
    """A file that nothing can run: empty, text, a script of a script, or one without an interpreter."""
    touch(root, b"empty", 0o755)
    program(root, b"text", b"echo hello\n")
    program(root, b"script", b"#!/bin/sh\n")
    program(root, b"twice", b"#!/t/script\n")
    program(root, b"nothing", b"#! \n")
    for path in (b"empty", b"text", b"twice", b"nothing"):
        fails(root, *execve(path))


@pytest.mark.errno("execve", Errno.ETXTBSY)
def test_program_being_written(fails, root):
    """The program is open for writing."""
    root.write(root.open(b"f.py", O_CREAT | O_WRONLY, 0o755), b"pass\n")
    fails(root, *execve(b"f.py"))


@pytest.mark.errno("execve", Errno.E2BIG)
def test_many_arguments(fails, root):
    """Arguments and environment take more than ARG_MAX bytes, together."""
    many = ["x" * 4000] * (ARG_MAX // 4000 + 1)
    fails(root, *execve(ECHO, many))
    half = len(many) // 2 + 1
    fails(root, *execve(ECHO, many[:half], {str(n): "x" * 4000 for n in range(half)}))


@pytest.mark.errno("execve", Errno.EFAULT)
def test_nowhere(fails, root):
    """The path, a table or a string is not in the caller's memory; or there are no arguments."""

    def call(path=ECHO, argv=0, envp=0):
        with Frame() as lwp:
            at = pushstr(lwp, path) if isinstance(path, bytes) else path
            tables = (pushbytes(lwp, b) if isinstance(b, bytes) else b for b in (argv, envp))
            trap("execve", at, *tables)

    pointer = BAD.to_bytes(8, "little")
    null = bytes(8)
    for arguments in ((BAD, null), (ECHO, 0), (ECHO, BAD), (ECHO, pointer), (ECHO, null, BAD)):
        fails(root, call, *arguments)
    fails(root, call, ECHO, null, pointer)


@pytest.mark.errno("execve", Errno.EAGAIN)
def test_more_processes_than_the_user_may_have(k, root):
    """Who became a user with more processes than RLIMIT_NPROC is told here, as setuid does not fail."""
    k.process(1000)
    trace = Traced(k, root)
    root.setrlimit(RLIMIT_NPROC, Rlimit(1, 1))
    root.setuid(1000)
    with pytest.raises(OSError, match="temporarily unavailable"):
        root.call(*execve(ECHO))
    check_failure(trace.records(), "execve", Errno.EAGAIN)
    root.setrlimit(RLIMIT_NPROC, Rlimit(0, 1))
    with pytest.raises(OSError, match="temporarily unavailable"):
        root.call(*execve(b"missing"))


@pytest.mark.trace("execve", "CALL NAMI ARG ENV EMUL RET")
def test_trace(k, root):
    """The path, each string as it is copied in, and the new program's system; then the return."""
    trace = Traced(k, root, "+av")
    root.begin("execve", b"/usr/bin/true", ["true", "x"], {"A": "1"})
    kinds = (KTR_NAMEI, KTR_EXEC_ARG, KTR_EXEC_ENV, KTR_EMUL, KTR_SYSRET)
    records = trace.records()
    ret = next(at for at, record in enumerate(records) if record.type == KTR_SYSRET)
    mine = [(r.type, bytes(r.payload)) for r in records[1 : ret + 1] if r.type in kinds]
    assert mine[:-1] == [
        (KTR_NAMEI, b"/usr/bin/true"),
        (KTR_EXEC_ARG, b"true"),
        (KTR_EXEC_ARG, b"x"),
        (KTR_EXEC_ENV, b"A=1"),
        (KTR_EMUL, b"netbsd"),
    ]
    assert records[ret].body().ktr_error == Errno.EJUSTRETURN
