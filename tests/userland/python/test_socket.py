# SPDX-License-Identifier: BSD-2-Clause
"""Python's socket module inside: what it refuses is compared with the host elsewhere."""


def test_constants_are_netbsds(run):
    """Numbers are NetBSD's, and what NetBSD does not have is not there."""
    result = run(
        "import socket as s\n"
        "print(s.AF_INET6 + 0, s.AF_ROUTE + 0, s.IPPROTO_SCTP, s.IPV6_HOPLIMIT, s.SOL_SOCKET)\n"
        "print([n for n in ('AF_NETLINK', 'SO_PEERCRED', 'SO_NOSIGPIPE', 'LOCAL_PEERCRED',"
        " 'SOCK_NOSIGPIPE') if hasattr(s, n)], s.LOCAL_CREDS, s.SCM_CREDS, hex(s.INADDR_NONE))"
    )
    assert result.stderr == b""
    assert result.stdout == b"24 34 132 47 65535\n[] 4 16 0xffffffff\n"


def test_what_is_dropped_open_is_closed_and_said(run):
    """A socket and a queue that nobody holds any more give their descriptors back."""
    result = run(
        "import os, select, socket, warnings\n"
        "warnings.simplefilter('always')\n"
        "socket.socket().fileno()\n"
        "select.kqueue().fileno()\n"
        "print(os.dup(0))\n"
        "warnings.simplefilter('error')\n"
        "socket.socket()\n"
        "print(os.dup(0))\n"
    )
    assert result.stdout == b"3\n4\n"
    said = result.stderr.decode()
    assert said.startswith("/root/prog.py:3: ResourceWarning: unclosed <socket.socket fd=3,")
    assert "Exception ignored in: <socket.socket fd=4," in said
    assert said.count("ResourceWarning: unclosed") == 2
    assert "ResourceWarning: Enable tracemalloc" in said


def test_a_queue_does_not_come_along(run):
    """In a forked child a kqueue is closed."""
    result = run(
        "import os, select\n"
        "kq = select.kqueue()\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    os._exit(kq.closed)\n"
        "print(os.waitpid(pid, 0)[1], kq.closed)\n"
    )
    assert result.stderr == b""
    assert result.stdout == b"256 False\n"


def test_what_could_not_be_sent_may_be_resized(run):
    """The exception does not hold the buffer."""
    result = run(
        "import socket\n"
        "for size in (10, 9000):\n"
        "    one, other = socket.socketpair()\n"
        "    other.close()\n"
        "    data = bytearray(size)\n"
        "    for send in (one.send, one.sendall, lambda data: one.sendmsg([data])):\n"
        "        try:\n"
        "            send(data)\n"
        "        except OSError as exc:\n"
        "            data.clear()\n"
        "            print(type(exc).__name__)\n"
    )
    assert result.stderr == b""
    assert result.stdout == b"BrokenPipeError\n" * 6


def test_scopes_and_the_hosts_own_name(run):
    """An interface may follow an IPv6 address of a link; the host knows its own name."""
    result = run(
        "import socket as s\n"
        "((*_, name),) = s.getaddrinfo('fe80::1%lo0', 7, s.AF_INET6, s.SOCK_DGRAM)\n"
        "print(name, s.getnameinfo(name, s.NI_NUMERICHOST | s.NI_NUMERICSERV))\n"
        "print(s.gethostbyname(s.gethostname()))\n"
        "try:\n"
        "    s.getaddrinfo('fe80::1%em9', 7)\n"
        "except s.gaierror as exc:\n"
        "    print(exc.errno == s.EAI_NONAME)\n"
    )
    assert result.stderr == b""
    assert result.stdout == b"('fe80::1', 7, 0, 1) ('fe80::1%lo0', '7')\n127.0.0.1\nTrue\n"
