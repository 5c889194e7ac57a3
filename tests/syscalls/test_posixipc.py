# SPDX-License-Identifier: BSD-2-Clause
"""POSIX semaphores and message queues: how their calls fail, and their traces."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_MAXFD,
    O_CREAT,
    O_EXCL,
    O_EXEC,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
)
from kernel.sys.ksem import KSEM_MAX, SEM_VALUE_MAX
from kernel.sys.mqueue import MQ_MAX_MAXMSG, MQ_MAX_MSGSIZE, MQ_OPEN_MAX, MQ_PRIO_MAX, MqAttr
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.signal import SA_RESTART, SIGUSR1
from kernel.sys.time import Timespec
from kernel.sys.timevar import Sigevent
from tests.syscalls.errnos import Traced, errnos
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushstr
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
MADE = O_CREAT | O_RDWR
PAST = Timespec(1, 0)
NO_TIME = Timespec(1 << 40, 1_000_000_000)


def named(call, name, *args):
    """A call with a string and more registers."""
    with Frame() as lwp:
        return trap(call, pushstr(lwp, name), *args)


OPENS = {
    "_ksem_open": lambda name, flags: ("sem_open", name, flags, 0o600, 1),
    "mq_open": lambda name, flags: ("mq_open", name, flags | O_RDWR, 0o600),
}
UNLINKS = {
    "_ksem_unlink": lambda name: ("sem_unlink", name),
    "mq_unlink": lambda name: ("mq_unlink", name),
}
FILES = {
    **{call: lambda make=make: make("/new", O_CREAT) for call, make in OPENS.items()},
    "_ksem_init": lambda: ("sem_init", 0, 1),
}


@errnos(Errno.ENOENT, OPENS)
def test_no_such_name(fails, root, call):
    """Nothing has the name, and O_CREAT is not given."""
    fails(root, *call("/n", 0))


@errnos(Errno.ENOENT, UNLINKS)
def test_no_such_name_to_unlink(fails, root, call):
    """Nothing has the name."""
    fails(root, *call("/n"))


@errnos(Errno.EEXIST, OPENS)
def test_there_already(fails, root, call):
    """Something has the name, and O_EXCL is given."""
    root.call(*call("/n", O_CREAT | O_EXCL))
    fails(root, *call("/n", O_CREAT | O_EXCL))


@errnos(Errno.EACCES, OPENS)
def test_not_permitted(fails, root, user, call):
    """Its mode does not let the caller open it so."""
    root.call(*call("/n", O_CREAT))
    fails(user, *call("/n", 0))


@errnos(Errno.EACCES, UNLINKS)
def test_of_another_user(fails, root, user, call):
    """It is another user's, whatever its mode."""
    root.umask(0)
    root.sem_open("/n", O_CREAT, 0o666)
    root.mq_open("/n", MADE, 0o666)
    assert user.sem_open("/n", 0)
    assert user.mq_open("/n", O_RDWR)
    fails(user, *call("/n"))


@errnos(
    Errno.ENAMETOOLONG, {**{n: lambda x, m=m: m(x, O_CREAT) for n, m in OPENS.items()}, **UNLINKS}
)
def test_long_name(fails, root, call):
    """The name is longer than it may be: 13 bytes for a semaphore, 510 for a queue."""
    fails(root, *call("/" + "n" * 510))


@errnos(
    Errno.EINVAL,
    {
        "_ksem_open": lambda: ("sem_open", "n", O_CREAT),
        "_ksem_open+slash": lambda: ("sem_open", "/a/b", O_CREAT),
        "_ksem_open+empty": lambda: ("sem_open", "/", O_CREAT),
        "mq_open": lambda: ("mq_open", "", MADE),
        "mq_open+exec": lambda: ("mq_open", "/n", O_EXEC),
        "mq_open+none": lambda: ("mq_open", "/n", MADE, 0, MqAttr(0, 0, 10)),
        "mq_open+many": lambda: ("mq_open", "/n", MADE, 0, MqAttr(0, MQ_MAX_MAXMSG + 1, 10)),
        "mq_open+large": lambda: ("mq_open", "/n", MADE, 0, MqAttr(0, 10, MQ_MAX_MSGSIZE + 1)),
    },
)
def test_names_and_attributes(fails, root, call):
    """A name of a wrong form, attributes beyond the limits, or a queue to be executed."""
    fails(root, *call())


@errnos(Errno.EMFILE, FILES)
def test_no_descriptor_left(fails, root, call):
    """The process has no descriptor left."""
    highest = root.fcntl(0, F_MAXFD)
    root.setrlimit(RLIMIT_NOFILE, Rlimit(highest + 1, highest + 2))
    fails(root, *call())


