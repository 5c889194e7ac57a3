# SPDX-License-Identifier: BSD-2-Clause
"""System V shared memory, semaphores and message queues: how their calls fail, and their traces."""

import pytest

from kernel.kern.sysv_shm import SHMMAX
from kernel.sys.errno import Errno
from kernel.sys.ipc import (
    IPC_CREAT,
    IPC_EXCL,
    IPC_NOWAIT,
    IPC_PRIVATE,
    IPC_RMID,
    IPC_SET,
    IPC_STAT,
)
from kernel.sys.ktrace import KTR_CSW
from kernel.sys.msg import MSG_NOERROR, MSGMNB, MSGMNI
from kernel.sys.sem import (
    GETALL,
    GETVAL,
    SEM_UNDO,
    SEMMNI,
    SEMMNU,
    SEMMSL,
    SEMOPM,
    SEMUME,
    SEMVMX,
    SETALL,
    SETVAL,
)
from kernel.sys.shm import SHM_LOCK, SHM_RDONLY, SHMMNI, SHMSEG
from kernel.sys.signal import SIGUSR1
from tests.syscalls.errnos import Traced, errnos
from userland.libc.signal import Sigaction
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
KEY = 4711
GETS = {
    "shmget": lambda key, flags: ("shmget", key, 4096, flags),
    "semget": lambda key, flags: ("semget", key, 3, flags),
    "msgget": lambda key, flags: ("msgget", key, flags),
}


def make(p, kind, mode=0o600):
    """A segment, a set of three semaphores or a queue of p's, with permissions mode."""
    return p.call(*GETS[kind + "get"](IPC_PRIVATE, mode))


@errnos(Errno.ENOENT, GETS)
def test_no_such_key(fails, root, call):
    """Nothing has the key, and IPC_CREAT is not given."""
    fails(root, *call(KEY, 0o600))


@errnos(Errno.EEXIST, GETS)
def test_there_already(fails, root, call):
    """Something has the key, and IPC_CREAT and IPC_EXCL are given."""
    made = root.call(*call(KEY, IPC_CREAT | IPC_EXCL | 0o600))
    assert root.call(*call(KEY, IPC_CREAT | 0o600)) == made
    fails(root, *call(KEY, IPC_CREAT | IPC_EXCL | 0o600))


@errnos(Errno.EACCES, GETS)
def test_key_of_somebody_else(fails, root, user, call):
    """Its permissions do not allow what the caller asks for."""
    root.call(*call(KEY, IPC_CREAT | 0o644))
    user.call(*call(KEY, 0o400))
    fails(user, *call(KEY, 0o600))


@errnos(
    Errno.EACCES,
    {
        "shmat": lambda ids: ("shmat", ids["shm"]),
        "shmctl": lambda ids: ("shmctl", ids["shm"], IPC_STAT),
        "semop": lambda ids: ("semop", ids["sem"], [(0, 1)]),
        "semctl": lambda ids: ("semctl", ids["sem"], 0, GETVAL),
        "semctl+set": lambda ids: ("semctl", ids["sem"], 0, SETVAL, 1),
        "msgsnd": lambda ids: ("msgsnd", ids["msg"], 1, b"x"),
        "msgrcv": lambda ids: ("msgrcv", ids["msg"], 10),
        "msgctl": lambda ids: ("msgctl", ids["msg"], IPC_STAT),
    },
)
def test_not_permitted(fails, root, user, call):
    """The permissions do not let the caller read or change it."""
    fails(user, *call({kind: make(root, kind) for kind in ("shm", "sem", "msg")}))


@errnos(
    Errno.EPERM,
    {
        "shmctl": lambda ids: ("shmctl", ids["shm"], IPC_RMID),
        "shmctl+lock": lambda ids: ("shmctl", ids["shm"], SHM_LOCK),
        "semctl": lambda ids: ("semctl", ids["sem"], 0, IPC_RMID),
        "msgctl": lambda ids: ("msgctl", ids["msg"], IPC_RMID),
    },
)
def test_not_the_owner(fails, root, user, call):
    """Only the owner, who made it, and the super-user may change or remove it; locking is root's."""
    fails(user, *call({kind: make(root, kind, 0o666) for kind in ("shm", "sem", "msg")}))


@pytest.mark.errno("msgctl", Errno.EPERM)
def test_a_larger_queue(fails, root, user):
    """Only the super-user makes a queue larger."""
    msqid = make(user, "msg")
    small = user.msgctl(msqid, IPC_STAT)._replace(msg_qbytes=100)
    user.msgctl(msqid, IPC_SET, small)
    fails(user, "msgctl", msqid, IPC_SET, small._replace(msg_qbytes=101))
    root.msgctl(msqid, IPC_SET, small._replace(msg_qbytes=1 << 40))
    assert root.msgctl(msqid, IPC_STAT).msg_qbytes == MSGMNB


