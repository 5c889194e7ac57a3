# SPDX-License-Identifier: BSD-2-Clause
"""uptime: how long the system has been up, and how busy it is.  NetBSD usr.bin/w/w.c."""

import sys

from kernel.sys.sysctl import CTL_KERN, KERN_BOOTTIME
from kernel.sys.time import Timespec
from userland.libc import Writer, exit, getloadavg, getopt, gettimeofday, sysctl, write
from userland.libc.strftime import strftime


def duration(seconds: int) -> str:
    """Return a time as w(1) tells it: days, then hours and minutes."""
    minutes = seconds // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{days} day{'s' if days != 1 else ''}, " if days else ""
    if hours and minutes:
        return text + f"{hours:2d}:{minutes:02d}"
    if hours:
        return text + f"{hours} hr{'s' if hours != 1 else ''}"
    if minutes:
        return text + f"{minutes} min{'s' if minutes != 1 else ''}"
    return text + f"{seconds} sec{'s' if seconds != 1 else ''}"


def main(argv: list[str]) -> int:
    """Run uptime(1); nobody logs in here, so there are no users."""
    options, args = getopt(argv, "")
    if options or args:
        write(2, b"usage: uptime\n")
        exit(1)
    now = gettimeofday().tv_sec
    boot = Timespec.unpack(sysctl((CTL_KERN, KERN_BOOTTIME), size=16)).tv_sec
    load = ", ".join(f"{value:.2f}" for value in getloadavg())
    with Writer(1) as out:
        out.print(
            f"{strftime('%l:%M%p', now)}  up {duration(now - boot)}, 0 users, load averages: {load}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
