# SPDX-License-Identifier: BSD-2-Clause
"""POSIX message queues and semaphores: order, waiting, notification, and what stays behind."""

import pytest

from kernel.sys.fcntl import O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR
from kernel.sys.file import POLLIN, POLLOUT
from kernel.sys.mqueue import MQ_DEF_MAXMSG, MqAttr
from kernel.sys.signal import SA_SIGINFO, SI_MESGQ, SIGUSR1
from kernel.sys.time import Timespec
from kernel.sys.timevar import Sigevent
from userland.libc.signal import Sigaction

MADE = O_CREAT | O_RDWR
LAB = "from userland.libc import *\n"


def test_messages_come_by_priority_and_age(k):
    """The highest priority first, and of one priority the oldest."""
    p = k.process()
    mq = p.mq_open("/q", MADE)
    for number, prio in enumerate((1, 5, 0, 5, 31, 1)):
        p.mq_send(mq, b"%d" % number, prio)
    assert p.mq_getattr(mq).mq_curmsgs == 6
    got = [p.mq_receive(mq) for _ in range(6)]
    assert got == [(b"4", 31), (b"1", 5), (b"3", 5), (b"0", 1), (b"5", 1), (b"2", 0)]


def test_senders_and_receivers_wait(k):
    """For room, and for a message; whoever waited first is served first."""
    one, two, three = k.process(), k.process(), k.process()
    mq = one.mq_open("/q", MADE, 0o600, MqAttr(0, 2, 10))
    its, others = two.mq_open("/q", O_RDWR), three.mq_open("/q", O_RDWR)
    one.begin("mq_receive", mq)
    two.begin("mq_receive", its)
    assert (one.lwp.l_wmesg, two.lwp.l_wmesg) == ("mqsendcv", "mqsendcv")
    three.mq_send(others, b"a")
    three.mq_send(others, b"b")
    assert (one.finish(), two.finish()) == ((b"a", 0), (b"b", 0))
    for text in (b"c", b"d"):
        three.mq_send(others, text)
    one.begin("mq_send", mq, b"e")
    assert one.lwp.l_wmesg == "mqrecvcv"
    assert two.mq_receive(its) == (b"c", 0)
    one.finish()
    assert [two.mq_receive(its)[0] for _ in range(2)] == [b"d", b"e"]


def test_one_is_told_once(k):
    """A signal with its value, when a message comes into the empty queue and nobody waits for it."""
    p, other = k.process(), k.process()
    seen = []
    p.sigaction(
        SIGUSR1,
        Sigaction(lambda _s, info, _c: seen.append((info.si_code, info.si_value)), 0, SA_SIGINFO),
    )
    mq = p.mq_open("/q", MADE, 0o600)
    its = other.mq_open("/q", O_RDWR)
    p.mq_notify(mq, Sigevent(1, SIGUSR1, 42))
    for _ in range(2):
        other.mq_send(its, b"x")
        p.getpid()
    assert seen == [(SI_MESGQ, 42)]
    p.mq_notify(mq, Sigevent(1, SIGUSR1))
    other.mq_send(its, b"x")
    assert len(seen) == 1
    p.mq_notify(mq, None)
    other.mq_notify(its, Sigevent(0))


def test_attributes(k):
    """Defaults and what was asked for; O_NONBLOCK is the queue's, for all who have it open."""
    p = k.process()
    mq = p.mq_open("/q", MADE)
    assert p.mq_getattr(mq) == MqAttr(MADE, MQ_DEF_MAXMSG, 992, 0)
    again = p.mq_open("/q", O_RDONLY)
    assert p.mq_setattr(mq, MqAttr(O_NONBLOCK, 7, 7, 7)).mq_flags == MADE
    assert p.mq_getattr(again) == MqAttr(MADE | O_NONBLOCK, MQ_DEF_MAXMSG, 992, 0)
    with pytest.raises(BlockingIOError):
        p.mq_receive(again)
    assert p.fstat(mq).st_mode == 0


def test_poll(k):
    """Readable with a message, writable with room; a poll that waits is woken."""
    p, other = k.process(), k.process()
    mq = p.mq_open("/q", MADE, 0o600, MqAttr(0, 1, 10))
    both = [(mq, POLLIN | POLLOUT)]
    assert p.poll(both, 0) == [(mq, POLLOUT)]
    p.begin("poll", [(mq, POLLIN)], -1)
    other.mq_send(other.mq_open("/q", O_RDWR), b"x")
    assert p.finish() == [(mq, POLLIN)]
    assert p.poll(both, 0) == [(mq, POLLIN)]
    with pytest.raises(OSError, match="not supported"):
        p.read(mq, 10)


def test_a_queue_outlives_its_users_but_not_its_name(k):
    """Messages stay while nobody has it open; unlinked, it goes with the last who has."""
    p = k.process()
    mq = p.mq_open("/q", MADE)
    p.mq_send(mq, b"kept")
    p.mq_close(mq)
    mq = p.mq_open("/q", O_RDWR)
    p.mq_unlink("/q")
    assert p.mq_receive(mq) == (b"kept", 0)
    assert not k.kernel.mqueues
    fresh = p.mq_open("/q", MADE)
    assert p.mq_getattr(fresh).mq_curmsgs == 0


def test_a_semaphore_between_processes(k, run):
    """Children inherit it; a child's wait ends with its parent's post."""
    result = run(
        LAB
        + "sem, done = sem_init(1, 0), sem_init(1, 0)\n"
        + "for _ in range(3):\n"
        + "    if fork() == 0:\n        sem_wait(sem)\n        sem_post(done)\n        _exit(0)\n"
        + "print(sem_getvalue(done))\n"
        + "for _ in range(3):\n    sem_post(sem)\n"
        + "for _ in range(3):\n    sem_wait(done)\n    wait()\n"
        + "print(sem_getvalue(sem), sem_getvalue(done))\nsem_destroy(sem)\n"
    )
    assert result.stdout == b"0\n0 0\n", result.stderr
    assert k.kernel.nksems == 0


def test_named_semaphores(k):
    """Found by name until that is taken away; the value stays while nobody has it open."""
    p, other = k.process(), k.process(1000)
    p.umask(0)
    sem = p.sem_open("/s", O_CREAT, 0o666, 2)
    its = other.sem_open("/s", 0)
    other.sem_wait(its)
    p.sem_close(sem)
    other.sem_close(its)
    sem = p.sem_open("/s", O_CREAT, 0o666, 9)
    assert p.sem_getvalue(sem) == 1
    assert p.fstat(sem).st_mode == 0o666
    p.sem_unlink("/s")
    assert (k.kernel.nksems, k.kernel.ksems) == (1, {})
    p.close(sem)
    assert k.kernel.nksems == 0


def test_a_wait_with_a_time(k):
    """It ends when somebody posts, or when the time has come."""
    p = k.process()
    sem = p.sem_init()
    child = p.fork()
    p.begin("sem_timedwait", sem, Timespec(int(k.time()) + 10, 0))
    assert p.lwp.l_wmesg == "psem"
    child.sem_post(sem)
    assert p.finish() == 0
    with pytest.raises(TimeoutError):
        p.sem_timedwait(sem, Timespec(int(k.time()) + 10, 0))
