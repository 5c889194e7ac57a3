# SPDX-License-Identifier: BSD-2-Clause
"""System V shared memory: who shares what, and when it goes."""

from kernel.sys.ipc import IPC_CREAT, IPC_PRIVATE, IPC_RMID, IPC_SET, IPC_STAT
from kernel.sys.shm import SHM_RDONLY, SHM_RND
from userland.libc import SIGSEGV, WTERMSIG

LAB = "from userland.libc import *\n"


def test_a_segment_is_shared(k):
    """By all who attach it, at whatever address; it keeps its contents while nobody does."""
    one, two = k.process(), k.process()
    shmid = one.shmget(1, 5000, IPC_CREAT | 0o600)
    mine = one.shmat(shmid)
    one.store(mine + 4990, b"shared")
    one.shmdt(mine)
    its = two.shmat(two.shmget(1, 0, 0), 0x40_0123, SHM_RND)
    assert its == 0x40_0000
    assert two.load(its + 4990, 6) == b"shared"


def test_a_segment_for_reading(k):
    """With SHM_RDONLY a store is a fault, and mprotect cannot change that."""
    p = k.process()
    at = p.shmat(p.shmget(IPC_PRIVATE, 1, 0o600), 0, SHM_RDONLY)
    p.call("store", at, b"x")
    assert WTERMSIG(p.status) == SIGSEGV


def test_what_is_told_of_it(k):
    """Size, who made and who last used it, how often it is attached, and when."""
    p, other = k.process(), k.process()
    shmid = p.shmget(7, 100, IPC_CREAT | 0o640)
    at = other.shmat(shmid)
    ds = p.shmctl(shmid, IPC_STAT)
    assert (ds.shm_segsz, ds.shm_nattch, ds.shm_cpid, ds.shm_lpid) == (100, 1, p.pid, other.pid)
    assert (ds.shm_perm.mode, ds.shm_perm.key, ds.shm_perm.uid) == (0o640, 7, 0)
    assert ds.shm_atime == ds.shm_ctime == int(k.time())
    assert ds.shm_dtime == 0
    k.advance(5)
    other.shmdt(at)
    p.shmctl(shmid, IPC_SET, ds._replace(shm_perm=ds.shm_perm._replace(uid=1000, mode=0o606)))
    after = p.shmctl(shmid, IPC_STAT)
    assert (after.shm_nattch, after.shm_dtime) == (0, int(k.time()))
    assert (after.shm_perm.uid, after.shm_perm.cuid, after.shm_perm.mode) == (1000, 0, 0o606)


def test_a_removed_segment_goes_with_the_last(k):
    """It has no key and no identifier any more, but who has it attached keeps it."""
    p = k.process()
    shmid = p.shmget(7, 100, IPC_CREAT | 0o600)
    at = p.shmat(shmid)
    child = p.fork()
    p.shmctl(shmid, IPC_RMID)
    assert p.shmget(7, 100, IPC_CREAT | 0o600) != shmid
    p.store(at, b"x")
    assert child.load(at, 1) == b"x"
    p.shmdt(at)
    assert len(k.kernel.shmsegs) == 2
    child.call("_exit", 0)
    assert len(k.kernel.shmsegs) == 1


def test_exit_and_exec_detach(k, run):
    """A forked child has it too; each detaches, and nothing stays behind."""
    for end in ("", "execv('/usr/bin/true', ['true'])\n"):
        result = run(
            LAB
            + "shmid = shmget(IPC_PRIVATE, 4096, 0o600)\nat = shmat(shmid)\n"
            + "store(at, b'parent')\n"
            + "if fork() == 0:\n    print(load(at, 6))\n    store(at, b'child!')\n    exit(0)\n"
            + "wait()\nprint(load(at, 6), shmctl(shmid, IPC_STAT).shm_nattch, flush=True)\n"
            + "shmctl(shmid, IPC_RMID)\nif fork() == 0:\n    kill(getpid(), SIGKILL)\n"
            + "wait()\n"
            + end
        )
        assert result.stdout == b"b'parent'\nb'child!' 1\n", result.stderr
        assert not k.kernel.shmsegs
