# SPDX-License-Identifier: BSD-2-Clause
"""ps(1): which processes, which columns, in which order, and the letters of a state."""

import pytest

from userland.bin.ps import ALIASES, COLUMNS


@pytest.fixture
def sh(k):
    """Runs a command line; returns its lines, and complains of what it complains of."""

    def run(command, uid=0):
        done = k.run(b"/bin/sh", ["-c", command], uid=uid)
        return [*done.stdout.decode().splitlines(), *done.stderr.decode().splitlines()]

    return run


def test_own_processes_unless_asked_otherwise(k, sh):
    """A user sees their own session's; with -a everybody's, with -x those without a terminal."""
    other = k.process(1001)
    assert len(sh("ps -o pid=; :", uid=1000)) == 2
    everybody = sh("ps -ax -o pid=; :", uid=1000)
    assert str(other.pid) in (pid.strip() for pid in everybody)
    assert sh(f"ps -p {other.pid},1 -o pid=") == ["1", str(other.pid)]
    assert sh("ps -U root,1001 -o user= -k user") == ["root", "root", "1001"]
    assert sh("ps -t - -o comm= -p 1") == ["init"]


def test_every_keyword_has_a_value(sh):
    """Each that -L lists can be shown."""
    for name in [*COLUMNS, *ALIASES]:
        lines = sh(f"ps -p 1 -o {name}")
        assert len(lines) == 2, name
    assert sh("ps -L")[0].split() == sorted([*COLUMNS, *ALIASES])


def test_order(sh):
    """By terminal and pid; -k sorts by columns, -m by memory, -r by use of the CPU."""
    assert [int(pid) for pid in sh("ps -ax -o pid= -k -pid; :")] == [3, 2, 1]
    assert sh("ps -axr -o comm=; :")[0] == "ps"
    assert sh("ps -axm -o comm=; :")[0] == "ps"
    assert sh("ps -k foo") == ["ps: foo: keyword not found"]


def test_states(sh):
    """I: idle for more than 20 seconds; N, <: nice; s: leads a session; T: stopped; Z: a zombie."""
    assert sh("sleep 100 & sleep 30; ps -o stat= -p $!") == ["I"]
    assert sh("sleep 100 & ps -o stat= -p $!")[0] in {"S", "R"}
    assert sh("nice sleep 100 & sleep 1; ps -o stat= -p $!") == ["SN"]
    assert sh("nice -n -3 sleep 100 & sleep 1; ps -o stat= -p $!") == ["S<"]
    assert sh("ps -o stat= -p $$; :") == ["Ss"]
    assert sh("sleep 100 & kill -STOP $!; sleep 1; ps -o stat= -p $!; kill -KILL $!") == ["T"]


def test_what_a_process_waits_for(sh):
    """WCHAN is the word that tsleep was given."""
    assert sh("sleep 100 & sleep 1; ps -o wchan= -p $!,$$; :") == ["wait", "nanoslp"]


def test_threads_have_lines_of_their_own(sh):
    """-s: one line a thread, with its lid."""
    assert sh("ps -s -p $$ -o lid,nlwp,lstate; :")[1].split()[1:] == ["1", "S"]


def test_environment_and_arguments(sh):
    """-e adds the environment of those whose it may see; -c leaves the arguments out."""
    assert sh("ps -o command= -p $$; :") == ["sh -c ps -o command= -p $$; :"]
    assert sh("ps -c -o command= -p $$; :") == ["sh"]
    assert sh("ps -e -o command= -p $$; :")[0].endswith("USER=root")
