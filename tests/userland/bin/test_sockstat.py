# SPDX-License-Identifier: BSD-2-Clause
"""sockstat, netstat and fstat: the sockets of a system that talks to itself."""

import pytest

TALK = (
    "nc -k -U -l name >/dev/null & nc -k -l 127.0.0.1 7000 >/dev/null & nc -k -l ::1 80 >/dev/null &"
    " nc -k -u -l 53 & sleep 1; sleep 5 | nc 127.0.0.1 7000 & sleep 5 | nc -U name & sleep 1;"
)
STREAM = "root     nc         3      3 stream name                  -\n"
STREAM2 = "root     nc         3      4 stream name                  -\n"
LISTEN = "root     nc         4      3 tcp    {h}.7000        *.*\n"
SERVER = "root     nc         4      4 tcp    {h}.7000        {h}.65534\n"
LISTEN6 = "root     nc         5      3 tcp6   localhost.http        *.*\n"
UDP = "root     nc         6      3 udp    *.domain              *.*\n"
CLIENT = "root     nc         9      3 tcp    {h}.65534       {h}.7000\n"
UNNAMED = "root     nc         11     3 stream -                     name\n"
HEADER = "USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS\n"


@pytest.fixture
def sh(k):
    """Runs a command line in /tmp, sockets being open; returns what it said."""

    def run(command):
        done = k.run(b"/bin/sh", ["-c", f"cd /tmp; {TALK} {command}; kill %1 %2 %3 %4"])
        return done.stdout.decode() + done.stderr.decode()

    return run


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ("", (STREAM, STREAM2, LISTEN, SERVER, LISTEN6, UDP, CLIENT, UNNAMED)),
        ("-4", (LISTEN, SERVER, UDP, CLIENT)),
        ("-6", (LISTEN6,)),
        ("-u", (STREAM, STREAM2, UNNAMED)),
        ("-f inet6 -f UNIX", (STREAM, STREAM2, LISTEN6, UNNAMED)),
        ("-l", (STREAM, LISTEN, LISTEN6, UDP)),
        ("-c", (STREAM2, SERVER, CLIENT, UNNAMED)),
        ("-cl -4", (LISTEN, SERVER, UDP, CLIENT)),
        ("-p 53,6000-8000", (LISTEN, SERVER, UDP, CLIENT)),
        ("-p http", (LISTEN6,)),
        ("-p 65534", (SERVER, CLIENT)),
    ],
)
def test_sockstat(sh, options, lines):
    """Each socket that a process has, of the families, states and ports asked for."""
    assert sh(f"sockstat {options}") == HEADER + "".join(lines).format(h="localhost")


def test_sockstat_numeric(sh):
    """-n tells addresses and ports by number."""
    lines = sh("sockstat -n -4").splitlines()
    assert [line.split()[5:] for line in lines[1:]] == [
        ["127.0.0.1.7000", "*.*"],
        ["127.0.0.1.7000", "127.0.0.1.65534"],
        ["*.53", "*.*"],
        ["127.0.0.1.65534", "127.0.0.1.7000"],
    ]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ("-f ipx", "ipx: unsupported protocol family"),
        ("-p 70000", "70000: Invalid argument"),
        ("-p 1-x", "1-x: Invalid argument"),
        ("-u -p 1", "local domain sockets do not have ports"),
    ],
)
def test_sockstat_failures(k, options, complaint):
    """What it does not know ends it."""
    done = k.run(b"/bin/sh", ["-c", f"sockstat {options}"])
    assert (done.status, done.stderr.decode()) == (1, f"sockstat: {complaint}\n")


def test_netstat(sh):
    """Connections; with -a those who wait for some, too; local sockets are always told."""
    inet = (
        "Proto Recv-Q Send-Q  Local Address          Foreign Address        State\n"
        "tcp        0      0  localhost.7000         localhost.65534        ESTABLISHED\n"
        "tcp        0      0  localhost.65534        localhost.7000         ESTABLISHED\n"
    )
    short, all_, udp = sh(
        "netstat -f inet; netstat -f inet6; echo; netstat -a; echo; netstat -a -n -p udp"
    ).split("\n\n")
    assert f"{short}\n" == f"Active Internet connections\n{inet}"
    assert all_.startswith(f"Active Internet connections (including servers)\n{inet}")
    assert all_.splitlines()[4:8] == [
        "tcp        0      0  localhost.7000         *.*                    LISTEN",
        "udp        0      0  *.domain               *.*                   ",
        "Active Internet6 connections (including servers)",
        "Proto Recv-Q Send-Q  Local Address          Foreign Address        State",
    ]
    assert all_.splitlines()[-4:] == [
        "Address  Type   Recv-Q Send-Q    Inode     Conn     Refs  Nextref Addr",
        "       8 stream      0      0        0        7        0        0 name",
        "       7 stream      0      0        0        8        0        0 -> name",
        "       1 stream      0      0        1        0        0        0 name",
    ]
    assert udp.splitlines()[2:] == [
        "udp        0      0  *.53                   *.*                   "
    ]


def test_netstat_failures(k):
    """A family or a protocol there is none of; an option."""
    for words, complaint in (
        ("-f ipx", "netstat: ipx: unknown address family"),
        ("-p ipx", "netstat: ipx: unknown or uninstrumented protocol"),
        (
            "-x",
            "netstat: unknown option -- x\nusage: netstat [-an] [-f address_family] [-p protocol]",
        ),
        ("x", "usage: netstat [-an] [-f address_family] [-p protocol]"),
    ):
        done = k.run(b"/bin/sh", ["-c", f"netstat {words}"])
        assert (done.status, done.stderr.decode()) == (1, f"{complaint}\n")


def test_fstat(sh):
    """The foreign address, then the own one; of a local socket its name or its peer's number."""
    out = sh("fstat | grep '[0-9][*] [il]'")
    assert [line.partition("* ")[2] for line in out.splitlines()] == [
        "local stream  <-> name",
        "local stream  <-> name",
        "internet stream tcp 127.0.0.1:7000",
        "internet stream tcp 127.0.0.1:65534 <-> 127.0.0.1:7000",
        "internet6 stream tcp [::1]:80",
        "internet dgram udp *:53",
        "internet stream tcp 127.0.0.1:7000 <-> 127.0.0.1:65534",
        "local stream  <-> 8",
    ]
