# SPDX-License-Identifier: BSD-2-Clause
"""Queues of events on all that can be watched, counters and timers, programs spawned and traced."""

import os
import random
import sys

from userland import libc

rng = random.Random(int(sys.argv[1]))
NOW = libc.Timespec(0, 0)
name = f"/tmp/events.{os.getpid()}"

for _ in range(5):
    kq = libc.kqueue()
    reader, writer = os.pipe()
    file = libc.open(name, libc.O_RDWR | libc.O_CREAT, 0o600)
    counter = libc.eventfd(rng.randrange(2), 0)
    timer = libc.timerfd_create(libc.CLOCK_MONOTONIC, 0)
    second = libc.Timespec(rng.randrange(1, 4), 0)
    libc.timerfd_settime(timer, 0, libc.Itimerspec(second, second))
    child = os.fork()
    if child == 0:
        os.write(writer, b"from the child")
        libc.eventfd_write(counter, 1)
        os._exit(0)
    notes = [
        libc.Kevent(reader, libc.EVFILT_READ, libc.EV_ADD | rng.choice((0, libc.EV_CLEAR))),
        libc.Kevent(file, libc.EVFILT_VNODE, libc.EV_ADD, libc.NOTE_WRITE | libc.NOTE_DELETE),
        libc.Kevent(counter, libc.EVFILT_READ, libc.EV_ADD | libc.EV_DISPATCH),
        libc.Kevent(timer, libc.EVFILT_READ, libc.EV_ADD | libc.EV_ONESHOT),
        libc.Kevent(1, libc.EVFILT_TIMER, libc.EV_ADD, libc.NOTE_MSECONDS, rng.randrange(1, 900)),
        libc.Kevent(2, libc.EVFILT_USER),
        libc.Kevent(libc.SIGCHLD, libc.EVFILT_SIGNAL),
        libc.Kevent(kq, libc.EVFILT_READ),
    ]
    rng.shuffle(notes)
    libc.kevent(kq, notes)
    for _ in range(rng.randrange(1, 6)):
        libc.write(file, b"more")
        assert libc.kevent(kq, [], rng.randrange(1, 9), libc.Timespec(1, 0))
    os.unlink(name)
    os.waitpid(child, 0)
    pid = os.posix_spawn("/bin/echo", ["echo"], {}, file_actions=[(os.POSIX_SPAWN_CLOSE, 1)])
    os.waitpid(pid, 0)
    traced = os.fork()
    if traced == 0:
        libc.ptrace(libc.PT_TRACE_ME, 0, 0, 0)
        os.execv("/bin/echo", ["echo"])
    os.waitpid(traced, 0)
    for _ in range(rng.randrange(4)):
        libc.ptrace(libc.PT_SYSCALL, traced, 1, 0)
        os.waitpid(traced, 0)
    libc.ptrace(rng.choice((libc.PT_DETACH, libc.PT_CONTINUE, libc.PT_KILL)), traced, 1, 0)
    os.waitpid(traced, 0)
    for fd in rng.sample((kq, reader, writer, file, counter, timer), rng.randrange(7)):
        os.close(fd)
os._exit(0)