@errnos(
    Errno.EINVAL,
    {
        "shmat": lambda ids: ("shmat", ids["shm"] + (1 << 16)),
        "shmat+odd": lambda ids: ("shmat", ids["shm"], 0x40_0001),
        "shmdt": lambda _ids: ("shmdt", 0x40_0000),
        "shmctl": lambda ids: ("shmctl", ids["shm"], 99),
        "shmctl+id": lambda _ids: ("shmctl", 99, IPC_RMID),
        "shmget": lambda _ids: ("shmget", IPC_PRIVATE, 0, 0),
        "shmget+large": lambda _ids: ("shmget", IPC_PRIVATE, SHMMAX + 1, 0),
        "semop": lambda _ids: ("semop", 99, [(0, 1)]),
        "semctl": lambda ids: ("semctl", ids["sem"], 0, 99),
        "semctl+num": lambda ids: ("semctl", ids["sem"], 3, GETVAL),
        "semctl+below": lambda ids: ("semctl", ids["sem"], -1, SETVAL, 1),
        "semget": lambda _ids: ("semget", IPC_PRIVATE, 0, 0),
        "semget+large": lambda _ids: ("semget", IPC_PRIVATE, SEMMSL + 1, 0),
        "msgsnd": lambda ids: ("msgsnd", ids["msg"], 1, bytes(MSGMNB + 1)),
        "msgsnd+type": lambda ids: ("msgsnd", ids["msg"], 0, b"x"),
        "msgrcv": lambda _ids: ("msgrcv", 99, 10),
        "msgctl": lambda ids: ("msgctl", ids["msg"], 99),
    },
)
def test_arguments(fails, root, call):
    """There is no such one, no such command, semaphore, size or type."""
    fails(root, *call({kind: make(root, kind) for kind in ("shm", "sem", "msg")}))


@errnos(
    Errno.EINVAL,
    {
        "shmget": lambda: ("shmget", KEY, 4097, 0),
        "semget": lambda: ("semget", KEY, 4, 0),
    },
)
def test_larger_than_it_is(fails, root, call):
    """What has the key is smaller than asked for."""
    root.shmget(KEY, 4096, IPC_CREAT)
    root.semget(KEY, 3, IPC_CREAT)
    fails(root, *call())


@pytest.mark.errno("msgctl", Errno.EINVAL)
def test_no_queue_of_nothing(fails, root):
    """A queue's size would be 0."""
    msqid = make(root, "msg")
    fails(root, "msgctl", msqid, IPC_SET, root.msgctl(msqid, IPC_STAT)._replace(msg_qbytes=0))


@pytest.mark.errno("semop", Errno.EINVAL)
def test_too_much_to_undo(fails, root):
    """The process has something to undo at as many semaphores as it may; nothing is done."""
    semid = root.semget(IPC_PRIVATE, SEMUME + 1, 0o600)
    root.semop(semid, [(num, 1, SEM_UNDO) for num in range(SEMUME)])
    fails(root, "semop", semid, [(0, 1), (SEMUME, 1, SEM_UNDO)])
    assert root.semctl(semid, 0, GETALL) == [1] * SEMUME + [0]


@errnos(
    Errno.EFAULT,
    {
        "shmctl": lambda ids: (trap, "__shmctl50", ids["shm"], IPC_STAT, BAD),
        "shmctl+set": lambda _ids: (trap, "__shmctl50", 99, IPC_SET, BAD),
        "semctl": lambda ids: (trap, "____semctl50", ids["sem"], 0, IPC_STAT, BAD),
        "semctl+all": lambda ids: ("semctl", ids["sem"], 0, SETALL, BAD),
        "semop": lambda ids: (trap, "semop", ids["sem"], BAD, 1),
        "msgsnd": lambda ids: (trap, "msgsnd", ids["msg"], BAD, 1, 0),
        "msgrcv": lambda ids: (trap, "msgrcv", ids["msg"], BAD, 10, 0, 0),
        "msgctl": lambda ids: (trap, "__msgctl50", ids["msg"], IPC_STAT, BAD),
    },
)
def test_nowhere(fails, root, call):
    """What is to be read or stored is not in the caller's memory; a message is lost then."""
    ids = {kind: make(root, kind) for kind in ("shm", "sem", "msg")}
    root.msgsnd(ids["msg"], 1, b"lost")
    fails(root, *call(ids))


