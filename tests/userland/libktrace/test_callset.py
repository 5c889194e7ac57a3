# SPDX-License-Identifier: BSD-2-Clause
"""Sets of system calls: userland.libktrace.callset."""

import pytest

from kernel.sys.syscall import SYSCALLS, sysno
from userland.libktrace.callset import callset


def _names(text):
    return {SYSCALLS[code].name for code in callset(text)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("open", {"open"}),
        ("open,close", {"open", "close"}),
        ("stat", {"__stat50"}),
        ("__stat50", {"__stat50"}),
        ("clone", {"__clone"}),
        ("sigaction", {"__sigaction_sigtramp"}),
        ("?nothing,open", {"open"}),
        ("none", set()),
        ("/^mk(dir|fifo)$", {"mkdir", "mkfifo"}),
        ("/^stat$", {"__stat50"}),
        ("open,,close,", {"open", "close"}),
        ("5", {"open"}),
        ("!!open", {"open"}),
        ("?none", set()),
        ("%statfs", {"__statvfs190"}),
        ("%%stat", {"__stat50", "__lstat50", "__fstat50", "fstatat"}),
    ],
)
def test_what_a_set_names(text, names):
    """Names are the table's or C's; "?" lets one not be there; expressions search."""
    assert _names(text) == names


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        ("%file", {"open", "rename", "__lstat50", "execve", "symlinkat"}, {"read", "mq_open"}),
        ("file", {"open"}, {"read"}),
        ("%desc", {"read", "fcntl", "openat", "__select50", "mmap", "__fstat50"}, {"unlink"}),
        ("%process", {"fork", "__wait450", "posix_spawn"}, {"read"}),
        ("%network", {"connect", "__socket30"}, {"read"}),
        ("%signal", {"kill", "__sigprocmask14"}, {"read"}),
        ("%net", {"connect", "__socket30"}, {"read"}),
        ("%creds", {"getuid", "setgroups"}, {"getpid"}),
        ("%clock", {"__clock_gettime50"}, {"__nanosleep50"}),
        ("%pure", {"getpid", "getuid"}, {"setuid"}),
        ("%ipc", {"shmat", "semop"}, {"read"}),
        ("%memory", {"mmap", "break"}, {"read"}),
        ("!%file,read", {"write", "close"}, {"open", "read"}),
        ("all", {"open", "fork", "read"}, set()),
    ],
)
def test_classes_of_calls(text, some, none):
    """strace's classes, with and without "%"; "!" turns a whole set round."""
    names = _names(text)
    assert some <= names
    assert not none & names


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nonsense", "no system call 'nonsense'"),
        (",", "no set of system calls"),
        ("open,none", "no system call 'none'"),
        ("clock", "no system call 'clock'"),
        ("9999", "no system call '9999'"),
        ("%nonsense", "no class of system calls '%nonsense'"),
        ("/(", "bad regular expression"),
        ("%file,!open", "a '!' is for the whole set and stands before it, not in '!open'"),
    ],
)
def test_what_is_no_set(text, what):
    """An error says which word is wrong."""
    with pytest.raises(ValueError, match=what.replace("(", r"\(")):
        callset(text)


def test_numbers():
    """A set is of the table's numbers."""
    assert callset("fork") == {sysno("fork")}
