# SPDX-License-Identifier: BSD-2-Clause
"""The calls that set ids, groups and the login name: how they fail, and what saved ids are for."""

import itertools

import pytest

from kernel.sys.errno import Errno
from kernel.sys.proc import P_SUGID
from kernel.sys.ucred import Ucred
from tests.syscalls.errnos import Traced, errnos
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
KEEP = 0xFFFF_FFFF  # (uid_t)-1
IDS = {  # what sets an id, and how often it is given
    "setuid": 1,
    "seteuid": 1,
    "setreuid": 2,
    "setgid": 1,
    "setegid": 1,
    "setregid": 2,
}


READ = (
    "getegid geteuid getgid getpgrp getpid getppid getuid issetugid sched_yield".split()
)  # what cannot fail


def pushed(name, count, data):
    """Make a call whose second argument is the address of data."""
    with Frame() as lwp:
        trap(name, count, pushbytes(lwp, data))


@errnos(
    Errno.EPERM,
    {name: lambda name=name, n=count: (name, *[4711] * n) for name, count in IDS.items()},
)
def test_ids_of_others(fails, user, call):
    """The caller is not the super-user, and the id is none of those that the call allows."""
    fails(user, *call())


@errnos(
    Errno.EPERM,
    {
        "setgroups": lambda: ("setgroups", [1]),
        "setlogin": lambda: ("setlogin", "me"),
    },
)
def test_only_root(fails, user, call):
    """The caller is not the super-user."""
    fails(user, *call())


@errnos(
    Errno.EFAULT,
    {
        "setgroups": lambda: (trap, "setgroups", 1, BAD),
        "getgroups": lambda: (trap, "getgroups", 16, BAD),
        "getlogin": lambda: (trap, "__getlogin", BAD, 16),
        "setlogin": lambda: (trap, "__setlogin", BAD),
    },
)
def test_nowhere(fails, person, call):
    """The array or the name is not in the caller's memory."""
    fails(person(0, 0, (1, 2)), *call())


@errnos(
    Errno.EINVAL,
    {
        "setgroups": lambda: (pushed, "setgroups", 17, bytes(68)),
        "setgroups+negative": lambda: (pushed, "setgroups", -1, bytes(4)),
        "getgroups": lambda: (pushed, "getgroups", 1, bytes(4)),
        "setlogin": lambda: ("setlogin", "x" * 17),
    },
)
def test_sizes(fails, person, call):
    """More groups than sixteen, fewer than there are, or a name of more than sixteen bytes."""
    fails(person(0, 0, (1, 2)), *call())


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.trace(name, "CALL RET"))
        for name in (*IDS, *READ, "getgroups", "setgroups", "getlogin", "setlogin")
    ],
)
def test_every_call_is_traced(name, k, root):
    """No path, no data: the call and its result."""
    arguments = {"getgroups": (), "setgroups": ([1],), "getlogin": (), "setlogin": ("me",)}
    trace = Traced(k, root, "cin")
    root.call(name, *arguments.get(name, (0,) * IDS.get(name, 0)))
    assert {record.type for record in trace.records()} == {1, 2}


def allowed_uid(call, ids, new):
    """Return (real, effective, saved) after a call by who is not root; None if it is refused."""
    real, effective, saved = ids
    if call in ("setuid", "setgid"):
        return (new[0],) * 3 if new[0] == real else None
    if call in ("seteuid", "setegid"):
        return (real, new[0], saved) if new[0] in (real, saved) else None
    r, e = (old if n == KEEP else n for n, old in zip(new, (real, effective), strict=True))
    if r not in (real, effective) or e not in (real, effective, saved):
        return None
    return (r, e, saved if r == real else e)


@pytest.mark.parametrize("kind", ["u", "g"])
def test_saved_ids_to_the_letter(root, kind):
    """Each call, from each combination of three ids, to each: as the manual's sentences say."""
    calls = {"u": ("setuid", "seteuid", "setreuid"), "g": ("setgid", "setegid", "setregid")}[kind]
    child = root.fork()
    proc = child.proc
    for ids, call in itertools.product(itertools.product((5, 6, 7), repeat=3), calls):
        width = IDS[call]
        values = (5, 6, 7, 8, KEEP) if width == 2 else (5, 6, 7, 8)
        for new in itertools.product(values, repeat=width):
            other = (9, 9, 9) if kind == "u" else (5, 5, 5)
            uids, gids = (ids, other) if kind == "u" else (other, ids)
            proc.p_cred = Ucred(uids[1], gids[1], uids[0], gids[0], uids[2], gids[2], ())
            proc.p_flag &= ~P_SUGID
            expected = allowed_uid(call, ids, new)
            try:
                child.call(call, *new)
                worked = True
            except PermissionError:
                worked = False
            cred = proc.p_cred
            now = (
                (cred.cr_ruid, cred.cr_uid, cred.cr_svuid)
                if kind == "u"
                else (cred.cr_rgid, cred.cr_gid, cred.cr_svgid)
            )
            assert (worked, now) == (expected is not None, expected or ids), (call, ids, new)
            assert bool(proc.p_flag & P_SUGID) == (now != ids)
    proc.p_cred = root.proc.p_cred


def test_root_takes_any_ids_and_loses_them_with_setuid(root):
    """setuid of root sets all three; seteuid keeps the way back."""
    child = root.fork()
    child.seteuid(5)
    assert (child.getuid(), child.geteuid()) == (0, 5)
    child.seteuid(0)
    child.setreuid(6, 7)
    assert (child.getuid(), child.geteuid()) == (6, 7)
    child.seteuid(6)
    child.seteuid(7)
    with pytest.raises(PermissionError):
        child.setuid(0)


def test_exec_sets_the_saved_id_and_clears_the_taint(k, root):
    """A set-user-id program runs as its owner and is tainted; an ordinary one is not any more."""
    k.install(
        b"/t/p.py",
        b"from userland.libc import *\nwrite(1, b'%d %d %d' % (getuid(), geteuid(), issetugid()))\n",
    )
    root.chmod(b"/t/p.py", 0o4755)
    assert k.run(b"/t/p.py", uid=1000).stdout == b"1000 0 1"
    root.chmod(b"/t/p.py", 0o755)
    assert k.run(b"/t/p.py", uid=1000).stdout == b"1000 1000 0"
    root.setegid(5)
    assert root.issetugid() == 1


def test_login_is_the_sessions(root):
    """Every process of the session has it, a new session takes it along, and changing it is its own."""
    root.setlogin("x" * 16)
    child = root.fork()
    assert child.getlogin() == "x" * 16
    child.setsid()
    child.setlogin("other")
    assert (child.getlogin(), root.getlogin()) == ("other", "x" * 16)


def test_groups(person):
    """getgroups gives what setgroups was given, in its order; sixteen are the most."""
    p = person(0, 0)
    p.setgroups([3, 1, 2])
    assert p.getgroups() == (3, 1, 2)
    p.setgroups(list(range(16)))
    assert len(p.getgroups()) == 16
    p.setgroups([])
    assert p.getgroups() == ()
