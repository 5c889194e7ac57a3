# SPDX-License-Identifier: BSD-2-Clause
"""Builtins and options that the host's shell does not have, or that NetBSD's has its own way."""

import pytest


@pytest.fixture
def sh(k):
    """Run a script; return its output, its errors after it, and its status unless that is 0."""

    def run(script, stdin=b"", *options):
        result = k.run(b"/bin/sh", [*options, "-c", script], stdin=stdin)
        text = (result.stdout + result.stderr).decode()
        return f"{text}{result.status}" if result.status else text

    return run


@pytest.mark.parametrize(
    ("script", "output"),
    [
        ("setvar x 'a b'; n=y; setvar $n 2; echo $x$y; setvar x; echo ${x-unset}", "a b2\nunset\n"),
        ("x=1 y='a b' z=; set | grep '^[xyz]='", "x=1\ny='a b'\nz=''\n"),
        ("x=\"it's\"; set | grep ^x=", "x='it'\\''s'\n"),
        ("export x=1; export -p x; export -n x; export -q x; echo $?", "export x=1\n1\n"),
        ("export x; export -q x y; echo $?; x=5; export -q x; echo $?", "1\n0\n"),
        ("export -x x=1; export x; echo $?; sh -c 'echo ${x-none}'", "1\nnone\nexport: x: not available for export\n"),
        ("readonly x=1; readonly -q x && readonly -p x; unset x; echo $? $x", "readonly x=1\n1 1\n"),
        ("export -np x; echo no", "export: Usage: export [ -px [var...] | -q[x] var... | [-n|x] var[=val]... ]\n2"),
        ("export x=1; unset -e x; sh -c 'echo ${x-none}'; echo $x", "none\n1\n"),
        ("export x=1; unset -x x; echo ${x-none}; x=2; sh -c 'echo $x'", "none\n2\n"),
        ("f() { local x; echo $x; x=2; local -N y; echo ${y-unset}; }; x=1 y=1; f; echo $x$y", "1\nunset\n11\n"),
        ("f() { local -x x=5; sh -c 'echo $x'; }; f; sh -c 'echo ${x-none}'", "5\nnone\n"),
        ("f() { local -; set -fu; echo $-; }; f; echo \"<$->\"", "fu\n<>\n"),
        ("local x", "local: Not in a function\n2"),
        ("false | true; echo $?; set -o pipefail; false | true; echo $?", "0\n1\n"),
        ("set -o pipefail; (exit 3) | (exit 4) | true || echo $?", "4\n"),
        ("set -o nonsense", "set: Illegal option -o nonsense\n2"),
        ("set -Z", "set: Illegal option -Z\n2"),
        ("set -V -E; echo $-; set -V; echo $-", "E\nV\n"),
        ("set -o | grep -E '^(errexit|pipefail) '", "errexit             off\npipefail            off\n"),
        ("PS4='${x}> '; x=7; set -x; echo 'a b' >&2; y='c d' z=", "7> echo 'a b' >&2\na b\n7> y='c d' z=''\n"),
        ("alias ll='ls -l' x=y; alias; unalias -a; alias", "ll='ls -l'\nx=y\n"),
        ("type cd : if sh ll nothing; alias ll=ls; type ll", None),
        ("jobid %1", "jobid: No such job: %1\n2"),
        ("sleep 1 & jobid -g || echo none; jobs -p; wait", "none\n0\n"),
        ("wait -n; echo $?; (exit 5) & wait -n -p p; echo $? $((p == $!))", "127\n5 1\n"),
        ("(exit 3) & a=$!; (exit 4) & wait $a $!; echo $?; wait $a; echo $?", "4\n127\n"),
        ("wait -p 9x", "wait: invalid name: -p '9x'\n2"),
        ("kill -l 15; kill -l 143; kill -l | head -1 | cut -c1-24", "TERM\nTERM\nHUP     INT     QUIT    \n"),
        ("kill -l 2>&1 | wc -l; kill -FOO 1", "       7\nkill: unknown signal FOO\n2"),
        ("sh -c 'kill -SEGV $$'; echo $?", "139\n[1]   Segmentation fault      sh -c \"kill -SEGV \\$\\$\"\n"),
        ("sleep 9 & kill $!; wait; echo $?", "0\n[1]   Terminated              sleep 9 &\n"),
        ("chdir /tmp; pwd", "/tmp\n"),
        ("set -m", "sh: can't access tty; job control turned off\n"),
        ("trap; trap -p INT QUIT", "trap -- - INT\ntrap -- - QUIT\n"),
    ],
)  # fmt: skip
def test_builtins(sh, script, output):
    """A script does this."""
    if output is None:
        assert "cd is a shell builtin" in sh(script)
    else:
        assert sh(script) == output


def test_read(sh):
    """read -d reads up to another character than a newline; -p asks only at a terminal."""
    script = 'read -d : x; echo "<$x>"; read -r -p no y z; echo "$y,$z"; read x; echo $? $x'
    assert sh(script, b"a\nb:c\\d e f\nlast") == "<a\nb>\nc\\d,e f\n1 last\n"
    assert sh("read").startswith("read: variable name required\n")


def test_read_is_interrupted_by_a_trap(sh):
    """A trapped signal ends read with a status above 128, and then the trap runs."""
    script = "trap 'echo trap' ALRM; mkfifo /tmp/f; (sleep 1; kill -ALRM $$; sleep 1) >/tmp/f & "
    assert sh(f"{script} read x </tmp/f; echo $?") == "trap\n142\n"


def test_noexec_and_verbose(k, sh):
    """-n parses only; -v writes what is read."""
    assert sh("echo no", b"", "-n") == ""
    result = k.run(b"/bin/sh", ["-v"], stdin=b"echo yes\n")
    assert (result.stdout, result.stderr) == (b"yes\n", b"echo yes\n")


def test_env_is_read_by_every_shell(k):
    """ENV names a file that scripts read, too."""
    k.install(b"/root/env", b"x=5\n")
    result = k.run(b"/bin/sh", ["-c", "echo $x"], env={"ENV": "${HOME}/env"})
    assert result.stdout == b"5\n"


def test_commands_in_prompts(k):
    """Commands in PS1 are run with -o promptcmds only."""
    text = b"PS1='<$(echo in)$((1+1))>'\nset -o promptcmds\n\n"
    result = k.run(b"/bin/sh", ["-i", "+m"], stdin=text)
    assert result.stderr == b"# <2><in2><in2>\n"
