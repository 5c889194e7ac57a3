# SPDX-License-Identifier: BSD-2-Clause
"""shutdown: end the run at a given time.  NetBSD sbin/shutdown/shutdown.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    INT_MAX,
    LOG_AUTH,
    LOG_NOTICE,
    errx,
    execv,
    exit,
    geteuid,
    getlogin,
    getopt,
    gettimeofday,
    sleep,
    strtol,
    syslog,
    warn,
    write,
)

PROGRAMS = {"h": ["/sbin/halt"], "p": ["/sbin/halt", "-p"], "r": ["/sbin/reboot"]}


def usage() -> NoReturn:
    write(2, b"usage: shutdown [-Ddfhknpr] [-b bootstr] time [message ... | -]\n")
    exit(1)


def delay(text: str, now: int) -> int:
    """Return the seconds until a time: now, +MINUTES, or hhmm of today."""
    if text.lower() == "now":
        return 0
    if re.fullmatch(r"\+\d+", text):
        return min(strtol(text[1:])[0], INT_MAX) * 60
    if not re.fullmatch(r"\d{4}", text) or int(text[:2]) > 23 or int(text[2:]) > 59:
        errx(1, f"bad time format: {text}")
    left = (int(text[:2]) * 60 + int(text[2:])) * 60 - now % 86400
    if left < 0:
        errx(1, "that time is already past.")
    return left


def main(argv: list[str]) -> int:
    """Run shutdown(8)."""
    if geteuid():
        errx(1, "NOT super-user")
    options, args = getopt(argv, "b:Ddfhknpr")
    flags = {option for option, _ in options}
    if "?" in flags or not args:
        usage()
    seconds = delay(args[0], gettimeofday().tv_sec)
    message = " ".join(args[1:])
    what = "reboot" if "r" in flags else "halt" if flags & {"h", "p"} else "shutdown"
    syslog(LOG_AUTH | LOG_NOTICE, f"{what} by {getlogin() or 'root'}: {message}".rstrip(": "))
    when = "NOW" if not seconds else f"in {seconds // 60} minutes"
    write(1, f"*** FINAL System shutdown message ***\r\n\nSystem going down {when}\r\n".encode())
    if message:
        write(1, f"\n{message}\r\n".encode("utf-8", "surrogateescape"))
    sleep(seconds)
    if "k" in flags:
        write(1, b"\nbut you'll have to do it yourself\n")
        return 0
    program = PROGRAMS["p" if "p" in flags else "r" if "r" in flags else "h"]
    command = [program[0], "-l", *program[1:], *(f"-{flag}" for flag in "dn" if flag in flags)]
    try:
        execv(command[0], command)
    except OSError:
        warn(command[0])
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
