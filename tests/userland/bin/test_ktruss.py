# SPDX-License-Identifier: BSD-2-Clause
"""ktruss inside: live, from a file, to a file, and what it refuses."""

from kernel import api


def sh(k: api.System, command: str) -> api.Result:
    return k.run(b"/bin/sh", ["-c", command])


def test_a_command_is_shown_while_it_runs(k: api.System) -> None:
    """Its calls stand before its end; what it prints is not lost."""
    result = sh(k, "ktruss cat /etc/group | grep -v GIO")

    lines = result.stdout.decode("latin-1").splitlines()
    assert any('open("/etc/group", 0, 0x1b6)' in line and line.endswith("= 3") for line in lines)
    assert "wheel:*:0:root" in result.stdout.decode("latin-1")
    assert lines[-1].endswith("exit(0)")


def test_children_with_i(k: api.System) -> None:
    """-i shows the calls of children, too."""
    alone = sh(k, "ktruss sh -c 'ls /; true' | grep -c execve")
    family = sh(k, "ktruss -i sh -c 'ls /; true' | grep -c execve")
    assert int(family.stdout) == int(alone.stdout) + 1


def test_a_file(k: api.System) -> None:
    """-o only logs, -f prints the log."""
    result = sh(k, "ktruss -o log cat /etc/group; ktruss -f log")
    assert b'open("/etc/group", 0, 0x1b6)' in result.stdout
    assert result.stdout.startswith(b"wheel")


def test_a_process_that_runs(k: api.System) -> None:
    """-p shows what a process does from now on."""
    result = sh(k, "sleep 5 & ktruss -p $!; wait")
    assert b"__nanosleep50(" in result.stdout or b"exit(" in result.stdout


def test_errors_are_one_line(k: api.System) -> None:
    """A file that is not there, a trace that is none, a facility, no command."""
    assert sh(k, "ktruss -f /nope").stderr == b"ktruss: fopen: /nope: No such file or directory\n"
    assert sh(k, "ktruss -f /etc/passwd").stderr.startswith(b"ktruss: not a NetBSD trace")
    assert sh(k, "ktruss -t q true").stderr.startswith(b"ktruss: unknown facility in q\nusage:")
    assert sh(k, "ktruss").stderr.startswith(b"usage:")
    assert sh(k, "ktruss nothing-here").stderr.startswith(b"ktruss: exec of 'nothing-here' failed")
