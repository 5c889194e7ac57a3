# SPDX-License-Identifier: BSD-2-Clause
"""Saved ids: what they let a process take back, and that setuid of root gives them up."""

import errno
import os


def attempt(function, *args):
    try:
        return function(*args)
    except OSError as exc:
        return errno.errorcode[exc.errno]


def steps(*calls):
    """Make calls in a child, and print what comes of each."""
    pid = os.fork()
    if not pid:
        for name, *args in calls:
            result = attempt(getattr(os, name), *args)
            print(name, args, result, os.getuid() - base, os.geteuid() - base)
        print(flush=True)
        os._exit(0)
    os.waitpid(pid, 0)


base = os.getuid()
print(flush=True)
steps(("seteuid", base), ("setreuid", base, base), ("setuid", base), ("setreuid", -1, -1))
if base:
    steps(("seteuid", 5), ("setuid", 0), ("setreuid", 5, -1), ("setreuid", -1, 0))
    print(attempt(os.setgroups, [1]), attempt(os.setgid, 0), attempt(os.setegid, 0))
else:
    steps(("seteuid", 5), ("setuid", 6), ("seteuid", 0), ("setuid", 6), ("seteuid", 0))
    steps(("setreuid", 5, 6), ("seteuid", 5), ("seteuid", 6), ("setreuid", 6, 5), ("seteuid", 0))
    steps(("setreuid", -1, 7), ("setreuid", 7, -1), ("seteuid", 0), ("seteuid", 7))
    os.setgroups([3, 1, 2])
    print(sorted(os.getgroups()), attempt(os.setegid, 9), os.getegid(), os.getgid())
