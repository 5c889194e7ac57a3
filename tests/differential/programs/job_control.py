# SPDX-License-Identifier: BSD-2-Clause
"""Groups that become orphans, and who is hung up then."""

import os
import signal


def told(fd):
    data = b""
    while piece := os.read(fd, 100):
        data += piece
    return data


rfd, wfd = os.pipe()
parent = os.fork()
if parent == 0:
    os.setpgid(0, 0)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)

        def hangup(*_):
            os.write(wfd, b"hup ")

        def cont(*_):
            os.write(wfd, b"cont ")
            os._exit(0)

        signal.signal(signal.SIGHUP, hangup)
        signal.signal(signal.SIGCONT, cont)
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(1)
    _, status = os.waitpid(child, os.WUNTRACED)
    os.write(wfd, b"stopped " if os.WIFSTOPPED(status) else b"? ")
    os._exit(0)
os.close(wfd)
os.waitpid(parent, 0)
print(sorted(told(rfd).split()))

rfd, wfd = os.pipe()
leader = os.fork()
if leader == 0:
    os.setsid()
    member = os.fork()
    if member == 0:
        for signo in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
            os.kill(os.getpid(), signo)  # nobody could continue it
        os.write(wfd, b"not stopped")
        os._exit(0)
    os.waitpid(member, os.WUNTRACED)
    os._exit(0)
os.close(wfd)
print(told(rfd))
os.waitpid(leader, 0)

group = os.fork()
if group == 0:
    os.setpgid(0, 0)
    os.kill(os.getpid(), signal.SIGTSTP)
    os._exit(5)
_, status = os.waitpid(group, os.WUNTRACED)
print(os.WIFSTOPPED(status), signal.Signals(os.WSTOPSIG(status)).name)
os.killpg(group, signal.SIGCONT)
print(os.waitstatus_to_exitcode(os.waitpid(group, 0)[1]))
