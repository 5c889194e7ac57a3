# SPDX-License-Identifier: BSD-2-Clause
"""System V message queues: which message is taken, and who waits."""

import pytest

from kernel.sys.ipc import IPC_CREAT, IPC_NOWAIT, IPC_PRIVATE, IPC_RMID, IPC_SET, IPC_STAT
from kernel.sys.msg import MSGMNB, MSGSEG, MSGSSZ, MSGTQL


def test_messages_are_chosen_by_type(k):
    """0 takes the first, n the first of type n, -n the first of the lowest type up to n."""
    p = k.process()
    msqid = p.msgget(IPC_PRIVATE, 0o600)
    for mtype, text in ((3, b"a"), (1, b"b"), (2, b"c"), (1, b"d"), (5, b""), (3, b"e")):
        p.msgsnd(msqid, mtype, text)
    taken = [p.msgrcv(msqid, 10, msgtyp) for msgtyp in (5, -2, -9, 0, -3, 3)]
    assert taken == [(5, b""), (1, b"b"), (1, b"d"), (3, b"a"), (2, b"c"), (3, b"e")]


def test_waiting_for_a_message_and_for_room(k):
    """A reader sleeps until one of its type comes, a writer until there is room."""
    one, two = k.process(), k.process()
    msqid = one.msgget(IPC_PRIVATE, 0o600)
    one.begin("msgrcv", msqid, 10, 7)
    two.msgsnd(msqid, 6, bytes(MSGMNB - 10))
    k.settle()
    assert one.lwp.l_wmesg == "msgwait"
    two.msgsnd(msqid, 7, b"mine")
    assert one.finish() == (7, b"mine")
    one.begin("msgsnd", msqid, 1, bytes(11))
    assert two.msgctl(msqid, IPC_STAT).msg_cbytes == MSGMNB - 10
    two.msgrcv(msqid, MSGMNB)
    assert one.finish() == 0


def test_the_memory_of_all_queues_is_one(k):
    """Segments and headers are counted over all queues; who waits at one hears of another."""
    one, two = k.process(), k.process()
    ids = [one.msgget(IPC_PRIVATE, 0o600) for _ in range(12)]
    for msqid in ids[: MSGSSZ * MSGSEG // MSGMNB]:
        two.msgsnd(msqid, 1, bytes(MSGMNB), IPC_NOWAIT)
    one.begin("msgsnd", ids[-1], 1, b"x")
    assert one.lwp.l_wmesg == "msgwait"
    two.msgrcv(ids[0], MSGMNB)
    assert one.finish() == 0
    for msqid in ids:
        two.msgctl(msqid, IPC_RMID)
    msqid = two.msgget(IPC_PRIVATE, 0o600)
    for _ in range(MSGTQL):
        two.msgsnd(msqid, 1, b"")
    with pytest.raises(BlockingIOError):
        two.msgsnd(msqid, 1, b"", IPC_NOWAIT)


def test_what_is_told_of_a_queue(k):
    """How many messages and bytes, who last sent and received, and when."""
    p, other = k.process(), k.process()
    msqid = p.msgget(3, IPC_CREAT | 0o620)
    p.msgsnd(msqid, 1, b"12345")
    p.msgsnd(msqid, 2, b"678")
    k.advance(2)
    other.msgrcv(msqid, 10)
    ds = p.msgctl(msqid, IPC_STAT)
    assert (ds.msg_qnum, ds.msg_cbytes, ds.msg_qbytes) == (1, 3, MSGMNB)
    assert (ds.msg_lspid, ds.msg_lrpid) == (p.pid, other.pid)
    assert (ds.msg_stime, ds.msg_rtime) == (ds.msg_ctime, int(k.time()))
    perm = ds.msg_perm._replace(uid=1000, mode=0o600)
    p.msgctl(msqid, IPC_SET, ds._replace(msg_perm=perm, msg_qbytes=100))
    after = p.msgctl(msqid, IPC_STAT)
    assert (after.msg_perm.uid, after.msg_perm.cuid, after.msg_qbytes) == (1000, 0, 100)
    assert p.msgget(3, 0) == msqid


def test_identifiers_are_not_used_again(k):
    """One that is removed is not found, though another is in its place."""
    p = k.process()
    first = p.msgget(IPC_PRIVATE, 0o600)
    p.msgctl(first, IPC_RMID)
    second = p.msgget(IPC_PRIVATE, 0o600)
    assert first & 0xFFFF == second & 0xFFFF
    with pytest.raises(OSError, match="Invalid"):
        p.msgctl(first, IPC_STAT)