@pytest.mark.errno("mq_open", Errno.EMFILE)
def test_no_more_queues(fails, root):
    """The process has as many queues open as it may."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(1000, 1000))
    for _ in range(MQ_OPEN_MAX):
        root.mq_open("/n", MADE)
    fails(root, "mq_open", "/n", MADE)


@errnos(Errno.ENFILE, FILES)
def test_no_file_left(fails, k, root, call):
    """The system has no open file left."""
    k.kernel.limits.maxfiles = k.kernel.nfiles
    fails(root, *call())


@errnos(
    Errno.ENOSPC,
    {
        "_ksem_init": lambda: ("sem_init", 0, 1),
        "_ksem_open": lambda: ("sem_open", "/new", O_CREAT),
    },
)
def test_as_many_as_may_be(fails, root, call):
    """There are as many semaphores as there may be."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(1000, 1000))
    for _ in range(KSEM_MAX):
        root.sem_init()
    fails(root, *call())


@errnos(
    Errno.EFAULT,
    {
        "_ksem_init": lambda _fd, _mq: (trap, "_ksem_init", 1, BAD),
        "_ksem_open": lambda _fd, _mq: (trap, "_ksem_open", BAD, O_CREAT, 0, 1, BAD),
        "_ksem_open+id": lambda _fd, _mq: (named, "_ksem_open", "/x", O_CREAT, 0, 1, BAD),
        "_ksem_unlink": lambda _fd, _mq: (trap, "_ksem_unlink", BAD),
        "_ksem_timedwait": lambda fd, _mq: (trap, "_ksem_timedwait", fd, BAD),
        "_ksem_getvalue": lambda fd, _mq: (trap, "_ksem_getvalue", fd, BAD),
        "mq_open": lambda _fd, _mq: (trap, "mq_open", BAD, O_RDWR, 0, 0),
        "mq_open+attr": lambda _fd, _mq: (named, "mq_open", "/x", MADE, 0, BAD),
        "mq_unlink": lambda _fd, _mq: (trap, "mq_unlink", BAD),
        "mq_send": lambda _fd, mq: (trap, "mq_send", mq, BAD, 1, 0),
        "mq_timedsend": lambda _fd, mq: (trap, "__mq_timedsend50", mq, BAD, 1, 0, 0),
        "mq_timedsend+time": lambda _fd, mq: (trap, "__mq_timedsend50", mq, 0, 1, 0, BAD),
        "mq_receive": lambda _fd, mq: (trap, "mq_receive", mq, BAD, 1 << 20, 0),
        "mq_timedreceive": lambda _fd, mq: (trap, "__mq_timedreceive50", mq, BAD, 1 << 20, 0, 0),
        "mq_notify": lambda _fd, mq: (trap, "mq_notify", mq, BAD),
        "mq_getattr": lambda _fd, mq: (trap, "mq_getattr", mq, BAD),
        "mq_setattr": lambda _fd, mq: (trap, "mq_setattr", mq, BAD, 0),
    },
)
def test_nowhere(fails, k, root, call):
    """A name, a time or what is to be stored is not in the caller's memory; nothing is made."""
    mq = root.mq_open("/n", MADE)
    root.mq_send(mq, b"x")
    args = call(root.sem_init(), mq)
    files = k.kernel.nfiles, k.kernel.nksems
    fails(root, *args)
    assert (k.kernel.nfiles, k.kernel.nksems) == files


@errnos(
    Errno.EINVAL,
    {
        "_ksem_close": lambda _sem, _mq: ("sem_close", 99),
        "_ksem_close+unnamed": lambda sem, _mq: ("sem_close", sem),
        "_ksem_destroy": lambda _sem, _mq: ("sem_destroy", 0),
        "_ksem_post": lambda _sem, _mq: ("sem_post", 99),
        "_ksem_wait": lambda _sem, mq: ("sem_wait", mq),
        "_ksem_trywait": lambda _sem, _mq: ("sem_trywait", -1),
        "_ksem_getvalue": lambda _sem, _mq: ("sem_getvalue", 99),
        "_ksem_timedwait": lambda _sem, _mq: ("sem_timedwait", 99, PAST),
        "_ksem_timedwait+time": lambda sem, _mq: ("sem_timedwait", sem, NO_TIME),
        "mq_send": lambda _sem, mq: ("mq_send", mq, b"x", MQ_PRIO_MAX),
        "mq_timedsend": lambda _sem, mq: ("mq_timedsend", mq, b"x", MQ_PRIO_MAX, None),
        "mq_timedsend+time": lambda _sem, mq: ("mq_timedsend", mq, b"x", 0, NO_TIME),
        "mq_timedreceive": lambda _sem, mq: ("mq_timedreceive", mq + 1, 1000, NO_TIME),
        "mq_notify": lambda _sem, mq: ("mq_notify", mq, Sigevent(1, 99)),
    },
)
def test_arguments(fails, root, call):
    """There is no such semaphore, or of that kind; no such priority, time or signal."""
    mq = root.mq_open("/n", MADE, 0, MqAttr(0, 1, 10))
    root.mq_send(mq, b"x")
    root.mq_open("/empty", MADE)
    fails(root, *call(root.sem_init(), mq))


