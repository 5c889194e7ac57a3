# SPDX-License-Identifier: BSD-2-Clause
"""Timers of every kind, realtime signals that queue, and children that are waited for by waitid."""

import os
import random
import sys

from userland.libc import (
    CLOCK_MONOTONIC,
    CLOCK_PROF,
    CLOCK_REALTIME,
    SIG_BLOCK,
    SIGALRM,
    SIGEV_SIGNAL,
    SIGRTMIN,
    Itimerspec,
    Sigevent,
    Timespec,
    getppid,
    sigprocmask,
    sigqueue,
    sigset,
    sigtimedwait,
    timer_create,
    timer_delete,
    timer_getoverrun,
    timer_settime,
)

rng = random.Random(int(sys.argv[1]))
chosen = sigset(SIGRTMIN, SIGRTMIN + 1, SIGALRM)
sigprocmask(SIG_BLOCK, chosen)
for _ in range(rng.randrange(3, 8)):
    event = Sigevent(SIGEV_SIGNAL, SIGRTMIN, rng.randrange(1000))
    timer = timer_create(rng.choice((CLOCK_REALTIME, CLOCK_MONOTONIC)), event)
    prof = timer_create(CLOCK_PROF, Sigevent(SIGEV_SIGNAL, SIGALRM))
    timer_settime(prof, 0, Itimerspec(Timespec(0, 0), Timespec(0, 20_000_000)))
    every = Timespec(0, rng.randrange(20, 500) * 1_000_000)
    timer_settime(timer, 0, Itimerspec(every, every))
    assert sigtimedwait(sigset(SIGRTMIN)).si_value == event.sigev_value
    pid = os.fork()
    if pid == 0:
        for value in range(rng.randrange(1, 6)):
            sigqueue(getppid(), SIGRTMIN + 1, value)
        os._exit(0)
    seen = sigtimedwait(sigset(SIGRTMIN + 1)).si_value
    assert seen == 0
    if rng.random() < 0.5:
        timer_delete(timer)
    else:
        timer_settime(timer, 0, Itimerspec(Timespec(0, 0), Timespec(0, 0)))
        assert timer_getoverrun(timer) >= 0
    info = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert info is not None
    assert os.waitpid(pid, 0) == (pid, 0)
    while True:
        try:
            sigtimedwait(chosen, Timespec(0, 0))
        except BlockingIOError:
            break
