# SPDX-License-Identifier: BSD-2-Clause
"""waitid: children that end, stop and go on, looked at and collected."""

import os
import signal


def show(result):
    if result is None:
        return None
    names = {
        os.CLD_EXITED: "exited", os.CLD_KILLED: "killed", os.CLD_STOPPED: "stopped",
        os.CLD_CONTINUED: "continued",
    }  # fmt: skip
    status = result.si_status
    if result.si_code != os.CLD_EXITED:
        status = signal.Signals(status).name
    return names[result.si_code], status, result.si_pid == child, result.si_signo == signal.SIGCHLD


child = os.fork()
if child == 0:
    while True:
        signal.pause()
everything = os.WEXITED | os.WSTOPPED | os.WCONTINUED
print(show(os.waitid(os.P_PID, child, everything | os.WNOHANG)))
os.kill(child, signal.SIGSTOP)
print(show(os.waitid(os.P_PID, child, everything | os.WNOWAIT)))
print(show(os.waitid(os.P_ALL, 0, everything)))
print(show(os.waitid(os.P_PID, child, everything | os.WNOHANG)))
os.kill(child, signal.SIGCONT)
print(show(os.waitid(os.P_PID, child, os.WCONTINUED)))
os.kill(child, signal.SIGTERM)
print(show(os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)))
print(show(os.waitid(os.P_PID, child, os.WEXITED)))
try:
    os.waitid(os.P_ALL, 0, os.WEXITED)
except ChildProcessError:
    print("no child")
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    os._exit(7)
print(show(os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)))
print(show(os.waitid(os.P_PGID, child, os.WEXITED)))
try:
    os.waitid(os.P_ALL, 0, os.WNOHANG)
except OSError as exc:
    print(type(exc).__name__)
