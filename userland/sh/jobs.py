# SPDX-License-Identifier: BSD-2-Clause
"""Child processes: making them, waiting for them, job control.  NetBSD bin/sh/jobs.c."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum, Flag, auto
from errno import ECHILD, EINTR
from itertools import count
from typing import Final

from userland.libc import include as libc
from userland.sh.descrip import movefd, savefd
from userland.sh.error import ShellError
from userland.sh.nodes import Node
from userland.sh.output import out1, out2
from userland.sh.shell import Job, JobState, Procstat, Shell
from userland.sh.show import commandtext
from userland.sh.trap import (
    check_interrupt,
    clear_traps,
    ignoresig,
    set_interactive,
    set_terminal,
)

_QUIET: Final = frozenset({libc.SIGINT, libc.SIGPIPE})  # deaths that are not told
_STATE_COLUMN: Final = 30  # where the command stands in a line of `jobs`
_ALL_SIGNALS: Final = libc.sigfillset()


class Fork(Enum):
    """What a child is: a foreground or background job's, or no job's (FORK_NOJOB)."""

    FG = auto()
    BG = auto()
    NOJOB = auto()


class Show(Flag):
    """How jobs are shown (SHOW_*)."""

    PLAIN = 0
    PID = auto()  # a line for each process, with its id
    PGID = auto()  # nothing but the process group
    CHANGED = auto()  # only jobs not shown since their state changed
    SIGNALLED = auto()  # only jobs that a signal has killed or stopped
    NO_FREE = auto()  # keep jobs that are done


def setjobctl(sh: Shell, on: bool) -> None:
    """Turn job control on, which takes a terminal, or off.

    Raises:
        ShellError: the terminal or the process group cannot be had.
    """
    if on == sh.jobctl or sh.subshell:
        return
    if on:
        sh.ttyfd = _opentty()
        try:
            sh.initialpgrp = libc.tcgetpgrp(sh.ttyfd)
        except OSError:
            out2("sh: can't access tty; job control turned off\n")
            sh.options.discard("m")
            _closetty(sh)
            return
        if sh.initialpgrp != libc.getpgrp():
            libc.killpg(0, libc.SIGTTIN)
        set_terminal(sh)
        _setgroup(sh, sh.pid)
    else:
        _setgroup(sh, sh.initialpgrp)
        _closetty(sh)
        set_terminal(sh)
    sh.jobctl = on


def _opentty() -> int:
    """Return a descriptor of the terminal out of the way of scripts, or -1."""
    try:
        fd = libc.open("/dev/tty", libc.O_RDWR)
    except OSError:
        terminals = [fd for fd in range(3) if libc.isatty(fd)]
        return savefd(terminals[0]) if terminals else -1
    high = savefd(fd)
    libc.close(fd)
    return high


def _closetty(sh: Shell) -> None:
    if sh.ttyfd >= 0:
        libc.close(sh.ttyfd)
        sh.ttyfd = -1


def _setgroup(sh: Shell, pgrp: int) -> None:
    """Go into a process group and have it in the foreground."""
    try:
        if libc.getpgrp() != pgrp:
            libc.setpgid(0, pgrp)
    except OSError as exc:
        raise ShellError(f"Cannot set process group ({exc.strerror})") from None
    foreground(sh, pgrp)


def foreground(sh: Shell, pgrp: int) -> None:
    """Give the terminal to a process group.

    Raises:
        ShellError: the terminal is gone, or another session's.
    """
    try:
        libc.tcsetpgrp(sh.ttyfd, pgrp)
    except OSError as exc:
        raise ShellError(f"Cannot set tty process group ({exc.strerror})") from None


def set_curjob(sh: Shell, job: Job) -> None:
    """Make a job the current one; one that runs comes after all that are stopped."""
    _forget(sh, job)
    at = len(sh.current)
    if job.state is not JobState.STOPPED:
        while at and sh.current[at - 1].state is JobState.STOPPED:
            at -= 1
    sh.current.insert(at, job)


def _forget(sh: Shell, job: Job) -> None:
    """Take a job off the current ones."""
    if job in sh.current:
        sh.current.remove(job)


def makejob(sh: Shell) -> Job:
    """Return a new job without processes."""
    if sh.jobs_invalid:
        sh.jobs, sh.current, sh.jobs_invalid = {}, [], False
    number = next(number for number in count(1) if number not in sh.jobs)
    job = Job(number, sh.jobctl, "pipefail" in sh.options)
    sh.jobs[number] = job
    set_curjob(sh, job)
    return job


def freejob(sh: Shell, job: Job) -> None:
    """Forget a job."""
    sh.jobs.pop(job.number, None)
    _forget(sh, job)


def forkshell(
    sh: Shell, command: Callable[[Shell], int], job: Job, node: Node | None, mode: Fork
) -> int:
    """Start a child that runs command with a copy of the shell; return its pid.

    command's result is the child's exit status; it must not raise.

    Raises:
        ShellError: there can be no more processes.
    """
    copy = sh.copy()
    root = not sh.subshell
    first = not job.procs
    grouped = sh.jobctl and mode is not Fork.NOJOB
    # a handler is this process's, and the child's heap is this one's:
    # until the child has dropped its handlers, no signal may come to it
    guarded = sh.caught() or sh.interactive
    mask = libc.sigprocmask(libc.SIG_SETMASK, _ALL_SIGNALS) if guarded else 0

    def child(_: object) -> int:
        clear_traps(copy)
        if grouped:
            with suppress(OSError):  # the parent does it, too
                libc.setpgid(0, 0 if first else job.pgrp)
            if mode is Fork.FG:
                with suppress(ShellError):
                    foreground(sh, libc.getpgrp())
            set_terminal(copy)
        elif mode is Fork.BG:
            ignoresig(copy, libc.SIGINT)
            ignoresig(copy, libc.SIGQUIT)
            if first and not copy.fd0_redirected:
                movefd(libc.open("/dev/null", libc.O_RDONLY), 0)
        if root and "i" in copy.options:
            set_interactive(copy)
        if guarded:
            libc.sigprocmask(libc.SIG_SETMASK, mask)
        return command(copy)

    try:
        pid = libc.clone(child, libc.SIGCHLD, None)
    except OSError as exc:
        if first:
            freejob(sh, job)
        raise ShellError(f"Cannot fork ({exc.strerror})") from None
    finally:
        if guarded:
            libc.sigprocmask(libc.SIG_SETMASK, mask)
    if grouped:
        job.pgrp = job.pgrp or pid
        with suppress(OSError):
            libc.setpgid(pid, job.pgrp)
    if mode is Fork.BG:
        sh.backpid = pid
    job.procs.append(Procstat(pid, node))
    sh.children[pid] = job
    return pid


def jobstatus(job: Job) -> int:
    """Return a job's wait status: its last process's, with pipefail its last failure."""
    statuses = [proc.status or 0 for proc in job.procs] or [0]
    if job.pipefail:
        return next((status for status in reversed(statuses) if status), 0)
    return statuses[-1]


def exit_status(status: int) -> int:
    """Return what $? is for a wait status."""
    if libc.WIFEXITED(status):
        return libc.WEXITSTATUS(status)
    return 128 + (libc.WSTOPSIG(status) if libc.WIFSTOPPED(status) else libc.WTERMSIG(status))


def waitforjob(sh: Shell, job: Job) -> int:
    """Wait until a foreground job is done or stopped; return its status."""
    while job.state is JobState.RUNNING:
        dowait(sh, job)
    if job.jobctl and sh.jobctl:
        foreground(sh, libc.getpgrp())
    if job.state is JobState.STOPPED:
        set_curjob(sh, job)
    else:
        freejob(sh, job)
    status = jobstatus(job)
    if libc.WIFSIGNALED(status) and libc.WTERMSIG(status) == libc.SIGINT:
        if job.jobctl:  # the terminal has sent it to the job alone
            libc.raise_(libc.SIGINT)
        check_interrupt(sh)
    return exit_status(status)


def dowait(sh: Shell, job: Job | None = None, block: bool = True, keep: bool = False) -> bool:
    """Take note of one child that has changed.

    Args:
        job: in the foreground: how it was killed is told at once.
        block: wait for it.
        keep: `wait` asks.

    Returns:
        False: there is none, or a signal came that a trap is for.
    """
    options = 0 if block else libc.WNOHANG
    if sh.jobctl:
        options |= libc.WUNTRACED | libc.WCONTINUED
    while True:
        try:
            pid, status = libc.waitpid(-1, options)
            break
        except OSError as exc:
            if exc.errno == ECHILD:
                _lost(sh)
                return False
            if exc.errno != EINTR:
                raise
            if sh.pending:
                return False
    if pid <= 0:
        return False
    changed = sh.children.get(pid)
    if changed is not None:
        _note(sh, changed, pid, status)
        _tell(sh, changed, job, keep)
    return True


def _lost(sh: Shell) -> None:
    """Somebody else has waited for what was to be waited for."""
    for pid, job in list(sh.children.items()):
        _note(sh, job, pid, 127 << 8)


def _note(sh: Shell, job: Job, pid: int, status: int) -> None:
    """Put down what has become of a process, and so of its job."""
    proc = next(proc for proc in job.procs if proc.pid == pid)
    if libc.WIFCONTINUED(status):
        job.changed = job.changed or proc.status is not None
        proc.status = None
        job.state = JobState.RUNNING
        return
    proc.status = status
    if not libc.WIFSTOPPED(status):
        del sh.children[pid]
    if all(proc.status is not None for proc in job.procs):
        stopped = any(libc.WIFSTOPPED(proc.status or 0) for proc in job.procs)
        job.state = JobState.STOPPED if stopped else JobState.DONE
        if not stopped:
            _forget(sh, job)


def _tell(sh: Shell, changed: Job, job: Job | None, keep: bool) -> None:
    """Write what has become of a job now, or leave it to the next prompt."""
    if changed.state is JobState.RUNNING and not changed.changed:
        return
    if changed is job or keep or not sh.interactive:
        showjob(sh, changed, Show.SIGNALLED | Show.NO_FREE, out2)
    else:
        changed.changed = True


def showjobs(sh: Shell, mode: Show, out: Callable[[str], None]) -> None:
    """Show jobs; with CHANGED only what is new."""
    silent = False
    waited = bool(sh.children)
    while dowait(sh, block=False):
        pass
    if sh.jobctl and waited and libc.tcgetpgrp(sh.ttyfd) != sh.pid:
        foreground(sh, sh.pid)
        silent = True
    for number in sorted(sh.jobs):
        job = sh.jobs[number]
        if Show.CHANGED in mode and not job.changed:
            continue
        if silent and job.changed:
            job.changed = False
        elif job.procs:
            showjob(sh, job, mode, out)


def showjob(sh: Shell, job: Job, mode: Show, out: Callable[[str], None] = out1) -> None:
    """Show one job; one that is done is forgotten then."""
    if Show.PGID in mode:
        out(f"{job.pgrp}\n")
        return
    signalled = any(map(_is_news, job.procs))
    if Show.SIGNALLED not in mode or signalled:
        out(_lines(sh, job, mode))
        if not sh.jobs_invalid:
            job.changed = False
    if job.state is JobState.DONE and Show.NO_FREE not in mode:
        freejob(sh, job)


def _is_news(proc: Procstat) -> bool:
    """Tell whether a signal that is worth a word has killed or stopped a process."""
    status = proc.status
    if status is None or libc.WIFEXITED(status):
        return False
    return libc.WIFSTOPPED(status) or libc.WTERMSIG(status) not in _QUIET


def _lines(sh: Shell, job: Job, mode: Show) -> str:
    """Return what `jobs` writes of a job: a line, or one for each process."""
    current = sh.current
    mark = "+" if job in current[-1:] else "-" if job in current[-2:-1] else " "
    apart = Show.PID in mode or len({proc.status for proc in job.procs}) > 1
    texts = [commandtext(proc.node, long="i" in sh.options or sh.jobctl) for proc in job.procs]
    lines = []
    for at, proc in enumerate(job.procs):
        head = "      " if at else f"[{job.number}] {mark} "
        if Show.PID in mode:
            head += f"{proc.pid} "
        head += _state(proc.status)
        head = head.ljust(max(_STATE_COLUMN, len(head) + 1))
        if not apart:
            return f"{head}{' | '.join(texts)}\n"
        lines.append(f"{head}{texts[at]}{' |' if at + 1 < len(texts) else ''}\n")
    return "".join(lines)


def _state(status: int | None) -> str:
    if status is None:
        return "Running"
    if libc.WIFEXITED(status):
        code = libc.WEXITSTATUS(status)
        return f"Done({code})" if code else "Done"
    if libc.WIFSTOPPED(status):
        return libc.strsignal(libc.WSTOPSIG(status))
    core = " (core dumped)" if status & libc.WCOREFLAG else ""
    return libc.strsignal(libc.WTERMSIG(status)) + core


def stoppedjobs(sh: Shell) -> bool:
    """Tell whether there are stopped jobs, and warn of them, but not twice in a row."""
    if sh.job_warning or sh.jobs_invalid:
        return False
    if any(job.state is JobState.STOPPED for job in sh.jobs.values()):
        out2("You have stopped jobs.\n")
        sh.job_warning = 2
        return True
    return False


def getjob(sh: Shell, name: str | None) -> Job:
    """Return the job that a pid, %number, %%, %+, %-, %text or %?text names, None the current one.

    Raises:
        ShellError: there is none, or more than one.
    """
    if name is not None and not name.startswith("%"):
        job = _ofpid(sh.jobs.values(), name)
        if job is None:
            raise ShellError(f"No such job: {name}")
        return job
    what = "" if name is None else name[1:]
    if what in {"", "%", "+", "-"}:
        back = 2 if what == "-" else 1
        if len(sh.current) < back:
            raise ShellError(f"No {'previous' if what == '-' else 'current'} job")
        return sh.current[-back]
    if what.isdecimal():
        number = libc.atoi(what)
        found = [sh.jobs[number]] if number in sh.jobs else []
    else:
        found = [job for job in sh.jobs.values() if _matches(job, what)]
    if len(found) > 1:
        raise ShellError(f"{name}: ambiguous")
    if not found:
        raise ShellError(f"No such job: {name}")
    return found[0]


def _ofpid(jobs: Iterable[Job], name: str) -> Job | None:
    """Return the job whose last process has an id."""
    if not name.isdecimal():
        return None
    pid = libc.atoi(name)
    return next((job for job in jobs if job.procs and job.procs[-1].pid == pid), None)


def _matches(job: Job, what: str) -> bool:
    """Tell whether a job's command begins with a text, or after ? has it somewhere."""
    text = commandtext(job.procs[0].node) if job.procs else ""
    return text.startswith(what) or (what[0] == "?" and what[1:] in text)
