# SPDX-License-Identifier: BSD-2-Clause
"""Memory that is mapped, shared, passed on and left behind; a semaphore that all give back."""

import os
import random
import sys

from userland.libc import *

rng = random.Random(int(sys.argv[1]))
PAGE = 4096
shared = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_ANON | MAP_SHARED)
path = f"/tmp/mapped.{os.getpid()}"
fd = open(path, O_CREAT | O_RDWR, 0o600)
unlink(path)
ftruncate(fd, 8 * PAGE)
shmid = shmget(1, 3 * PAGE, IPC_CREAT | 0o666)  # these stay, as who is killed cannot remove them
semid = semget(1, 1, IPC_CREAT | 0o666)
places = []
for _ in range(15):
    kind = rng.randrange(5)
    size = rng.randrange(1, 8) * PAGE
    if kind == 0:
        places.append((mmap(0, size, 3, MAP_ANON | MAP_PRIVATE), size))
    elif kind == 1:
        places.append((mmap(0, size, 3, rng.choice((MAP_SHARED, MAP_PRIVATE)), fd), size))
    elif kind == 2:
        places.append((shmat(shmid), 3 * PAGE))
    elif kind == 3 and places:
        at, size = rng.choice(places)
        munmap(at + rng.randrange(size // PAGE) * PAGE, PAGE)
    elif places:
        at, size = rng.choice(places)
        page = at + rng.randrange(size // PAGE) * PAGE
        if mmap(page, PAGE, 3, MAP_ANON | MAP_PRIVATE | MAP_FIXED):
            store(page, b"touched")
children = rng.randrange(1, 4)
for _ in range(children):
    if fork() == 0:
        semop(semid, [(0, 0), (0, 1, SEM_UNDO)])
        atomic_add_32(shared, 1)
        if rng.random() < 0.3:
            kill(getpid(), SIGKILL)
        semop(semid, [(0, -1, SEM_UNDO)])
        _exit(0)
for _ in range(children):
    wait()
assert load(shared, 1)[0] <= children
