# SPDX-License-Identifier: BSD-2-Clause
"""nc: servers and clients of each kind of socket, in one system."""

import pytest


@pytest.fixture
def sh(k):
    """Runs a command line in /tmp; returns its status, what it said and what it complained of."""

    def run(command):
        done = k.run(b"/bin/sh", ["-c", f"cd /tmp; {command}"])
        return done.status, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.mark.parametrize(
    ("server", "client"),
    [
        ("7000", "-N 127.0.0.1 7000"),
        ("localhost http-alt", "-N localhost 8080"),
        ("-6 ::1 7000", "-6 -N localhost 7000"),
        ("-4 localhost 7000", "-4 -N -s 127.0.0.1 -p 7001 localhost 7000"),
        ("-U name", "-N -U name"),
        ("-u -w 2 7000", "-u -w 1 127.0.0.1 7000"),
        ("-u -U -w 2 name", "-u -U -w 1 name"),
        ("-u -U -w 2 name", "-u -U -w 1 -s own name"),
    ],
)
def test_a_client_talks_to_a_server(sh, server, client):
    """What one reads the other writes."""
    assert sh(f"nc -l {server} >got & sleep 1; echo a line | nc {client}; wait; cat got; ls") == (
        0,
        f"a line\ngot\n{'name' + chr(10) if 'U' in server else ''}",
        "",
    )


def test_both_ways(sh):
    """The server's input goes to the client, who stays until the server has ended."""
    out = sh("echo from the server | nc -l -N 7000 & sleep 1; nc -d 127.0.0.1 7000")
    assert out == (0, "from the server\n", "")


def test_many_clients(sh):
    """With -k a server takes one after the other, and with -u all of them at once."""
    for u, talk in (("", "-N"), ("u", "-u -w 1")):
        assert sh(
            f"nc -k{u} -l 7000 >got & sleep 1; for i in 1 2 3; do echo $i | nc {talk} 127.0.0.1 7000;"
            " done; kill $!; cat got"
        ) == (0, "1\n2\n3\n", "")


def test_scan(sh):
    """-z says who answers, of a range of ports; the status is whether anybody does."""
    status, out, complaints = sh(
        "nc -k -l ::1 81 & sleep 1; nc -z localhost 79-81; echo $?; nc -nvz ::1 81; nc -zv ::1 80;"
        " echo $?; nc -zuv 127.0.0.1 9; echo $?; kill %1"
    )
    assert (status, out) == (0, "0\n1\n1\n")
    assert complaints == (
        "Connection to localhost 81 port [tcp/*] succeeded!\n"
        "Connection to ::1 81 port [tcp/*] succeeded!\n"
        "nc: connect to ::1 port 80 (tcp) failed: Connection refused\n"
    )


def test_verbose_server(sh):
    """-v says where it listens and who comes."""
    _, _, complaints = sh(
        "nc -v -n -l 7000 & sleep 1; nc -N -p 7001 127.0.0.1 7000 </dev/null; wait"
    )
    assert complaints == ("Listening on 0.0.0.0 7000\nConnection received on 127.0.0.1 7001\n")


@pytest.mark.parametrize(
    ("command", "status", "complaint"),
    [
        ("nc -w 1 localhost 9", 1, ""),
        ("nc 10.0.0.1 9", 1, ""),
        ("nc nowhere 9", 1, "nc: getaddrinfo: hostname nor servname provided, or not known\n"),
        ("nc -n localhost 9", 1, "nc: getaddrinfo: hostname nor servname provided, or not known\n"),
        ("nc -l -p 9", 1, "nc: cannot use -p and -l\n"),
        ("nc -l -z 9", 1, "nc: cannot use -z and -l\n"),
        ("nc -k localhost 9", 1, "nc: must use -l with -k\n"),
        ("nc localhost none", 1, 'nc: service "none" unknown\n'),
        ("nc localhost 0", 1, "nc: port number too small: 0\n"),
        ("nc localhost 65536", 1, "nc: port number too large: 65536\n"),
        ("nc -w x localhost 9", 1, "nc: timeout invalid: x\n"),
        ("nc -l 10.0.0.1 9", 1, "nc: bind failed: Can't assign requested address\n"),
        ("nc -v -U none", 1, "nc: none: No such file or directory\n"),
        ("nc -l -U none/none", 1, "nc: unix_bind failed: none/none: No such file or directory\n"),
    ],
)  # fmt: skip
def test_failures(sh, command, status, complaint):
    """It says what it cannot do; a refused connection only with -v."""
    assert sh(command) == (status, "", complaint)


def test_usage(sh):
    """Without a destination, or with -h, it says what it takes."""
    for words in ("", "-h", "localhost", "-U a b", "-l a b c"):
        status, out, complaints = sh(f"nc {words}")
        assert (status, out, complaints[:10]) == (1, "", "usage: nc ")
