# SPDX-License-Identifier: BSD-2-Clause
"""top: the processes that use most of the CPU.  NetBSD external/bsd/top.

It prints and ends, as with -b, whether that is said or not: no screen is drawn anew.
"""

import struct
import sys
from collections import Counter
from typing import Final, NoReturn

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.param import PAGE_SIZE
from kernel.sys.proc import LSIDL, LSONPROC, LSRUN, LSSLEEP, LSSTOP, LSZOMB, SZOMB
from kernel.sys.sysctl import (
    CP_IDLE,
    CP_INTR,
    CP_NICE,
    CP_SYS,
    CP_USER,
    CPUSTATES,
    CTL_KERN,
    CTL_VM,
    KERN_BOOTTIME,
    KERN_CP_TIME,
    KERN_FSCALE,
    KERN_PROC2,
    KERN_PROC_ALL,
    UVMEXP2,
    VM_UVMEXP2,
    KinfoProc2,
)
from kernel.sys.time import Timespec
from userland.libc import (
    INT_MAX,
    Writer,
    errx,
    exit,
    getloadavg,
    getopt,
    getpwnam,
    gettimeofday,
    sleep,
    strtoi,
    sysctl,
    write,
)
from userland.libc.pwcache import NameCache
from userland.libc.strftime import strftime

NZERO: Final = 20
STATES: Final = {
    LSIDL: "starting", LSRUN: "runnable", LSSLEEP: "sleeping", LSSTOP: "stopped",
    LSZOMB: "zombie", SZOMB: "zombie", LSONPROC: "on CPU",
}  # fmt: skip
LETTERS: Final = {LSIDL: "IDLE", LSRUN: "RUN", LSSTOP: "STOP", LSZOMB: "ZOMB", SZOMB: "ZOMB"}
ORDERS: Final = {
    "cpu": lambda p: (-p.p_pctcpu, -p.p_rtime_sec, -p.p_rtime_usec, p.p_pid),
    "pid": lambda p: p.p_pid,
    "size": lambda p: (-p.p_vm_vsize, p.p_pid),
    "res": lambda p: (-p.p_vm_rssize, p.p_pid),
    "time": lambda p: (-p.p_rtime_sec, -p.p_rtime_usec, p.p_pid),
    "pri": lambda p: (p.p_priority, p.p_pid),
    "username": lambda p: (p.p_uid, p.p_pid),
}


def usage() -> NoReturn:
    write(
        2,
        b"Usage: top [-bcCiInSt1u] [-d count] [-m io|cpu] [-o field] [-p pid] [-s time]\n"
        b"\t   [-U username] [number]\n",
    )
    exit(1)


def amount(pages: int) -> str:
    """Return a size in K, M or G."""
    kilobytes = pages * PAGE_SIZE // 1024
    for unit in "KMG":
        if kilobytes < 10_000 or unit == "G":
            return f"{kilobytes}{unit}"
        kilobytes //= 1024
    raise AssertionError


def ticks() -> list[int]:
    return list(
        struct.unpack(f"<{CPUSTATES}Q", sysctl((CTL_KERN, KERN_CP_TIME), size=8 * CPUSTATES))
    )


