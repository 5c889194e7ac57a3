# SPDX-License-Identifier: BSD-2-Clause
"""sysctl(8), uname(1), hostname(1), dmesg(8): what they print, change and refuse."""

import pytest

from kernel.kern.subr_log import log


@pytest.fixture
def sh(k):
    """Runs a command line; returns its status, what it said and what it complained of."""

    def run(command, uid=0):
        done = k.run(b"/bin/sh", ["-c", command], uid=uid)
        return done.status, done.stdout.decode(), done.stderr.decode()

    return run


def test_sysctl_prints_values_by_type(sh):
    """Numbers, strings and structs each have their form; -n leaves the name out."""
    assert sh("sysctl kern.ostype hw.ncpu vm.loadavg kern.boottime") == (
        0,
        "kern.ostype = NetBSD\nhw.ncpu = 1\nvm.loadavg: 0.00 0.00 0.00\n"
        "kern.boottime = Thu Aug  7 16:45:05 2003\n",
        "",
    )
    assert sh("sysctl -n hw.ncpu; sysctl -e hw.ncpu; sysctl -x hw.ncpu")[1] == (
        "1\nhw.ncpu=1\nhw.ncpu = 0x00000001\n"
    )


def test_sysctl_walks(sh):
    """A node is all that is below it; -a is everything, with user.*, which is libc's."""
    status, out, complaints = sh("sysctl -a")
    assert (status, complaints) == (0, "")
    for line in ("kern.hostname = sysent", "user.line_max = 2048", "security.curtain = 0"):
        assert line in out.splitlines()
    assert sh("sysctl vfs.generic.usermount")[1] == "vfs.generic.usermount = 0\n"
    assert "proc.1.rlimit.descriptors.soft = 128\n" in sh("sysctl proc.1")[1]


def test_sysctl_describes(sh):
    """-d tells what a node is."""
    assert sh("sysctl -d kern.hostname")[1] == "kern.hostname: System hostname\n"


def test_sysctl_sets(sh):
    """-w sets, and tells the old and the new value; without it nothing is set."""
    assert sh("sysctl -w kern.hostname=foo.bar") == (0, "kern.hostname: sysent -> foo.bar\n", "")
    assert sh("sysctl kern.hostname=x") == (1, "", "sysctl: Must specify -w to set variables\n")
    assert sh("hostname; hostname -s")[1] == "foo.bar\nfoo\n"
    assert sh("sysctl -w kern.hostname=me", uid=1000) == (
        1,
        "",
        "sysctl: kern.hostname: Operation not permitted\n",
    )
    assert sh("sysctl -w kern.maxproc=x")[2] == "sysctl: kern.maxproc: 'x' is not a number\n"
    assert sh("echo 'kern.maxproc=99 # few' > f; sysctl -f f; sysctl -n kern.maxproc")[1] == (
        "kern.maxproc: 1044 -> 99\n99\n"
    )


def test_sysctl_says_which_word_is_wrong(sh):
    """The level of the name that is not there is told; -q keeps silent."""
    assert sh("sysctl foo") == (1, "", "sysctl: top level name 'foo' in 'foo' is invalid\n")
    assert sh("sysctl kern.foo")[2] == "sysctl: second level name 'foo' in 'kern.foo' is invalid\n"
    assert sh("sysctl -q kern.foo") == (1, "", "")


def test_uname(sh):
    """Words come in uname's order, whatever that of the options."""
    assert sh("uname; uname -rs; uname -p") == (0, "NetBSD\nNetBSD 10.0\npython\n", "")
    assert sh("uname -a")[1].startswith("NetBSD sysent 10.0 NetBSD 10.0 (SYSENT)")
    assert sh("uname x")[0] == 1


def test_hostname_is_roots_to_set(sh):
    """hostname NAME names the host."""
    assert sh("hostname new; hostname")[1] == "new\n"
    assert sh("hostname x", uid=1000) == (1, "", "hostname: sethostname: Operation not permitted\n")


def test_dmesg(k, sh):
    """dmesg prints the message buffer."""
    log(k.kernel, "something happened")
    assert sh("dmesg") == (0, "something happened\n", "")
