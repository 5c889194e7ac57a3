# SPDX-License-Identifier: BSD-2-Clause
"""nice, renice, whoami, groups, uptime, logger, fstat, top, and those that end the run."""

import pytest

from kernel import api
from kernel.sys.socket import AF_INET, AF_INET6, AF_LOCAL, SOCK_DGRAM, SOCK_STREAM


@pytest.fixture
def sh(k):
    """Runs a command line; returns its status, what it said and what it complained of."""

    def run(command, uid=0):
        done = k.run(b"/bin/sh", ["-c", command], uid=uid)
        return done.status, done.stdout.decode(), done.stderr.decode()

    return run


def test_nice(sh):
    """The program runs that much nicer; 126 and 127 say that it did not run at all."""
    program = "sh -c 'ps -o ni= -p $$; :'"
    assert sh(f"nice {program}; nice -n 3 {program}; nice -5 {program}")[1].split() == [
        "10",
        "3",
        "5",
    ]
    assert sh("nice nofile") == (127, "", "nice: nofile: No such file or directory\n")
    assert sh("nice /etc/passwd") == (126, "", "nice: /etc/passwd: Permission denied\n")
    assert sh("nice -n x true") == (1, "", "nice: increment 'x' is bad: Invalid argument\n")
    assert sh("nice -n -1 true", uid=1000) == (1, "", "nice: setpriority: Permission denied\n")
    assert sh("nice")[0] == 1


def test_renice(sh):
    """The old and the new priority are told; what is refused is, too."""
    status, out, _ = sh("renice 4 $$; renice -n 3 -p $$")
    pid = out.partition(":")[0]
    assert out == (
        f"{pid}: old priority 0, new priority 4\n{pid}: old priority 4, new priority 7\n"
    )
    assert status == 0
    assert sh("renice 5 -u user", uid=1000)[1] == "1000: old priority 0, new priority 5\n"
    assert sh("renice 1 1", uid=1000) == (
        1,
        "",
        "renice: 1: setpriority: Operation not permitted\n",
    )
    assert sh("renice 1 29999 -u nobod")[2] == (
        "renice: 29999: setpriority: No such process\nrenice: nobod: unknown user\n"
    )
    assert sh("renice x 1")[0] == 1


def test_who_one_is(sh):
    """whoami is id -un, groups is id -Gn."""
    assert sh("whoami; groups", uid=1000) == (0, "user\nusers\n", "")
    assert sh("groups root")[1] == "wheel operator\n"


def test_uptime(k, sh):
    """The time, how long the system is up, and the load."""
    k.advance(2 * 86400 + 3 * 3600 + 5 * 60)
    assert (
        sh("uptime")[1] == " 7:50PM  up 2 days,  3:05, 0 users, load averages: 0.00, 0.00, 0.00\n"
    )


def test_logger(sh):
    """A line of /var/log/messages a message; -i adds the pid, -t another name, -s says it aloud."""
    assert sh("logger hello world; printf 'a\\nb\\n' | logger -t me -p auth.err")[0] == 0
    assert sh("logger -s -t me loud", uid=1000)[2] == "me: loud\n"
    assert sh("sed 's/.*sysent //' /var/log/messages")[1] == (
        "root: hello world\nme: a\nme: b\nme: loud\n"
    )
    assert sh("logger -p foo.err x") == (1, "", "logger: unknown facility name: foo\n")
    assert sh("logger -p user.foo x") == (1, "", "logger: unknown priority name: foo\n")


def test_fstat_lists_what_is_open(sh):
    """Program, directory and descriptors of each process; files asked for have their name."""
    out = sh("exec 5</etc/passwd; fstat -p $$; :")[1].splitlines()
    assert out[0] == "USER     CMD          PID   FD  MOUNT       INUM MODE         SZ|DV R/W"
    words = [line.split() for line in out[1:]]
    assert [each[3] for each in words] == ["text", "wd", "0", "1", "2", "5"]
    assert words[2][4:] == ["/dev", words[2][5], "crw-------", "console", "rw"]
    assert words[5][4] == "/"
    assert words[5][6:] == ["-rw-r--r--", "245", "r"]
    out = sh("exec 5</etc/passwd; fstat /etc/passwd nofile; :")
    assert out[2] == "fstat: nofile: No such file or directory\n"
    assert all(line.endswith(" r  /etc/passwd") for line in out[1].splitlines()[1:])
    assert "* pipe w" in sh("sleep 1 | fstat")[1]
    assert sh("fstat -u nobod") == (1, "", "fstat: nobod: unknown uid\n")
    assert sh("fstat -u user", uid=1000)[1].splitlines()[1].startswith("user     ")


def test_fstat_tells_sockets_by_family_and_type(k, sh):
    """Family, type, of the internet's the protocol; then addresses, or the number of the pcb."""
    p = k.process(1001)
    p.socketpair(AF_LOCAL, SOCK_STREAM)
    p.socket(AF_INET, SOCK_STREAM)
    p.socket(AF_INET6, SOCK_DGRAM)
    out = sh(f"fstat -p {p.pid}")[1]
    words = [line.partition("*")[2].split() for line in out.splitlines() if "*" in line]
    assert words == [
        ["local", "stream", "<->", "2"],
        ["local", "stream", "<->", "1"],
        ["internet", "stream", "tcp", "3"],
        ["internet6", "dgram", "udp", "4"],
    ]


def test_top_prints_once_and_ends(k, sh):
    """Load, states, memory, then processes by what they have used; as many as asked for."""
    k.process(1000)
    lines = sh("top -b -o pid")[1].splitlines()
    assert lines[0].startswith("load averages:  0.00,  0.00,  0.00;")
    assert lines[1] == "3 processes: 2 sleeping, 1 on CPU"
    assert lines[6] == "  PID USERNAME PRI NICE   SIZE   RES STATE      TIME   WCPU    CPU COMMAND"
    assert [line.split()[0] for line in lines[7:]] == ["1", "2", "3"]
    assert len(sh("top -b 2")[1].splitlines()) == 9
    assert [line.split()[1] for line in sh("top -b -U user")[1].splitlines()[7:]] == ["user"]
    assert sh("top -o foo") == (1, "", "top: 'foo' is not a recognized sorting order.\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("halt", "The operating system has halted."),
        ("halt -p", "The operating system has powered down."),
        ("poweroff", "The operating system has powered down."),
        ("reboot -q", "rebooting..."),
        ("shutdown -h now", "The operating system has halted."),
        ("shutdown -r +5 gone", "rebooting..."),
    ],
)
def test_end_of_the_run(k, command, said):
    """Everybody is asked to end, then the machine stops; nothing comes after it."""
    k.process(1000)
    with pytest.raises(api.Reboot):
        k.run(b"/bin/sh", ["-c", f"sleep 1000 & {command}; echo no"])
    assert k.dmesg()[-1] == said
    assert b"no\n" not in k.console.stdout
    assert (k.time() % 86400 > 16 * 3600 + 50 * 60) == ("+5" in command)


def test_only_root_ends_the_run(sh):
    """Others are told so."""
    assert sh("halt", uid=1000) == (1, "", "halt: Operation not permitted\n")
    assert sh("shutdown now", uid=1000) == (1, "", "shutdown: NOT super-user\n")
    assert sh("shutdown yesterday") == (1, "", "shutdown: bad time format: yesterday\n")
    assert sh("shutdown 0000") == (1, "", "shutdown: that time is already past.\n")
    assert sh("shutdown -k now bye")[0] == 0
