# SPDX-License-Identifier: BSD-2-Clause
"""The waits: what they refuse, and the shape of what they answer."""

import errno
import os
import resource
import signal


def attempt(function, *args):
    try:
        return function(*args)
    except OSError as exc:
        return errno.errorcode[exc.errno]


print(attempt(os.wait), attempt(os.waitpid, -1, os.WNOHANG), attempt(os.waitpid, 0, 0))
print(
    attempt(os.waitpid, 1, 0),
    attempt(os.waitpid, os.getpid(), 0),
    attempt(os.waitpid, -30000000, 0),
)
print(attempt(os.wait3, 0), attempt(os.wait4, 1, 0))
print(attempt(os.waitid, os.P_PID, 1, os.WEXITED), attempt(os.waitid, os.P_ALL, 0, os.WEXITED))
print(attempt(os.waitid, os.P_ALL, 0, 0))
child = os.fork()
if child == 0:
    grand = os.fork()
    if grand == 0:
        os._exit(0)
    os.waitpid(grand, 0)
    sum(range(200000))
    os._exit(6)
pid, status, usage = os.wait4(child, 0)
print(pid == child, os.waitstatus_to_exitcode(status), type(usage) is resource.struct_rusage)
print(usage.ru_utime >= 0, usage.ru_stime >= 0, len(usage))
child = os.fork()
if child == 0:
    os._exit(256 + 7)
pid, status, usage = os.wait3(0)
print(pid == child, os.waitstatus_to_exitcode(status))
print(os.wait3.__name__, attempt(os.wait3, os.WNOHANG))
child = os.fork()
if child == 0:
    os.kill(os.getpid(), signal.SIGQUIT)
pid, status = os.wait()
print(os.WIFSIGNALED(status), os.WTERMSIG(status) == signal.SIGQUIT, os.WIFEXITED(status))
for number in (1, 2):
    if os.fork() == 0:
        os._exit(number)
print(sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2)))
children = resource.getrusage(resource.RUSAGE_CHILDREN)
print(children.ru_utime >= 0 and children.ru_maxrss >= 0)
print(attempt(resource.getrusage, 0).ru_nivcsw >= 0)
try:
    resource.getrusage(99)
except ValueError as exc:
    print(exc)