@pytest.mark.errno("_ksem_destroy", Errno.EINVAL)
def test_a_named_one_is_closed(fails, root):
    """The semaphore has a name."""
    fails(root, "sem_destroy", root.sem_open("/n", O_CREAT))


@errnos(
    Errno.EBADF,
    {
        "mq_close": lambda _ro, _wo: ("mq_close", 99),
        "mq_send": lambda ro, _wo: ("mq_send", ro, b"x"),
        "mq_send+file": lambda _ro, _wo: ("mq_send", 0, b"x"),
        "mq_timedsend": lambda ro, _wo: ("mq_timedsend", ro, b"x", 0, None),
        "mq_receive": lambda _ro, wo: ("mq_receive", wo, 1000),
        "mq_timedreceive": lambda _ro, wo: ("mq_timedreceive", wo, 1000, None),
        "mq_notify": lambda _ro, _wo: ("mq_notify", 0, None),
        "mq_getattr": lambda _ro, _wo: ("mq_getattr", 99),
        "mq_setattr": lambda _ro, _wo: ("mq_setattr", 0, MqAttr()),
    },
)
def test_no_queue(fails, root, call):
    """The descriptor is no queue's, or the queue is not open for that."""
    root.mq_close(root.mq_open("/n", MADE, 0o600))
    fails(root, *call(root.mq_open("/n", O_RDONLY), root.mq_open("/n", O_WRONLY)))


@errnos(
    Errno.EMSGSIZE,
    {
        "mq_send": lambda mq: ("mq_send", mq, bytes(11)),
        "mq_send+empty": lambda mq: ("mq_send", mq, b""),
        "mq_send+huge": lambda mq: ("mq_send", mq, bytes(MQ_MAX_MSGSIZE)),
        "mq_timedsend": lambda mq: ("mq_timedsend", mq, bytes(11), 0, None),
        "mq_receive": lambda mq: ("mq_receive", mq, 9),
        "mq_timedreceive": lambda mq: ("mq_timedreceive", mq, 9, None),
    },
)
def test_sizes(fails, root, call):
    """A message is empty or longer than the queue's; or there is not room for its longest."""
    fails(root, *call(root.mq_open("/n", MADE, 0, MqAttr(0, 10, 10))))


@errnos(
    Errno.EAGAIN,
    {
        "_ksem_trywait": lambda sem, _full, _empty: ("sem_trywait", sem),
        "mq_send": lambda _sem, full, _empty: ("mq_send", full, b"x"),
        "mq_timedsend": lambda _sem, full, _empty: ("mq_timedsend", full, b"x", 0, PAST),
        "mq_receive": lambda _sem, _full, empty: ("mq_receive", empty, 1000),
        "mq_timedreceive": lambda _sem, _full, empty: ("mq_timedreceive", empty, 1000, PAST),
    },
)
def test_it_would_wait(fails, root, call):
    """It would have to wait, and the queue is O_NONBLOCK: over a time that is past."""
    full = root.mq_open("/full", MADE | O_NONBLOCK, 0, MqAttr(0, 1, 10))
    root.mq_send(full, b"x")
    fails(root, *call(root.sem_init(), full, root.mq_open("/empty", MADE | O_NONBLOCK)))


@errnos(
    Errno.ETIMEDOUT,
    {
        "_ksem_timedwait": lambda sem, _full, _empty, when: ("sem_timedwait", sem, when),
        "mq_timedsend": lambda _sem, full, _empty, when: ("mq_timedsend", full, b"x", 0, when),
        "mq_timedreceive": lambda _sem, _f, empty, when: ("mq_timedreceive", empty, 1000, when),
    },
)
@pytest.mark.parametrize("late", [0, 5])
def test_time_is_up(fails, k, root, call, late):
    """Until the time nobody has done anything about it; or it is past already."""
    full = root.mq_open("/full", MADE, 0, MqAttr(0, 1, 10))
    root.mq_send(full, b"x")
    when = Timespec(int(k.time()) + late, 0)
    fails(root, *call(root.sem_init(), full, root.mq_open("/empty", MADE), when))


