# SPDX-License-Identifier: BSD-2-Clause
"""reboot(2), which ends the run, and how it fails."""

import io

import pytest

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_SYSCALL
from kernel.sys.reboot import RB_AUTOBOOT, RB_DUMP, RB_HALT, RB_NOSYNC, RB_POWERDOWN, RB_STRING
from userland import libktrace
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing


@pytest.mark.errno("reboot", Errno.EPERM)
def test_only_root(fails, user):
    """The caller is not the super-user."""
    fails(user, "reboot", RB_HALT)


@pytest.mark.errno("reboot", Errno.EFAULT)
def test_arguments_nowhere(fails, root):
    """RB_STRING, and the string is not in the caller's memory."""
    fails(root, trap, "reboot", RB_STRING, BAD)


@pytest.mark.errno("reboot", Errno.ENAMETOOLONG)
def test_arguments_too_long(fails, root):
    """RB_STRING, and the string is longer than 255 bytes."""
    fails(root, "reboot", RB_AUTOBOOT, b"x" * 256)


@pytest.mark.parametrize(
    ("howto", "said"),
    [
        (RB_AUTOBOOT, "rebooting..."),
        (RB_HALT, "The operating system has halted."),
        (RB_POWERDOWN, "The operating system has powered down."),
        (RB_DUMP | RB_NOSYNC, "rebooting..."),
    ],
)
def test_ends_the_run(howto, said):
    """Nobody runs again: whoever is asked to hears of the end; the log says what kind it was."""
    with api.boot() as k:
        other = k.process()
        with pytest.raises(api.Reboot, match=said) as caught:
            k.root().reboot(howto)
        assert caught.value.howto == howto
        assert k.dmesg()[-1] == said
        assert (k.dmesg()[0] == "syncing disks... done") != bool(howto & RB_NOSYNC)
        with pytest.raises(api.Reboot):
            other.getpid()
        k.settle()


@pytest.mark.trace("reboot", "CALL")
def test_last_record_is_the_call(k):
    """The trace is whole, and ends with the call: nothing of the program runs after it."""
    sink = io.BytesIO()
    p = k.process()
    k.ktrace(p, sink)
    with pytest.raises(api.Reboot):
        p.reboot(RB_HALT)
    records = list(libktrace.open(io.BytesIO(sink.getvalue())))
    assert records[-1].type == KTR_SYSCALL


def test_program_is_not_unwound(run, k):
    """A program that would catch everything does not get the chance."""
    with pytest.raises(api.Reboot):
        run("from userland.libc import reboot\ntry:\n reboot(8)\nfinally:\n print('never')\n")
    assert k.console.stdout == b""
