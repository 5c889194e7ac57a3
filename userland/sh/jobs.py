# SPDX-License-Identifier: BSD-2-Clause
"""Child processes: making them and waiting for them.  NetBSD bin/sh/jobs.c."""

from collections.abc import Callable
from errno import ECHILD, EINTR
from typing import Final

from userland import libc
from userland.sh.error import ShellError
from userland.sh.nodes import Node
from userland.sh.output import out1, out2
from userland.sh.shell import Job, Shell
from userland.sh.show import commandtext
from userland.sh.trap import check_interrupt, clear_traps, set_interactive

_QUIET: Final = frozenset({libc.SIGINT, libc.SIGPIPE})


def makejob(sh: Shell, node: Node | None, background: bool = False) -> Job:
    """Return a new job without processes."""
    sh.jobs = [job for job in sh.jobs if job.running() or (job.background and not job.reported)]
    number = 1 + max((job.number for job in sh.jobs), default=0)
    job = Job(number, node, {}, 0, background)
    sh.jobs.append(job)
    return job


def forkshell(sh: Shell, command: Callable[[Shell], int], job: Job | None = None) -> int:
    """Start a child that runs command with a copy of the shell; return its pid.

    command's result is the child's exit status; it must not raise.

    Raises:
        ShellError: there can be no more processes.
    """
    copy = sh.copy()

    def child(_: object) -> int:
        was_interactive = "i" in copy.options
        copy.options -= {"i", "m"}
        clear_traps(copy)
        if was_interactive:
            set_interactive(copy)
        if job is not None and job.background:
            libc.signal(libc.SIGINT, libc.SIG_IGN)
            libc.signal(libc.SIGQUIT, libc.SIG_IGN)
        return command(copy)

    try:
        pid = libc.clone(child, libc.SIGCHLD, None)
    except OSError as exc:
        raise ShellError(f"Cannot fork: {exc.strerror}") from None
    if job is not None:
        job.statuses[pid] = None
        job.last = pid
        if job.background:
            sh.backpid = pid
    return pid


def exit_status(status: int) -> int:
    """Return what $? is for a wait status."""
    if libc.WIFEXITED(status):
        return libc.WEXITSTATUS(status)
    return 128 + libc.WTERMSIG(status)


def waitforjob(sh: Shell, job: Job) -> int:
    """Wait for a foreground job; return its status."""
    while job.running():
        dowait(sh)
    sh.jobs.remove(job)
    status = job.statuses[job.last] or 0
    if libc.WIFSIGNALED(status) and libc.WTERMSIG(status) not in _QUIET:
        core = " (core dumped)" if status & libc.WCOREFLAG else ""
        out2(f"{libc.strsignal(libc.WTERMSIG(status))}{core}\n")
    if libc.WIFSIGNALED(status) and libc.WTERMSIG(status) == libc.SIGINT:
        check_interrupt(sh)
    return exit_status(status)


def dowait(sh: Shell, options: int = 0) -> bool:
    """Wait for any child and note its status; False when interrupted or none is ready."""
    try:
        pid, status = libc.waitpid(-1, options)
    except OSError as exc:
        if exc.errno == ECHILD:
            for job in sh.jobs:
                for lost, known in job.statuses.items():
                    job.statuses[lost] = 127 << 8 if known is None else known
        elif exc.errno != EINTR:
            raise
        return False
    for job in sh.jobs:
        if pid in job.statuses:
            job.statuses[pid] = status
    return pid > 0


def collect(sh: Shell) -> None:
    """Take note of children that have ended, without waiting."""
    if any(job.running() for job in sh.jobs):
        while dowait(sh, libc.WNOHANG):
            pass


def report(sh: Shell) -> None:
    """Tell an interactive user which background jobs have ended."""
    collect(sh)
    for job in list(sh.jobs):
        if job.background and not job.running() and not job.reported:
            out2(describe(sh, job))
            job.reported = True
    sh.jobs = [job for job in sh.jobs if not job.reported]


def describe(sh: Shell, job: Job) -> str:
    """Return a line of `jobs`."""
    status = job.statuses.get(job.last)
    if job.running() or status is None:
        state = "Running"
    elif libc.WIFSIGNALED(status):
        state = libc.strsignal(libc.WTERMSIG(status))
    else:
        code = libc.WEXITSTATUS(status)
        state = f"Done({code})" if code else "Done"
    current = "+" if job is sh.jobs[-1] else "-" if job in sh.jobs[-2:-1] else " "
    return f"[{job.number}] {current} {state:<24} {commandtext(job.node)}\n"


def jobscmd(sh: Shell, argv: list[str]) -> int:
    """jobs [-lp]: list the background jobs."""
    collect(sh)
    for job in list(sh.jobs):
        if "-p" in argv[1:]:
            out1(f"{next(iter(job.statuses))}\n")
        else:
            out1(describe(sh, job))
        if not job.running():
            job.reported = True
    sh.jobs = [job for job in sh.jobs if not job.reported]
    return 0


def getjob(sh: Shell, name: str) -> Job | None:
    """Return the job a pid, %number, %%, %+, %- or %text names; None if there is none."""
    if not name.startswith("%"):
        if not name.isdigit():
            raise ShellError(f"No such job: {name}")
        return next((job for job in sh.jobs if int(name) in job.statuses), None)
    what = name[1:]
    if what in {"", "%", "+"}:
        return sh.jobs[-1] if sh.jobs else None
    if what == "-":
        return sh.jobs[-2] if len(sh.jobs) > 1 else None
    if what.isdigit():
        return next((job for job in sh.jobs if job.number == int(what)), None)
    if what.startswith("?"):
        return next((job for job in sh.jobs if what[1:] in commandtext(job.node)), None)
    return next((job for job in sh.jobs if commandtext(job.node).startswith(what)), None)


def waitcmd(sh: Shell, argv: list[str]) -> int:
    """wait [job ...]: wait for background jobs; a trapped signal ends it."""
    args = argv[1:]
    if not args:
        while any(job.running() for job in sh.jobs):
            if not dowait(sh) and sh.pending:
                return 128 + sh.pending[0]
        sh.jobs.clear()
        return 0
    status = 0
    for name in args:
        job = getjob(sh, name)
        if job is None:
            status = 127
            continue
        while job.running():
            if not dowait(sh) and sh.pending:
                return 128 + sh.pending[0]
        pid = int(name) if name.isdigit() else job.last
        status = exit_status(job.statuses[pid] or 0)
        job.reported = True
    return status
