# SPDX-License-Identifier: BSD-2-Clause
"""The builtins of job control: fg, bg, jobs, jobid, wait.  NetBSD bin/sh/jobs.c."""

from contextlib import suppress

from userland.libc import include as libc
from userland.sh.error import ShellError
from userland.sh.jobs import (
    Show,
    dowait,
    exit_status,
    foreground,
    freejob,
    getjob,
    jobstatus,
    set_curjob,
    showjob,
    showjobs,
    waitforjob,
)
from userland.sh.nextopt import nextopts
from userland.sh.output import out1
from userland.sh.shell import Job, JobState, Shell
from userland.sh.show import commandtext
from userland.sh.var import is_name, setvar, unsetvar


def _controlled(sh: Shell, name: str | None) -> Job:
    """Return a job that can be stopped and continued."""
    if sh.jobs_invalid:
        raise ShellError("No current jobs")
    job = getjob(sh, name)
    if not job.jobctl:
        raise ShellError("job not created under job control")
    return job


def _command(job: Job) -> str:
    return " | ".join(commandtext(proc.node) for proc in job.procs)


def fgcmd(sh: Shell, argv: list[str]) -> int:
    """fg [job], or %job: have a job go on in the foreground."""
    args = argv if argv[0].startswith("%") else nextopts(argv, "")[1]
    job = _controlled(sh, args[0] if args else None)
    out1(f"{_command(job)}\n")
    foreground(sh, job.pgrp)
    _restartjob(job)
    return waitforjob(sh, job)


def bgcmd(sh: Shell, argv: list[str]) -> int:
    """bg [job ...]: have jobs go on in the background."""
    args: list[str | None] = [*nextopts(argv, "")[1]]
    for name in args or [None]:
        job = _controlled(sh, name)
        _restartjob(job)
        set_curjob(sh, job)
        out1(f"[{job.number}] {_command(job)}\n")
    return 0


def _restartjob(job: Job) -> None:
    """Have a stopped job go on."""
    if job.state is JobState.DONE:
        return
    try:
        libc.killpg(job.pgrp, libc.SIGCONT)
    except OSError as exc:
        raise ShellError(f"Cannot continue job ({exc.strerror})") from None
    for proc in job.procs:
        if proc.status is not None and libc.WIFSTOPPED(proc.status):
            proc.status = None
            job.state = JobState.RUNNING


def jobscmd(sh: Shell, argv: list[str]) -> int:
    """jobs [-l | -p] [job ...]: list jobs: with process ids, or only those of the groups."""
    options, args = nextopts(argv, "lp")
    mode = Show.PLAIN
    for letter, _ in options:
        mode = Show.PID if letter == "l" else Show.PGID
    if "i" not in sh.options:
        mode |= Show.NO_FREE
    if not args:
        showjobs(sh, mode, out1)
    for name in args:
        showjob(sh, getjob(sh, name), mode)
    return 0


def jobidcmd(sh: Shell, argv: list[str]) -> int:
    """jobid [-g | -j | -p] [job]: a job's process ids, or its group's, its number, its last one."""
    options, args = nextopts(argv, "gjp")
    letters = {letter for letter, _ in options}
    if len(letters) > 1:
        raise ShellError("-g -j and -p options cannot be combined")
    if len(args) > 1:
        raise ShellError("usage: jobid [-g|-p|-r] jobid")
    job = getjob(sh, args[0] if args else None)
    pids = [str(proc.pid) for proc in job.procs]
    if "g" in letters and not job.pgrp:
        return 1
    shown = {"g": str(job.pgrp), "j": f"%{job.number}", "p": pids[-1], "": " ".join(pids)}
    out1(f"{shown[''.join(letters)]}\n")
    return 0


def waitcmd(sh: Shell, argv: list[str]) -> int:
    """wait [-n] [-p var] [job ...]: wait for jobs, -n: for any one; a trapped signal ends it."""
    options, names = nextopts(argv, "np:")
    any_one = ("n", "") in options
    variable = dict(options).get("p")
    if variable is not None:
        if not is_name(variable):
            raise ShellError(f"invalid name: -p '{variable}'")
        if not unsetvar(sh, variable):
            raise ShellError(f"{variable} readonly")
    if sh.jobs_invalid:
        return 127 if any_one or names else 0
    wanted: dict[Job, str] = {}
    last: Job | None = None
    for name in names:
        last = None
        with suppress(ShellError):
            last = getjob(sh, name)
            wanted.setdefault(last, name)
    if names and not wanted:
        return 127
    if not names:
        wanted = dict.fromkeys(sh.jobs.values(), "")
    return _wait(sh, wanted, any_one, last, variable)


def _wait(
    sh: Shell, wanted: dict[Job, str], any_one: bool, last: Job | None, variable: str | None
) -> int:
    """Wait for all that is wanted, or any of it; return the status of last, or of that one."""
    result = 127 if any_one or any(wanted.values()) else 0
    while wanted:
        done = next((job for job in wanted if _ready(job, wanted[job])), None)
        if done is None:
            if all(job.state is not JobState.RUNNING for job in wanted):
                return result
            if not dowait(sh, keep=True) and sh.pending:
                return 128 + max(sh.pending)
            continue
        name = wanted.pop(done)
        if any_one or done is last:
            result = exit_status(jobstatus(done))
            if variable is not None:
                setvar(sh, variable, name or str(done.procs[-1].pid))
        if done.state is JobState.DONE:
            freejob(sh, done)
        if any_one:
            break
    return result


def _ready(job: Job, name: str) -> bool:
    """Tell whether a job need not be waited for: done, or, if it was asked for by name, stopped."""
    return job.state is JobState.DONE or (job.state is JobState.STOPPED and bool(name))