@errnos(
    Errno.ENOSPC,
    {
        "shmget": lambda: (("shmget", IPC_PRIVATE, 1, 0), SHMMNI),
        "semget": lambda: (("semget", IPC_PRIVATE, 1, 0), SEMMNI),
        "semget+all": lambda: (("semget", IPC_PRIVATE, 30, 0), 2),
        "msgget": lambda: (("msgget", IPC_PRIVATE, 0), MSGMNI),
    },
)
def test_as_many_as_may_be(fails, root, call):
    """There are as many as there may be; semaphores are counted over all sets."""
    args, most = call()
    ids = {root.call(*args) for _ in range(most)}
    assert len(ids) == most
    fails(root, *args)


@pytest.mark.errno("semop", Errno.ENOSPC)
def test_too_many_who_undo(fails, k, root):
    """As many processes as may be have something to undo."""
    semid = make(root, "sem", 0o666)
    for _ in range(SEMMNU):
        k.process().semop(semid, [(0, 1, SEM_UNDO)])
    fails(root, "semop", semid, [(0, 1, SEM_UNDO)])
    assert root.semctl(semid, 0, GETVAL) == SEMMNU


@pytest.mark.errno("shmget", Errno.ENOMEM)
def test_all_memory_is_used(fails, root):
    """All segments together would be larger than they may."""
    root.shmget(IPC_PRIVATE, SHMMAX, 0)
    fails(root, "shmget", IPC_PRIVATE, 1, 0)


@pytest.mark.errno("shmat", Errno.ENOMEM)
def test_something_is_there(fails, root):
    """Something else is mapped at the address."""
    shmid = make(root, "shm")
    fails(root, "shmat", shmid, root.shmat(shmid))


@pytest.mark.errno("shmat", Errno.EMFILE)
def test_too_many_attached(fails, root):
    """The process has as many attached as it may."""
    shmid = make(root, "shm")
    for _ in range(SHMSEG):
        root.shmat(shmid)
    fails(root, "shmat", shmid)


@pytest.mark.errno("shmat", Errno.EACCES)
def test_reading_is_allowed(fails, root, user):
    """The segment may be read only, and SHM_RDONLY is not given."""
    shmid = make(root, "shm", 0o644)
    assert user.load(user.shmat(shmid, 0, SHM_RDONLY), 1) == b"\0"
    fails(user, "shmat", shmid)


@pytest.mark.errno("semop", Errno.E2BIG)
def test_too_many_operations(fails, root):
    """More operations than one call may do."""
    fails(root, "semop", make(root, "sem"), [(0, 1)] * (SEMOPM + 1))


@pytest.mark.errno("semop", Errno.EFBIG)
def test_no_such_semaphore(fails, root):
    """The set has no semaphore of that number."""
    fails(root, "semop", make(root, "sem"), [(0, 1), (3, 1)])


@errnos(
    Errno.ERANGE,
    {
        "semctl": lambda semid: ("semctl", semid, 0, SETVAL, SEMVMX + 1),
        "semctl+all": lambda semid: ("semctl", semid, 0, SETALL, [1, SEMVMX + 1, 1]),
    },
)
def test_too_large_a_value(fails, root, call):
    """A semaphore's value would be above SEMVMX; of SETALL, those before it are set."""
    fails(root, *call(make(root, "sem")))


def test_values_are_unsigned_shorts(root):
    """semop(2) knows no SEMVMX: beyond 65535 a value begins at 0 again, and so it is undone."""
    semid = make(root, "sem")
    for _ in range(2):
        root.semop(semid, [(0, SEMVMX)])
    child = root.fork()
    child.semop(semid, [(0, SEMVMX, SEM_UNDO)])
    assert root.semctl(semid, 0, GETALL) == [SEMVMX * 3 - 65536, 0, 0]
    child._exit(0)
    assert root.semctl(semid, 0, GETVAL) == 0


@errnos(
    Errno.EAGAIN,
    {
        "semop": lambda ids: ("semop", ids["sem"], [(1, 5), (0, -1, IPC_NOWAIT)]),
        "semop+zero": lambda ids: ("semop", ids["sem"], [(2, 1), (2, 0, IPC_NOWAIT)]),
        "msgsnd": lambda ids: ("msgsnd", ids["msg"], 1, bytes(MSGMNB), IPC_NOWAIT),
    },
)
def test_it_would_wait(fails, root, call):
    """It would have to wait, and IPC_NOWAIT is given; of operations, none is done."""
    ids = {kind: make(root, kind) for kind in ("sem", "msg")}
    root.msgsnd(ids["msg"], 1, b"x")
    fails(root, *call(ids))
    assert root.semctl(ids["sem"], 0, GETALL) == [0, 0, 0]


