# SPDX-License-Identifier: BSD-2-Clause
"""reboot, halt, poweroff: end the run.  NetBSD sbin/reboot/reboot.c."""

import sys
from contextlib import suppress
from typing import NoReturn

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.sysctl import CTL_KERN, KERN_PROC2, KERN_PROC_ALL, KinfoProc2
from userland.libc import (
    LOG_AUTH,
    LOG_CRIT,
    RB_AUTOBOOT,
    RB_DUMP,
    RB_HALT,
    RB_NOSYNC,
    RB_POWERDOWN,
    SIG_IGN,
    SIGHUP,
    SIGINT,
    SIGKILL,
    SIGQUIT,
    SIGTERM,
    SIGTSTP,
    err,
    errx,
    exit,
    geteuid,
    getlogin,
    getopt,
    getpid,
    getprogname,
    kill,
    reboot,
    signal,
    sleep,
    sync,
    sysctl,
    syslog,
    write,
)

WHAT = {"halt": RB_HALT, "poweroff": RB_POWERDOWN, "reboot": RB_AUTOBOOT}


def usage() -> NoReturn:
    flags = "dlnpq" if getprogname() == "halt" else "dlnq"
    write(2, f"usage: {getprogname()} [-{flags}]\n".encode())
    exit(1)


def others() -> list[int]:
    """Return all processes but init, this one, and those that wait for it.

    NetBSD kills those, too; here the run would be over with the first of them.
    """
    size = sizeof(KinfoProc2)
    data = sysctl((CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, size, 1 << 20))
    found = [unpack_from(KinfoProc2, data, at) for at in range(0, len(data), size)]
    parents = {p.p_pid: p.p_ppid for p in found if p.p_uvalid}
    pid = getpid()
    while pid in parents:
        pid = parents.pop(pid)
    return sorted(parents)


def end_all() -> None:
    """Ask every process to end, give them a moment, then kill what is left."""
    for signo in (SIGTERM, SIGKILL):
        pids = others()
        for pid in pids:
            with suppress(OSError):
                kill(pid, signo)
        if pids:
            sleep(2)


def main(argv: list[str]) -> int:
    """Run reboot(8), halt(8) or poweroff(8)."""
    howto = WHAT.get(getprogname(), RB_AUTOBOOT)
    options, args = getopt(argv, "dlnpq" if howto == RB_HALT else "dlnq")
    flags = {option for option, _ in options}
    if args or "?" in flags:
        usage()
    howto |= RB_DUMP if "d" in flags else 0
    howto |= RB_NOSYNC if "n" in flags else 0
    howto |= RB_POWERDOWN if "p" in flags else 0
    if geteuid():
        errx(1, "Operation not permitted")
    if "q" not in flags:
        if "l" not in flags:
            verb = {"halt": "halted", "poweroff": "powered off"}.get(getprogname(), "rebooted")
            syslog(LOG_AUTH | LOG_CRIT, f"{verb} by {getlogin() or 'root'}")
        if "n" not in flags:
            sync()
        for signo in (SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP):
            signal(signo, SIG_IGN)
        end_all()
    try:
        reboot(howto)
    except OSError:
        err(1, "reboot")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
