# SPDX-License-Identifier: BSD-2-Clause
"""time: run a command and tell how long it took.  NetBSD usr.bin/time/time.c."""

import sys
from typing import NoReturn

from userland.libc import (
    ENOENT,
    SIG_DFL,
    SIG_IGN,
    SIGINT,
    SIGQUIT,
    WEXITSTATUS,
    WIFEXITED,
    err,
    exit,
    getopt,
    gettimeofday,
    signal,
    wait4,
    write,
)
from userland.libc.vforkexec import start

US = 10**6
USAGE_LINES = (
    ("maximum resident set size", "ru_maxrss"),
    ("average shared memory size", "ru_ixrss"),
    ("average unshared data size", "ru_idrss"),
    ("average unshared stack size", "ru_isrss"),
    ("page reclaims", "ru_minflt"),
    ("page faults", "ru_majflt"),
    ("swaps", "ru_nswap"),
    ("block input operations", "ru_inblock"),
    ("block output operations", "ru_oublock"),
    ("messages sent", "ru_msgsnd"),
    ("messages received", "ru_msgrcv"),
    ("signals received", "ru_nsignals"),
    ("voluntary context switches", "ru_nvcsw"),
    ("involuntary context switches", "ru_nivcsw"),
)


def usage() -> NoReturn:
    write(2, b"Usage: time [-clp] utility [argument ...]\n")
    exit(1)


def report(flags: set[str], real: int, user: int, system: int) -> str:
    """Return the lines about times, which are in microseconds."""
    named = (("real", real), ("user", user), ("sys", system))
    if "p" in flags:
        return "".join(f"{name:4} {us // US:9}.{us % US // 10000:02}\n" for name, us in named)
    if "c" in flags:
        share = (user + system) * 1000 // real if real else 0
        u, s = (f"{us // US}.{us % US // 1000:03}" for us in (user, system))
        minutes, rest = divmod(real, 60 * US)
        clock = f"{minutes}:{rest // US:02}.{rest % US // 10000:02}"
        return f"{u}u {s}s {clock} {share // 10}.{share % 10}%\n"
    return " ".join(f"{us // US:9}.{us % US // 10000:02} {name}" for name, us in named) + "\n"


def main(argv: list[str]) -> int:
    """Run time(1)."""
    flags: set[str] = set()
    options, args = getopt(argv, "clp")
    for option, _ in options:
        if option == "?":
            usage()
        flags.add(option)
    if not args:
        usage()
    before = gettimeofday().ns // 1000
    try:
        pid = start(args)
    except OSError as exc:
        err(127 if exc.errno == ENOENT else 126, args[0])
    signal(SIGINT, SIG_IGN)
    signal(SIGQUIT, SIG_IGN)
    _, status, used = wait4(pid)
    signal(SIGINT, SIG_DFL)
    signal(SIGQUIT, SIG_DFL)
    real = gettimeofday().ns // 1000 - before
    user, system = used.ru_utime // 1000, used.ru_stime // 1000
    text = "Command terminated abnormally.\n" if not WIFEXITED(status) else ""
    text += report(flags, real, user, system)
    if "l" in flags:
        text += "".join(f"{getattr(used, field):10}  {name}\n" for name, field in USAGE_LINES)
    write(2, text.encode())
    return WEXITSTATUS(status) if WIFEXITED(status) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
