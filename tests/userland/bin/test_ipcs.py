# SPDX-License-Identifier: BSD-2-Clause
"""ipcs and ipcrm: what there is, its limits, and taking it away."""

from kernel.sys.ipc import IPC_CREAT

BEGIN = b"IPC status from <running system> as of Thu Aug  7 16:45:05 2003\n\n"


def test_ipcs_lists_what_there_is(k):
    """A line each, in the columns of NetBSD; what is asked for only."""
    p = k.root()
    shmid = p.shmget(7, 5000, IPC_CREAT | 0o640)
    p.shmat(shmid)
    semid = p.semget(-1, 3, IPC_CREAT | 0o600)
    msqid = k.process(1000, 100).msgget(9, IPC_CREAT | 0o666)
    p.msgsnd(msqid, 1, b"12345")
    header = b"T        ID     KEY        MODE       OWNER    GROUP"
    assert k.run(b"/usr/bin/ipcs").stdout == (
        BEGIN
        + b"Message Queues:\n" + header + b"\n"
        + b"q %9d          9 --rw-rw-rw-     user    users\n\n" % msqid
        + b"Shared Memory:\n" + header + b"\n"
        + b"m %9d          7 --rw-r-----     root    wheel\n\n" % shmid
        + b"Semaphores:\n" + header + b"\n"
        + b"s %9d         -1 --rw-------     root    wheel\n\n" % semid
    )  # fmt: skip
    shown = k.run(b"/usr/bin/ipcs", ["-qob"]).stdout.splitlines()
    assert shown[3].endswith(b"GROUP CBYTES  QNUM QBYTES")
    assert shown[4].endswith(b"users      5     1   2048")
    shown = k.run(b"/usr/bin/ipcs", ["-a", "-m"]).stdout.splitlines()
    assert shown[4].endswith(
        b"root    wheel     root    wheel      1    5000 %5d %5d 16:45:05 no-entry 16:45:05"
        % (p.pid, p.pid)
    )


def test_ipcs_tells_the_limits(k):
    """With -M, -Q, -S, or -T for all."""
    shown = k.run(b"/usr/bin/ipcs", ["-S"]).stdout
    assert shown.startswith(BEGIN + b"seminfo:\n\tsemmap:")
    assert b"\tsemvmx:   32767\t(semaphore maximum value)\n" in shown
    assert b"Semaphores" not in shown
    assert k.run(b"/usr/bin/ipcs", ["-T"]).stdout.count(b"info:\n") == 3
    assert k.run(b"/usr/bin/ipcs", ["-x"]).status == 1


def test_ipcrm_removes(k):
    """By identifier or key; what is not there is told of, and the others go."""
    p = k.root()
    p.semget(5, 1, IPC_CREAT)
    p.shmget(6, 1, IPC_CREAT)
    msqid = p.msgget(7, IPC_CREAT)
    result = k.run(b"/usr/bin/ipcrm", ["-S", "5", "-m", "99", "-q", str(msqid), "-M", "6"])
    assert (result.status, result.stderr) == (1, b"ipcrm: shmid(99): : Invalid argument\n")
    assert not k.kernel.semsets
    assert not k.kernel.shmsegs
    assert not k.kernel.msqueues
    assert k.run(b"/usr/bin/ipcrm", ["-Q", "0"]).stderr == (
        b"ipcrm: can't remove private message queues\n"
    )
    assert k.run(b"/usr/bin/ipcrm").status == 1
