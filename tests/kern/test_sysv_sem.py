# SPDX-License-Identifier: BSD-2-Clause
"""System V semaphores: all or nothing, who waits and who goes on, and what is undone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.ipc import IPC_CREAT, IPC_NOWAIT, IPC_PRIVATE, IPC_RMID, IPC_SET, IPC_STAT
from kernel.sys.sem import (
    GETALL,
    GETNCNT,
    GETPID,
    GETVAL,
    GETZCNT,
    SEM_UNDO,
    SEMVMX,
    SETALL,
    SETVAL,
)

LAB = "from userland.libc import *\n"


def test_waiting_for_a_resource(k):
    """Who asks for more than there is sleeps until there is enough; the counts tell of it."""
    one, two = k.process(), k.process()
    semid = one.semget(IPC_PRIVATE, 2, 0o600)
    one.begin("semop", semid, [(0, -3)])
    assert two.semctl(semid, 0, GETNCNT) == 1
    two.semop(semid, [(0, 2)])
    k.settle()
    assert two.semctl(semid, 0, GETVAL) == 2
    two.semop(semid, [(0, 2)])
    one.finish()
    assert two.semctl(semid, 0, GETALL) == [1, 0]
    assert two.semctl(semid, 0, GETPID) == one.pid
    assert two.semctl(semid, 0, GETNCNT) == 0


def test_waiting_for_zero(k):
    """An operation of 0 waits until the semaphore is."""
    one, two = k.process(), k.process()
    semid = one.semget(IPC_PRIVATE, 1, 0o600)
    one.semctl(semid, 0, SETVAL, 2)
    one.begin("semop", semid, [(0, 0), (0, 5)])
    assert two.semctl(semid, 0, GETZCNT) == 1
    two.semop(semid, [(0, -1)])
    two.semop(semid, [(0, -1)])
    one.finish()
    assert two.semctl(semid, 0, GETVAL) == 5


def test_all_or_nothing(k):
    """What was done before the operation that cannot be is undone while the caller waits."""
    one, two = k.process(), k.process()
    semid = one.semget(IPC_PRIVATE, 3, 0o600)
    one.begin("semop", semid, [(0, 4), (1, -1), (2, 1)])
    assert two.semctl(semid, 0, GETALL) == [0, 0, 0]
    two.semop(semid, [(1, 1)])
    one.finish()
    assert two.semctl(semid, 0, GETALL) == [4, 0, 1]


def test_what_is_told_and_set(k):
    """Owner, permissions, when it was made and used; all values at once."""
    p = k.process()
    semid = p.semget(9, 3, IPC_CREAT | 0o640)
    p.semctl(semid, 0, SETALL, [1, 2, 3])
    ds = p.semctl(semid, 0, IPC_STAT)
    assert (ds.sem_nsems, ds.sem_perm.mode, ds.sem_perm.key, ds.sem_otime) == (3, 0o640, 9, 0)
    assert ds.sem_ctime == int(k.time())
    k.advance(3)
    p.semop(semid, [(0, 1)])
    p.semctl(semid, 0, IPC_SET, ds._replace(sem_perm=ds.sem_perm._replace(gid=100, mode=0o1777)))
    after = p.semctl(semid, 0, IPC_STAT)
    assert (after.sem_otime, after.sem_perm.gid, after.sem_perm.mode) == (int(k.time()), 100, 0o777)
    p.semctl(semid, 0, IPC_RMID)
    assert not k.kernel.semsets


def test_undone_at_the_end(k, run):
    """Exit and a deadly signal undo; exec does not, children inherit nothing to undo."""
    p = k.root()
    semid = p.semget(5, 2, IPC_CREAT | 0o600)
    result = run(
        LAB
        + "semid = semget(5, 0, 0)\n"
        + "semop(semid, [(0, 3, SEM_UNDO), (1, 2, SEM_UNDO), (1, 1)])\n"
        + "if fork() == 0:\n"
        + "    semop(semid, [(0, 4, SEM_UNDO)])\n    kill(getpid(), SIGKILL)\n"
        + "wait()\nprint(semctl(semid, 0, GETALL), flush=True)\n"
        + "execv('/bin/sh', ['sh', '-c', 'exit 0'])\n"
    )
    assert result.stdout == b"[3, 3]\n", result.stderr
    assert p.semctl(semid, 0, GETALL) == [0, 1]
    assert not k.kernel.semundo


def test_undoing_wakes(k):
    """Who waits goes on when what the dead took is given back; no value falls below 0."""
    one, two = k.process(), k.process()
    semid = one.semget(IPC_PRIVATE, 1, 0o600)
    two.semop(semid, [(0, 5, SEM_UNDO)])
    two.semop(semid, [(0, -4)])
    one.begin("semop", semid, [(0, 0)])
    two.call("_exit", 0)
    one.finish()
    assert one.semctl(semid, 0, GETVAL) == 0


@pytest.mark.parametrize("command", ["SETVAL", "RMID"])
def test_setting_and_removing_forget_what_was_to_be_undone(k, command):
    """Values that are set are not changed by an end; a set that is gone is not missed."""
    one, two = k.process(), k.process()
    semid = one.semget(IPC_PRIVATE, 2, 0o600)
    two.semop(semid, [(0, 5, SEM_UNDO), (1, 5, SEM_UNDO)])
    if command == "SETVAL":
        one.semctl(semid, 0, SETVAL, 7)
    else:
        one.semctl(semid, 0, IPC_RMID)
    two.call("_exit", 0)
    assert not k.kernel.semundo
    if command == "SETVAL":
        assert one.semctl(semid, 0, GETALL) == [7, 0]


OPS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-3, 3), st.sampled_from([0, SEM_UNDO])),
    min_size=1,
    max_size=4,
)


@pytest.mark.filterwarnings("ignore:The recursion limit")
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), OPS), max_size=25))
def test_semaphores_are_what_a_model_says(steps):
    """Values, refusals and undoing of three processes against a dict, and one end after the other."""
    with api.boot() as k:
        processes = [k.process() for _ in range(3)]
        semid = processes[0].semget(IPC_PRIVATE, 4, 0o600)
        values = [0] * 4
        undo = [[0] * 4 for _ in processes]
        for who, ops in steps:
            after, possible = values[:], True
            for num, change, _ in ops:
                possible = possible and (after[num] + change >= 0 if change else not after[num])
                after[num] += change
            sops = [(num, change, flags | IPC_NOWAIT) for num, change, flags in ops]
            if possible:
                processes[who].semop(semid, sops)
                values = after
                for num, change, flags in ops:
                    undo[who][num] -= change if flags else 0
            else:
                with pytest.raises(OSError, match="temporarily") as failure:
                    processes[who].semop(semid, sops)
                assert failure.value.errno == Errno.EAGAIN
            assert processes[who].semctl(semid, 0, GETALL) == values
        assert max(values) <= SEMVMX
        for who in (2, 1):
            processes[who].call("_exit", 0)
            values = [max(value + back, 0) for value, back in zip(values, undo[who], strict=True)]
            assert processes[0].semctl(semid, 0, GETALL) == values
