# SPDX-License-Identifier: BSD-2-Clause
"""ipcs: tell of System V shared memory, semaphores and queues.  NetBSD usr.bin/ipcs/ipcs.c."""

import sys
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, NoReturn

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.msg import Msginfo, MsqidDsSysctl
from kernel.sys.sem import SEM_ALLOC, SemidDsSysctl, Seminfo
from kernel.sys.shm import SHMSEG_ALLOCATED, ShmidDsSysctl, Shminfo
from kernel.sys.sysctl import (
    CTL_KERN,
    KERN_SYSVIPC,
    KERN_SYSVIPC_INFO,
    KERN_SYSVIPC_MSG_INFO,
    KERN_SYSVIPC_SEM_INFO,
    KERN_SYSVIPC_SHM_INFO,
)
from userland.libc import exit, getopt, gettimeofday, sysctl, write
from userland.libc.pwcache import NameCache
from userland.libc.strftime import strftime

_HEADER: Final = "T        ID     KEY        MODE       OWNER    GROUP"


class Kind(NamedTuple):
    """One of the three: how the kernel tells of it, and what is printed."""

    letter: str
    title: str
    which: int
    info: type
    ds: type
    total: str
    limits: tuple[tuple[str, str], ...]  # name, what it is
    used: Callable[[Any], bool]
    columns: dict[str, tuple[str, Callable[[Any], str]]]  # by option: header, what of one


def _time(seconds: int) -> str:
    return strftime("%H:%M:%S", seconds) if seconds else "no-entry"


KINDS: Final = (
    Kind(
        "q", "Message Queues", KERN_SYSVIPC_MSG_INFO, Msginfo, MsqidDsSysctl, "msginfo",
        (
            ("msgmax", "max characters in a message"),
            ("msgmni", "# of message queues"),
            ("msgmnb", "max characters in a message queue"),
            ("msgtql", "max # of messages in system"),
            ("msgssz", "size of a message segment"),
            ("msgseg", "# of message segments in system"),
        ),
        lambda ds: bool(ds.msg_qbytes),
        {
            "o": (" CBYTES  QNUM", lambda ds: f" {ds.msg_cbytes:6d} {ds.msg_qnum:5d}"),
            "b": (" QBYTES", lambda ds: f" {ds.msg_qbytes:6d}"),
            "p": ("   LSPID   LRPID", lambda ds: f" {ds.msg_lspid:7d} {ds.msg_lrpid:7d}"),
            "t": (
                "    STIME    RTIME    CTIME",
                lambda ds: f" {_time(ds.msg_stime)} {_time(ds.msg_rtime)} {_time(ds.msg_ctime)}",
            ),
        },
    ),
    Kind(
        "m", "Shared Memory", KERN_SYSVIPC_SHM_INFO, Shminfo, ShmidDsSysctl, "shminfo",
        (
            ("shmmax", "max shared memory segment size"),
            ("shmmin", "min shared memory segment size"),
            ("shmmni", "max number of shared memory identifiers"),
            ("shmseg", "max shared memory segments per process"),
            ("shmall", "max amount of shared memory in pages"),
        ),
        lambda ds: bool(ds.shm_perm.mode & SHMSEG_ALLOCATED),
        {
            "o": (" NATTCH", lambda ds: f" {ds.shm_nattch:6d}"),
            "b": ("   SEGSZ", lambda ds: f" {ds.shm_segsz:7d}"),
            "p": ("  CPID  LPID", lambda ds: f" {ds.shm_cpid:5d} {ds.shm_lpid:5d}"),
            "t": (
                "    ATIME    DTIME    CTIME",
                lambda ds: f" {_time(ds.shm_atime)} {_time(ds.shm_dtime)} {_time(ds.shm_ctime)}",
            ),
        },
    ),
    Kind(
        "s", "Semaphores", KERN_SYSVIPC_SEM_INFO, Seminfo, SemidDsSysctl, "seminfo",
        (
            ("semmap", "# of entries in semaphore map"),
            ("semmni", "# of semaphore identifiers"),
            ("semmns", "# of semaphores in system"),
            ("semmnu", "# of undo structures in system"),
            ("semmsl", "max # of semaphores per id"),
            ("semopm", "max # of operations per semop call"),
            ("semume", "max # of undo entries per process"),
            ("semusz", "size in bytes of undo structure"),
            ("semvmx", "semaphore maximum value"),
            ("semaem", "adjust on exit max value"),
        ),
        lambda ds: bool(ds.sem_perm.mode & SEM_ALLOC),
        {
            "b": (" NSEMS", lambda ds: f" {ds.sem_nsems:5d}"),
            "t": ("    OTIME    CTIME", lambda ds: f" {_time(ds.sem_otime)} {_time(ds.sem_ctime)}"),
        },
    ),
)  # fmt: skip


