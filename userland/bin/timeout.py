# SPDX-License-Identifier: BSD-2-Clause
"""timeout: run a command for a bounded time.  NetBSD usr.bin/timeout/timeout.c."""

import re
import sys
from contextlib import suppress
from typing import NoReturn

from userland.libc import (
    EINTR,
    ENOENT,
    ITIMER_REAL,
    SIGALRM,
    SIGCONT,
    SIGHUP,
    SIGINT,
    SIGKILL,
    SIGTERM,
    WEXITSTATUS,
    WIFSIGNALED,
    WTERMSIG,
    Itimerval,
    Timeval,
    atoi,
    err,
    errx,
    exit,
    getopt,
    kill,
    setitimer,
    signal,
    signalnumber,
    waitpid,
    write,
)
from userland.libc.vforkexec import start

EXIT_TIMEOUT = 124
EX_USAGE = 64
DURATION_MAX = 100_000_000  # seconds
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def usage() -> NoReturn:
    write(
        2,
        b"Usage: timeout [--signal sig | -s sig] [--preserve-status] [--kill-after time | -k time]"
        b" [--foreground] <duration> <command>\n       <arg ...>\n",
    )
    exit(EX_USAGE)


def parse_duration(text: str) -> float:
    """Return seconds."""
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)([smhd]?)", text)
    if match is None:
        errx(EX_USAGE if re.match(r"[\d.]", text) else 1, "invalid duration")
    seconds = float(match[1]) * UNITS[match[2]]
    if seconds >= DURATION_MAX:
        errx(1, "invalid duration")
    return seconds


def parse_signal(text: str) -> int:
    number = atoi(text) if text.isdecimal() else signalnumber(text)
    if not number:
        errx(EX_USAGE, "invalid signal")
    return number


class Timeout:
    """What the options ask for, and what has happened."""

    def __init__(self, duration: float) -> None:
        self.duration = duration
        self.signal = SIGTERM
        self.kill_after = 0.0
        self.timed_out = False
        self.pid = 0

    def send(self, signo: int) -> None:
        """Signal the command, which may have ended already."""
        with suppress(OSError):
            kill(self.pid, signo)
            if signo not in {SIGKILL, SIGCONT}:
                kill(self.pid, SIGCONT)

    def on_alarm(self, _signo: int) -> None:
        """The time is over."""
        self.send(SIGKILL if self.timed_out else self.signal)
        self.timed_out = True
        if self.kill_after:
            set_alarm(self.kill_after)
            self.kill_after = 0.0

    def run(self, command: list[str]) -> int:
        """Run the command; return its wait status."""
        signal(SIGALRM, self.on_alarm)
        for signo in (SIGHUP, SIGINT, SIGTERM):
            signal(signo, self.send)
        try:
            self.pid = start(command)
        except OSError as exc:
            err(127 if exc.errno == ENOENT else 126, command[0])
        if self.duration:
            set_alarm(self.duration)
        while True:
            try:
                return waitpid(self.pid)[1]
            except OSError as exc:
                if exc.errno != EINTR:
                    raise


def set_alarm(seconds: float) -> None:
    microseconds = max(round(seconds * 1_000_000), 1)
    value = Timeval.from_ns(microseconds * 1000)
    setitimer(ITIMER_REAL, Itimerval(Timeval(0, 0), value))


def main(argv: list[str]) -> int:
    """Run timeout(1)."""
    names = {
        "--signal": "-s",
        "--kill-after": "-k",
        "--preserve-status": "-p",
        "--foreground": "-f",
    }
    words = [argv[0]]
    for at, word in enumerate(argv[1:], 1):
        name, _, value = word.partition("=")
        if not word.startswith("-") or word == "--":
            words += argv[at:]
            break
        words.append(names.get(name, name) + value)
    options, args = getopt(words, "fk:ps:")
    if len(args) < 2 or any(option == "?" for option, _ in options):
        usage()
    timeout = Timeout(parse_duration(args[0]))
    preserve = False
    for option, value in options:
        if option == "s":
            timeout.signal = parse_signal(value)
        elif option == "k":
            timeout.kill_after = parse_duration(value)
        elif option == "p":
            preserve = True
    status = timeout.run(args[1:])
    if timeout.timed_out and not preserve:
        return EXIT_TIMEOUT
    return WTERMSIG(status) + 128 if WIFSIGNALED(status) else WEXITSTATUS(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
