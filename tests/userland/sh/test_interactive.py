# SPDX-License-Identifier: BSD-2-Clause
"""A shell that a person uses: prompts, interrupts, and errors that do not end it."""

import pytest

from kernel import api

NO_TTY = b"sh: can't access tty; job control turned off\n"


def interact(text, **kwargs):
    with api.boot() as k:
        return k.run(b"/bin/sh", ["-i"], stdin=text, **kwargs)


def test_prompts():
    """PS1 for a command, PS2 for the rest of one; both are expanded; users get a dollar."""
    result = interact(b"if true\nthen echo yes\nfi\nx=7 PS1='$x> '\n")
    assert (result.stdout, result.stderr) == (b"yes\n", NO_TTY + b"# > > # 7> \n")
    assert interact(b"", uid=1000).stderr == NO_TTY + b"$ \n"


@pytest.mark.parametrize(
    "busy",
    [
        "sleep 100",
        "sleep 100 | cat",
        "while :; do :; done",
        "x=$(sleep 100)",
        "wait",
        "(sleep 100)",
        "f() { sleep 100; }; f",
    ],
)
def test_interrupt(busy):
    """SIGINT ends what runs, and the line it is on, not the shell."""
    result = interact(f"(sleep 1; kill -INT 0) & {busy}; echo no\necho yes $?\n".encode())
    assert result.stdout == b"yes 130\n"


def test_interrupt_is_trapped():
    """A trap for INT runs, too, once the line has ended."""
    result = interact(b"trap 'echo caught' INT; kill -INT $$; echo no\necho next $?\n")
    assert result.stdout == b"caught\nnext 130\n"


def test_other_signals_do_not_end_it():
    """TERM and QUIT are ignored; HUP is not."""
    assert interact(b"kill -TERM $$; kill -QUIT $$; echo alive\n").stdout == b"alive\n"
    assert interact(b"kill -HUP $$; echo alive\n").status == 128 + 1


def test_background_jobs_are_reported():
    """The prompt after a job's end tells of it; jobs lists those that run."""
    result = interact(b"sleep 1 &\njobs\nwait\nfalse &\nsleep 1\n\n")
    assert result.stdout == b"[1] + Running                 sleep 1 &\n"
    assert b"[1]   Done(1)                 false &\n" in result.stderr


def test_end_of_file_and_exit():
    """End of file ends it with the last status; ignoreeof asks for exit."""
    assert interact(b"(exit 3)\n").status == 3
    assert interact(b"exit 4\necho no\n").status == 4
    assert b'Use "exit" to leave shell.' in interact(b"set -o ignoreeof\n").stderr


def test_env_file():
    """An interactive shell runs the file that ENV names."""
    with api.boot() as k:
        k.install(b"/root/.shrc", b"greeting=hello\n")
        result = k.run(b"/bin/sh", ["-i"], stdin=b"echo $greeting\n", env={"ENV": "$HOME/.shrc"})
    assert result.stdout == b"hello\n"


def test_login_shell_reads_profiles():
    """A name that begins with a minus sign makes a login shell."""
    with api.boot() as k:
        k.install(b"/etc/profile", b"a=system\n")
        k.install(b"/root/.profile", b"b=own\n")
        process = k.process()
        process.begin("execve", b"/bin/sh", ["-sh"], {"HOME": "/root"}, run=False)
        k.console.stdin.write(b"echo $a $b\n")
        k.console.stdin.seek(0)
        process.finish()
        assert bytes(k.console.stdout) == b"system own\n"