def usage() -> NoReturn:
    write(2, b"usage: ipcs [-abcmopqstMQST]\n")
    exit(1)


def fmt_perm(mode: int) -> str:
    return "--" + "".join(
        letter if mode & 0o400 >> at else "-" for at, letter in enumerate("rwarwarwa")
    )


def fetch(kind: Kind) -> tuple[Any, list[Any]]:
    """Return the limits, and what there is in each place."""
    data = sysctl((CTL_KERN, KERN_SYSVIPC, KERN_SYSVIPC_INFO, kind.which))
    first, size = sizeof(kind.info), sizeof(kind.ds)
    info: Any = unpack_from(kind.info, data)
    return info, [unpack_from(kind.ds, data, at) for at in range(first, len(data), size)]


def totals(kind: Kind, info: Any) -> Iterator[str]:
    """Yield the lines that tell of the limits."""
    yield f"{kind.total}:"
    for name, what in kind.limits:
        yield f"\t{name}: {getattr(info, name):7d}\t({what})"
    yield ""


def listing(kind: Kind, places: list[Any], options: str, names: NameCache) -> Iterator[str]:
    """Yield the lines that tell of what there is."""
    columns = [column for letter, column in kind.columns.items() if letter in options]
    creator = "c" in options
    yield f"{kind.title}:"
    yield (
        _HEADER
        + ("  CREATOR   CGROUP" if creator else "")
        + "".join(header for header, _ in columns)
    )
    for ix, ds in enumerate(places):
        if not kind.used(ds):
            continue
        perm = ds[0]
        owners = [(perm.uid, perm.gid), *([(perm.cuid, perm.cgid)] if creator else [])]
        key = perm.key - (1 << 64) if perm.key >> 63 else perm.key
        line = f"{kind.letter} {perm.seq << 16 | ix:9d} {key:10d} {fmt_perm(perm.mode)}"
        for uid, gid in owners:
            line += f" {names.user_from_uid(uid):>8s} {names.group_from_gid(gid):>8s}"
        yield line + "".join(show(ds) for _, show in columns)
    yield ""


def main(argv: list[str]) -> int:
    """Run ipcs(1)."""
    shown, summed, options = "", "", ""
    parsed, args = getopt(argv, "MmQqSsabcoptT")
    for option, _ in parsed:
        if option in "MQST":
            summed += "QMS" if option == "T" else option
        elif option in "mqs":
            shown += option
        elif option == "a":
            options += "bcopt"
        elif option in "bcopt":
            options += option
        else:
            usage()
    if args:
        usage()
    if not shown and not summed:
        shown = "qms"
    names = NameCache()
    now = strftime("%a %b %e %H:%M:%S %Y", gettimeofday().tv_sec)
    print(f"IPC status from <running system> as of {now}\n")
    for kind in KINDS:
        info, places = fetch(kind)
        if kind.letter.upper() in summed:
            print("\n".join(totals(kind, info)))
        if kind.letter in shown:
            print("\n".join(listing(kind, places, options, names)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