@errnos(
    Errno.EINTR,
    {
        "_ksem_wait": lambda sem, _full, _empty: ("sem_wait", sem),
        "_ksem_timedwait": lambda sem, _full, _empty: ("sem_timedwait", sem, None),
        "mq_send": lambda _sem, full, _empty: ("mq_send", full, b"x"),
        "mq_timedsend": lambda _sem, full, _empty: ("mq_timedsend", full, b"x", 0, None),
        "mq_receive": lambda _sem, _full, empty: ("mq_receive", empty, 1000),
        "mq_timedreceive": lambda _sem, _full, empty: ("mq_timedreceive", empty, 1000, None),
    },
)
def test_interrupted(begins, root, person, call):
    """A signal is caught while it waits."""
    full = root.mq_open("/full", MADE, 0, MqAttr(0, 1, 10))
    root.mq_send(full, b"x")
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(root, *call(root.sem_init(), full, root.mq_open("/empty", MADE)))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


@errnos(
    Errno.EINTR,
    {
        "mq_send": lambda full, _empty: ("mq_send", full, b"x"),
        "mq_receive": lambda _full, empty: ("mq_receive", empty, 1000),
    },
)
def test_the_name_goes_meanwhile(begins, root, person, call):
    """The queue is unlinked while the caller waits; or SA_RESTART is set: queues do not restart."""
    full = root.mq_open("/full", MADE, 0, MqAttr(0, 1, 10))
    root.mq_send(full, b"x")
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None, 0, SA_RESTART))
    finish = begins(root, *call(full, root.mq_open("/empty", MADE)))
    other = person(0, 0)
    other.mq_unlink("/full")
    other.mq_unlink("/empty")
    finish()


@pytest.mark.errno("_ksem_post", Errno.EOVERFLOW)
def test_the_largest_value(fails, root):
    """The value is the largest already."""
    fails(root, "sem_post", root.sem_init(0, SEM_VALUE_MAX))


@pytest.mark.errno("_ksem_destroy", Errno.EBUSY)
def test_somebody_waits(fails, root):
    """Another process waits for it."""
    sem = root.sem_init()
    root.fork().begin("sem_wait", sem)
    fails(root, "sem_destroy", sem)


@pytest.mark.errno("mq_notify", Errno.EBUSY)
def test_somebody_is_to_hear(fails, root, other):
    """Somebody has asked already, be it the caller."""
    mq = root.mq_open("/n", MADE)
    root.mq_notify(mq, Sigevent(1, SIGUSR1))
    fails(root, "mq_notify", mq, Sigevent(1, SIGUSR1))


TRACES = {
    "_ksem_init": lambda _sem, _named, _mq: ("sem_init",),
    "_ksem_open": lambda _sem, _named, _mq: ("sem_open", "/n", O_CREAT),
    "_ksem_unlink": lambda _sem, _named, _mq: ("sem_unlink", "/named"),
    "_ksem_close": lambda _sem, named, _mq: ("sem_close", named),
    "_ksem_destroy": lambda sem, _named, _mq: ("sem_destroy", sem),
    "_ksem_post": lambda sem, _named, _mq: ("sem_post", sem),
    "_ksem_wait": lambda sem, _named, _mq: ("sem_wait", sem),
    "_ksem_trywait": lambda sem, _named, _mq: ("sem_trywait", sem),
    "_ksem_timedwait": lambda sem, _named, _mq: ("sem_timedwait", sem, PAST),
    "_ksem_getvalue": lambda sem, _named, _mq: ("sem_getvalue", sem),
    "mq_open": lambda _sem, _named, _mq: ("mq_open", "/n", MADE),
    "mq_close": lambda _sem, _named, mq: ("mq_close", mq),
    "mq_unlink": lambda _sem, _named, _mq: ("mq_unlink", "/mq"),
    "mq_send": lambda _sem, _named, mq: ("mq_send", mq, b"more"),
    "mq_timedsend": lambda _sem, _named, mq: ("mq_timedsend", mq, b"more", 0, PAST),
    "mq_receive": lambda _sem, _named, mq: ("mq_receive", mq, 1000),
    "mq_timedreceive": lambda _sem, _named, mq: ("mq_timedreceive", mq, 1000, PAST),
    "mq_notify": lambda _sem, _named, mq: ("mq_notify", mq, None),
    "mq_getattr": lambda _sem, _named, mq: ("mq_getattr", mq),
    "mq_setattr": lambda _sem, _named, mq: ("mq_setattr", mq, MqAttr()),
}


@pytest.mark.parametrize(
    ("name", "act"),
    [
        pytest.param(name, act, id=name, marks=pytest.mark.trace(name, "CALL RET"))
        for name, act in TRACES.items()
    ],
)
def test_the_trace_of_a_call(k, root, name, act):
    """The call and its return: names are none of files, messages no I/O."""
    mq = root.mq_open("/mq", MADE)
    root.mq_send(mq, b"x")
    args = act(root.sem_init(0, 1), root.sem_open("/named", O_CREAT), mq)
    trace = Traced(k, root)
    root.call(*args)
    records = trace.records()
    assert len(records) == 2, name
    assert records[1].body().ktr_error == 0
