# SPDX-License-Identifier: BSD-2-Clause
"""A shell that has jobs and nothing else: COMMAND [ARG ...] [&], jobs, fg [N], bg [N], exit."""

import os
import signal
import sys
from contextlib import suppress

TERMINAL = 0
RUNNING, STOPPED, DONE = "running", "stopped", "done"
TERMINALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)

jobs = {}  # by number


class Job:
    """A command in a process group of its own."""

    def __init__(self, number, pid, text):
        self.number = number
        self.pid = pid
        self.text = text
        self.state = RUNNING

    def tell(self):
        """Say how the job is."""
        print(f"[{self.number}] {self.state} {self.text}", flush=True)

    def note(self, status):
        """Note what wait has told of it."""
        if os.WIFSTOPPED(status):
            self.state = STOPPED
        elif os.WIFCONTINUED(status):
            self.state = RUNNING
        else:
            self.state = DONE


def start(words, text):
    """Start a command in a process group of its own; return its job."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        for signo in TERMINALS:
            signal.signal(signo, signal.SIG_DFL)
        try:
            os.execvp(words[0], words)
        except OSError as error:
            os.write(2, f"{words[0]}: {error.strerror}\n".encode())
        os._exit(127)
    with suppress(OSError):  # it has become the command already
        os.setpgid(pid, pid)  # before it gets the terminal, whoever of the two runs first
    job = Job(max(jobs, default=0) + 1, pid, text)
    jobs[job.number] = job
    return job


def foreground(job):
    """Let job have the terminal until it ends or stops."""
    os.tcsetpgrp(TERMINAL, job.pid)
    os.killpg(job.pid, signal.SIGCONT)
    _, status = os.waitpid(job.pid, os.WUNTRACED)
    job.note(status)
    os.tcsetpgrp(TERMINAL, os.getpgrp())
    if job.state == STOPPED:
        print()
        job.tell()
    else:
        del jobs[job.number]


def background(job):
    """Let job go on without the terminal."""
    os.killpg(job.pid, signal.SIGCONT)
    job.state = RUNNING
    job.tell()


def look():
    """Ask what has become of the jobs; tell of those that have ended."""
    for job in list(jobs.values()):
        pid, status = os.waitpid(job.pid, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
        if pid:
            job.note(status)
        if job.state == DONE:
            job.tell()
            del jobs[job.number]


def chosen(words):
    """Return the job that fg and bg mean: the one named, or the last."""
    number = words[1] if len(words) > 1 else str(max(jobs, default=0))
    return next((job for job in jobs.values() if str(job.number) == number), None)


def obey(line):
    """Do what a line says."""
    words = line.split()
    if not words:
        return
    if words[0] == "exit":
        sys.exit(0)
    elif words[0] == "jobs":
        for job in jobs.values():
            job.tell()
    elif words[0] in ("fg", "bg"):
        job = chosen(words)
        if job is None:
            print(f"{words[0]}: no such job", flush=True)
        elif words[0] == "fg":
            job.state = RUNNING
            foreground(job)
        else:
            background(job)
    elif words[-1] == "&":
        job = start(words[:-1], " ".join(words[:-1]))
        print(f"[{job.number}] {job.pid}", flush=True)
    else:
        foreground(start(words, " ".join(words)))


for signo in TERMINALS:
    signal.signal(signo, signal.SIG_IGN)
while True:
    look()
    print("$ ", end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        break
    obey(line)
