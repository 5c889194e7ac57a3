# SPDX-License-Identifier: BSD-2-Clause
"""syslog(3): to who listens at /var/run/log, else to the file that syslogd would write."""

from kernel.sys.fcntl import O_RDONLY
from kernel.sys.socket import AF_LOCAL, SOCK_DGRAM
from kernel.sys.syslog import (
    LOG_DAEMON,
    LOG_DEBUG,
    LOG_ERR,
    LOG_INFO,
    LOG_MAIL,
    LOG_PERROR,
    LOG_PID,
)
from kernel.sys.un import SockaddrUn


def messages(p):
    fd = p.open("/var/log/messages", O_RDONLY)
    try:
        return p.read(fd, 10_000).decode().splitlines()
    finally:
        p.close(fd)


def test_without_a_listener_the_file_has_it(k):
    """Time, host, name and pid, then the message."""
    p = k.process(1000)
    p.openlog("me", LOG_PID, LOG_DAEMON)
    p.syslog(LOG_INFO, "hello\n")
    p.closelog()
    assert messages(p) == [f"Aug  7 16:45:05 sysent me[{p.pid}]: hello"]


def test_a_listener_gets_priority_and_facility(k):
    """The facility is openlog's unless the message has its own."""
    server, p = k.root(), k.process(1000)
    s = server.socket(AF_LOCAL, SOCK_DGRAM)
    server.bind(s, SockaddrUn(b"/var/run/log"))
    server.chmod("/var/run/log", 0o666)
    p.openlog("me", 0, LOG_DAEMON)
    p.syslog(LOG_ERR, "one")
    p.syslog(LOG_MAIL | LOG_INFO, "two")
    assert server.recv(s, 100) == b"<27>Aug  7 16:45:05 me: one"
    assert server.recv(s, 100) == b"<22>Aug  7 16:45:05 me: two"
    server.close(s)
    p.syslog(LOG_ERR, "three")
    assert messages(p)[-1].endswith("me: three")


def test_what_the_mask_leaves_out_is_not_sent(k):
    """setlogmask returns the old mask; 0 only asks."""
    p = k.root()
    assert p.setlogmask(1 << LOG_ERR) == 0xFF
    p.syslog(LOG_DEBUG, "no")
    p.syslog(LOG_ERR, "yes")
    assert p.setlogmask(0) == 1 << LOG_ERR
    assert len(messages(p)) == 1


def test_errors_are_said_aloud_too(k):
    """LOG_PERROR: on standard error as well."""
    p = k.root()
    p.openlog("me", LOG_PERROR, 0)
    p.syslog(LOG_ERR, "boo")
    assert bytes(k.console.stderr) == b"me: boo\n"


def test_a_program_may_be_syslogd(k, run):
    """What logger(1) and a program's own syslog(3) say comes to who has bound /var/run/log."""
    done = run(
        """
import os, socket
from userland.libc import LOG_ERR, LOG_MAIL, LOG_PID, openlog, syslog
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/var/run/log")
os.chmod("/var/run/log", 0o666)
openlog("self", LOG_PID, LOG_MAIL)
syslog(LOG_ERR, "one")
if os.fork() == 0:
    os.setuid(1000)
    os.execv("/usr/bin/logger", ["logger", "-t", "me", "-p", "daemon.info", "two"])
os.wait()
for _ in range(2):
    print(s.recv(1000).decode())
print(os.getpid())
"""
    )
    assert done.stderr == b""
    one, two, pid = done.stdout.decode().splitlines()
    assert one.startswith("<19>Aug  7 16:45:")
    assert one.endswith(f" self[{pid}]: one")
    assert two.startswith("<30>Aug  7 16:45:")
    assert two.endswith(" me: two")
    assert messages(k.root()) == []