def head(processes: list[KinfoProc2]) -> list[str]:
    """Return the lines above the processes."""
    now = gettimeofday().tv_sec
    boot = Timespec.unpack(sysctl((CTL_KERN, KERN_BOOTTIME), size=16)).tv_sec
    minutes = (now - boot) // 60
    load = ", ".join(f"{value:5.2f}" for value in getloadavg())
    up = f"{minutes // 1440}+{minutes // 60 % 24:02d}:{minutes % 60:02d}:{(now - boot) % 60:02d}"
    lines = [f"load averages: {load};{'':15s}up {up:<20s}{strftime('%H:%M:%S', now)}"]
    counts = Counter(STATES.get(p.p_stat, "?") for p in processes)
    kinds = ", ".join(
        f"{counts[name]} {name}" for name in dict.fromkeys(STATES.values()) if counts[name]
    )
    lines.append(f"{len(processes)} process{'es' if len(processes) != 1 else ''}: {kinds}")
    spent = ticks()
    total = sum(spent) or 1
    shares = (
        (CP_USER, "user"),
        (CP_NICE, "nice"),
        (CP_SYS, "system"),
        (CP_INTR, "interrupt"),
        (CP_IDLE, "idle"),
    )
    lines.append(
        "CPU states: " + ", ".join(f"{100 * spent[at] / total:4.1f}% {name}" for at, name in shares)
    )
    data = sysctl((CTL_VM, VM_UVMEXP2))
    memory = dict(zip(UVMEXP2, struct.unpack(f"<{len(UVMEXP2)}q", data), strict=True))
    parts = (
        ("active", "Act"),
        ("inactive", "Inact"),
        ("wired", "Wired"),
        ("execpages", "Exec"),
        ("filepages", "File"),
        ("free", "Free"),
    )
    lines.append("Memory: " + ", ".join(f"{amount(memory[key])} {name}" for key, name in parts))
    swap = memory["swpages"]
    lines.append(f"Swap: {amount(swap)} Total, {amount(swap - memory['swpginuse'])} Free")
    return [*lines, ""]


def row(p: KinfoProc2, names: NameCache, fscale: int) -> str:
    """Return the line of a process."""
    waits = p.p_wmesg.split(b"\0")[0].decode() or "-"
    state = LETTERS.get(p.p_stat, "CPU" if p.p_stat == LSONPROC else waits)
    seconds = p.p_rtime_sec
    percent = 100 * p.p_pctcpu / fscale
    comm = p.p_comm.split(b"\0")[0].decode("utf-8", "replace")
    return (
        f"{p.p_pid:5d} {names.user_from_uid(p.p_uid):<8.8s} {p.p_priority:4d} {p.p_nice - NZERO:4d}"
        f" {amount(p.p_vm_vsize):>6s} {amount(p.p_vm_rssize):>5s} {state:<8.8s}"
        f" {seconds // 60:3d}:{seconds % 60:02d} {percent:5.2f}% {percent:5.2f}% {comm}"
    )


def number(text: str) -> int:
    try:
        return strtoi(text, 0, INT_MAX)
    except ValueError:
        errx(1, f"warning: '{text}' is not a number")


def main(argv: list[str]) -> int:
    """Run top(1), in batch mode."""
    options, args = getopt(argv, "1bCcd:Iim:no:p:qSs:tU:u")
    names = NameCache()
    displays, pause, order, count = 1, 5, "cpu", 0
    pid = uid = -1
    idle = True
    for option, value in options:
        if option == "?":
            usage()
        elif option == "d":
            displays = number(value)
        elif option == "s":
            pause = number(value)
        elif option == "I":
            idle = False
        elif option == "o":
            if value not in ORDERS:
                errx(1, f"'{value}' is not a recognized sorting order.")
            order = value
        elif option == "p":
            pid = number(value)
        elif option == "U":
            entry = getpwnam(value)
            if entry is None:
                errx(1, f"{value}: unknown user")
            uid = entry.pw_uid
    if args:
        count = number(args[0])
    fscale = int.from_bytes(sysctl((CTL_KERN, KERN_FSCALE), size=4), "little")
    size = sizeof(KinfoProc2)
    with Writer(1) as out:
        for turn in range(displays):
            if turn:
                out.print("")
                out.flush()
                sleep(pause)
            data = sysctl((CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, size, 1 << 20))
            processes = [unpack_from(KinfoProc2, data, at) for at in range(0, len(data), size)]
            shown = [
                p
                for p in processes
                if pid in {-1, p.p_pid}
                and uid in {-1, p.p_uid}
                and (idle or p.p_stat in {LSRUN, LSONPROC})
            ]
            for line in head(processes):
                out.print(line)
            out.print("  PID USERNAME PRI NICE   SIZE   RES STATE      TIME   WCPU    CPU COMMAND")
            for p in sorted(shown, key=ORDERS[order])[: count or None]:
                out.print(row(p, names, fscale))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