@pytest.mark.errno("msgrcv", Errno.ENOMSG)
def test_no_message(fails, root):
    """There is none of that type, and IPC_NOWAIT is given."""
    msqid = make(root, "msg")
    root.msgsnd(msqid, 5, b"x")
    fails(root, "msgrcv", msqid, 10, 4, IPC_NOWAIT)
    fails(root, "msgrcv", msqid, 10, -4, IPC_NOWAIT)


@pytest.mark.errno("msgrcv", Errno.E2BIG)
def test_too_long_a_message(fails, root):
    """The text is longer than there is room for; MSG_NOERROR would cut it. It stays."""
    msqid = make(root, "msg")
    root.msgsnd(msqid, 5, b"12345")
    fails(root, "msgrcv", msqid, 4)
    assert root.msgrcv(msqid, 4, 0, MSG_NOERROR) == (5, b"1234")


WAITS = {
    "semop": lambda ids: ("semop", ids["sem"], [(0, -1)]),
    "msgsnd": lambda ids: ("msgsnd", ids["msg"], 1, bytes(MSGMNB)),
    "msgrcv": lambda ids: ("msgrcv", ids["msg"], 10, 7),
}


@errnos(Errno.EIDRM, WAITS)
def test_removed_meanwhile(begins, root, person, call):
    """It is removed while the caller waits."""
    ids = {kind: make(root, kind) for kind in ("sem", "msg")}
    root.msgsnd(ids["msg"], 1, b"x")
    finish = begins(root, *call(ids))
    other = person(0, 0)
    other.semctl(ids["sem"], 0, IPC_RMID)
    other.msgctl(ids["msg"], IPC_RMID)
    finish()


@errnos(Errno.EINTR, WAITS)
@pytest.mark.parametrize("restart", [0, 2])
def test_interrupted(begins, root, person, call, restart):
    """A signal is caught while it waits, whether its handler restarts calls or not."""
    ids = {kind: make(root, kind) for kind in ("sem", "msg")}
    root.msgsnd(ids["msg"], 1, b"x")
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None, 0, restart))
    finish = begins(root, *call(ids))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


TRACES = {
    "shmget": lambda _ids: ("shmget", IPC_PRIVATE, 4096, 0),
    "shmat": lambda ids: ("shmat", ids["shm"]),
    "shmdt": lambda ids: ("shmdt", ids["at"]),
    "shmctl": lambda ids: ("shmctl", ids["shm"], IPC_STAT),
    "semget": lambda _ids: ("semget", IPC_PRIVATE, 1, 0),
    "semop": lambda ids: ("semop", ids["sem"], [(0, 1)]),
    "semctl": lambda ids: ("semctl", ids["sem"], 0, GETVAL),
    "semconfig": lambda _ids: ("semconfig", 0),
    "msgget": lambda _ids: ("msgget", IPC_PRIVATE, 0),
    "msgsnd": lambda ids: ("msgsnd", ids["msg"], 1, b"x"),
    "msgrcv": lambda ids: ("msgrcv", ids["msg"], 10),
    "msgctl": lambda ids: ("msgctl", ids["msg"], IPC_STAT),
}


@pytest.mark.parametrize(
    ("name", "act"),
    [
        pytest.param(name, act, id=name, marks=pytest.mark.trace(name, "CALL RET"))
        for name, act in TRACES.items()
    ],
)
def test_the_trace_of_a_call(k, root, name, act):
    """The call and its return; messages are no I/O of a descriptor."""
    ids = {kind: make(root, kind) for kind in ("shm", "sem", "msg")}
    ids["at"] = root.shmat(ids["shm"])
    root.msgsnd(ids["msg"], 1, b"x")
    trace = Traced(k, root)
    root.call(*act(ids))
    records = trace.records()
    assert len(records) == 2, name
    assert records[1].body().ktr_error == 0


def test_who_waits_is_seen_to_sleep(k, root, person):
    """Between CALL and RET, the switches: away, and back when somebody has let it go on."""
    semid = make(root, "sem")
    trace = Traced(k, root)
    root.begin("semop", semid, [(0, -1)])
    assert root.lwp.l_wmesg == "semwait"
    person(0, 0).semop(semid, [(0, 1)])
    root.finish()
    assert [r.type for r in trace.records()][1:3] == [KTR_CSW] * 2
