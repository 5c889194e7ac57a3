# SPDX-License-Identifier: BSD-2-Clause
"""Ids, limits, priorities and what the kernel tells of them, in children that change their own."""

import os
import random
import resource
import sys

from userland.libc import sysctlbyname, sysctlnodes

rng = random.Random(int(sys.argv[1]))


def change():
    what = rng.randrange(6)
    if what == 0:
        os.setpriority(os.PRIO_PROCESS, 0, rng.randrange(20))
    elif what == 1:
        soft, hard = sorted(rng.sample(range(40, 400), 2))
        resource.setrlimit(rng.choice((resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)), (soft, hard))
    elif what == 2:
        os.setregid(rng.randrange(9), rng.randrange(9))
    elif what == 3:
        os.setreuid(rng.randrange(9), rng.randrange(9))
    elif what == 4:
        os.setgroups(rng.sample(range(100), rng.randrange(16)))
    else:
        sysctlbyname("proc.curproc.corename", b"/tmp/%n.core")


def look():
    what = rng.randrange(5)
    if what == 0:
        with open(f"/proc/curproc/{rng.choice(('status', 'limit', 'map', 'cmdline'))}") as file:
            file.read()
    elif what == 1:
        sysctlnodes((rng.choice((1, 2, 3, 6, 10, 13)),))
    elif what == 2:
        sysctlbyname(rng.choice(("kern.hostname", "vm.loadavg", "kern.uidinfo.proccnt")))
    elif what == 3:
        resource.getrusage(rng.choice((resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
    else:
        os.listdir("/proc")


for _ in range(rng.randrange(4, 10)):
    pid = os.fork()
    if not pid:
        for _ in range(10):
            try:
                rng.choice((change, look))()
            except (OSError, ValueError):
                continue
        os._exit(0)
    look()
    os.waitpid(pid, 0)
