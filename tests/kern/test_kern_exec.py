# SPDX-License-Identifier: BSD-2-Clause
"""execve: what can be run, what the new program has, what the old one loses."""

import pytest

from kernel.kern.kern_exec import SCRIPT_HDR_SIZE
from userland.libc import SIGABRT, SIGUSR1

LAB = "from userland.libc import *\n"


def test_arguments_and_environment_arrive(k, run):
    """argv[0] is what the caller says; the environment is exactly what was given."""
    result = run(LAB + "execve('/usr/bin/env', ['x'], {'A': 'b', 'C': ''})\n")
    assert result.stdout == b"A=b\nC=\n", result.stderr


@pytest.mark.parametrize(
    ("path", "data", "mode", "error"),
    [
        ("/tmp/none", None, 0, "No such file"),
        ("/tmp", None, 0, "Permission denied"),
        ("/tmp/plain", b"\x7fELF", 0o644, "Permission denied"),
        ("/tmp/binary", b"\x7fELF", 0o755, "Exec format error"),
        ("/tmp/bang", b"#!", 0o755, "Exec format error"),
        ("/tmp/long", b"#!/bin/sh".ljust(SCRIPT_HDR_SIZE) + b"\n", 0o755, "Exec format error"),
        ("/tmp/loop", b"#!/tmp/loop\n", 0o755, "Exec format error"),
        ("/tmp/nointerp", b"#!/nowhere\n", 0o755, "No such file"),
        ("/etc/passwd/x", None, 0, "Not a directory"),
    ],
)
def test_what_cannot_be_run(k, path, data, mode, error):
    """Each refusal has its errno, and the caller goes on."""
    p = k.root()
    if data is not None:
        k.install(path.encode(), data, mode)
    with pytest.raises(OSError, match=error):
        p.execve(path, ["x"])
    assert p.getpid() == p.pid


def test_a_script_is_run_by_its_interpreter(k):
    """#! with one argument: interpreter, argument, script, then the caller's arguments."""
    k.install(b"/tmp/s", b"#!/bin/echo one  two \nignored\n")
    result = k.run(b"/tmp/s", ["three"])
    assert result.stdout == b"one  two  /tmp/s three\n"  # the blank before the newline, too


@pytest.mark.parametrize(
    ("line", "stdout"),
    [
        (b"#! \t/bin/echo\t \t x\ty\r\n", b"x\ty\r /tmp/s\n"),
        (b"#!/bin/echo \t\n", b"/tmp/s\n"),
        (b"#!/bin/echo x\0y\n", b"x /tmp/s\n"),
        (b"#!/bin/echo".ljust(SCRIPT_HDR_SIZE - 2) + b"x\n", b"x /tmp/s\n"),
    ],
)
def test_the_first_line_of_a_script(k, line, stdout):
    """Spaces and tabs part its words, a NUL ends it as it ends any of C's strings."""
    k.install(b"/tmp/s", line)
    assert k.run(b"/tmp/s").stdout == stdout


def test_a_line_that_ends_as_dos_has_it_names_another_interpreter(k):
    """Carriage returns are letters of the name as all others are."""
    k.install(b"/tmp/s", b"#!/bin/echo\r\n")
    with pytest.raises(OSError, match="No such file"):
        k.root().execve("/tmp/s", ["s"])


def test_descriptors_close_on_exec(k, run):
    """O_CLOEXEC goes, the rest stays."""
    result = run(
        LAB
        + "a = open('/etc/passwd', O_RDONLY)\nb = open('/etc/passwd', O_RDONLY | O_CLOEXEC)\n"
        + "execve('/bin/sh', ['sh', '-c', f'cat <&{a} | head -1; cat <&{b}'])\n"
    )
    assert result.stdout.startswith(b"root:")
    assert result.status != 0


def test_caught_signals_go_back_to_default(run):
    """A handler does not survive exec, SIG_IGN does."""
    result = run(
        LAB
        + "signal(SIGUSR1, print)\nsignal(SIGINT, SIG_IGN)\n"
        + "execve('/bin/sh', ['sh', '-c', 'kill -INT $$; echo alive; kill -USR1 $$; echo no'])\n"
    )
    assert result.stdout == b"alive\n"
    assert result.status == 128 + SIGUSR1


def test_each_disposition_after_exec(run):
    """Ignored stays ignored but for SIGCHLD, caught is default: of SIGCHLD and SIGCONT as of others."""
    show = (
        LAB
        + "for signo in (SIGHUP, SIGINT, SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGRTMAX):\n"
        + "    print({SIG_DFL: 'default', SIG_IGN: 'ignored'}.get(sigaction(signo).sa_handler))\n"
    )
    result = run(
        LAB
        + "for signo in (SIGHUP, SIGCHLD, SIGCONT, SIGURG, SIGRTMAX):\n    signal(signo, SIG_IGN)\n"
        + "for signo in (SIGINT, SIGWINCH):\n    signal(signo, print)\n"
        + f"fd = open('/tmp/show.py', O_CREAT | O_WRONLY, 0o755)\nwrite(fd, {show.encode()!r})\nclose(fd)\n"
        + "execve('/tmp/show.py', ['show.py'])\n"
    )
    wanted = "ignored None default ignored ignored default ignored"  # None: what Python catches
    assert result.stdout.decode().split() == wanted.split(), result.stderr


def test_set_id_bits_change_the_effective_ids(k):
    """A set-user-id program runs as its owner, the saved id being the owner's as well."""
    k.install(b"/tmp/suid.py", (LAB + "print(getuid(), geteuid())\n").encode(), 0o4755)
    result = k.run(b"/tmp/suid.py", uid=1000)
    assert result.stdout == b"1000 0\n", result.stderr


def test_set_id_program_without_arguments(k):
    """Not even its name: programs are easily misled by that, so it does not begin."""
    k.install(b"/tmp/suid.py", b"print('misled')\n", 0o4755)
    p = k.process(1000)
    p.begin("execve", b"/tmp/suid.py", [], {})
    p.finish()
    assert (p.status, k.root().proc.p_cred.cr_uid) == (SIGABRT, 0)
    root = k.root()
    root.begin("execve", b"/tmp/suid.py", [], {})
    root.finish()
    assert root.status == 0  # nobody's ids change


def test_too_many_arguments(k):
    """More than ARG_MAX bytes of strings is E2BIG."""
    p = k.root()
    with pytest.raises(OSError, match="Argument list too long"):
        p.execve("/bin/echo", ["x" * 1000] * 300)


def test_comm_keeps_the_tail_of_a_longer_name(k):
    """exec overwrites the name and its NUL only: v0's header shows what is behind."""
    p = k.process(name="averylongname")
    k.start(p, b"/bin/echo", ["x"])
    p.finish()
    assert bytes(p.proc.p_comm[:13]) == b"echo\0longname"


def test_the_old_program_runs_no_further(run):
    """finally blocks of the program that was replaced have no effect."""
    result = run(
        LAB + "try:\n    execl('/bin/echo', 'echo', 'new')\nfinally:\n    write(1, b'old')\n"
    )
    assert result.stdout == b"new\n"


def test_compiled_programs_that_are_not(k):
    """The magic number alone makes no program: ENOEXEC."""
    from importlib.util import MAGIC_NUMBER

    k.install(b"/tmp/bad", MAGIC_NUMBER + b"\xff\xff")
    with pytest.raises(OSError, match="Exec format error"):
        k.root().execve("/tmp/bad", ["bad"])
