# SPDX-License-Identifier: BSD-2-Clause
"""A process of the host that makes the calls it is told, and whose children do; run by host.py.

Each process of the family talks through two FIFOs of its own, named by its number.
"""

import errno
import fcntl
import marshal
import os
import signal
import sys

_FIRST = 10  # descriptor of slot 0
_NAMES = {signo.value: signo.name for signo in signal.Signals}
_KINDS = {
    os.CLD_EXITED: "exited", os.CLD_KILLED: "killed", os.CLD_DUMPED: "killed",
    os.CLD_STOPPED: "stopped", os.CLD_CONTINUED: "continued",
}  # fmt: skip
_HOW = {"block": signal.SIG_BLOCK, "unblock": signal.SIG_UNBLOCK, "set": signal.SIG_SETMASK}
_OPTIONS = {"stopped": os.WSTOPPED, "continued": os.WCONTINUED, "nowait": os.WNOWAIT}


def _signos(names):
    return [getattr(signal, name) for name in names]


class Program:
    """The calls."""

    def __init__(self, place):
        self.place = place
        self.seen = []
        self.open(0)

    def open(self, number):
        path = f"{self.place}/{number}"
        self.stdin = os.fdopen(os.open(f"{path}.in", os.O_RDONLY), "rb")
        self.stdout = os.fdopen(os.open(f"{path}.out", os.O_WRONLY), "wb")

    def handler(self, signo, _frame):
        self.seen.append(_NAMES[signo])

    def call(self, name, *args):
        try:
            return "ok", getattr(self, name)(*args)
        except OSError as exc:
            return errno.errorcode[exc.errno], None

    def fork(self, number):
        pid = os.fork()
        if not pid:
            self.stdin.close()
            self.stdout.close()
            self.seen = []
            self.open(number)
            return "begun"
        return pid

    def told(self):
        seen, self.seen = self.seen, []
        return seen

    def exit(self, code):
        os._exit(code)

    def kill(self, pid, signo):
        os.kill(pid, getattr(signal, signo) if signo else 0)

    def sigaction(self, signo, action):
        how = {"": signal.SIG_DFL, "ign": signal.SIG_IGN}.get(action, self.handler)
        old = signal.signal(getattr(signal, signo), how)
        return {signal.SIG_DFL: "", signal.SIG_IGN: "ign"}.get(old, "handler")

    def sigprocmask(self, how, signos):
        old = signal.pthread_sigmask(_HOW[how], _signos(signos))
        return sorted(_NAMES[signo] for signo in old)

    def sigpending(self):
        return sorted(_NAMES[signo] for signo in signal.sigpending())

    def sigtimedwait(self, signos):
        info = signal.sigtimedwait(_signos(signos), 0)
        if info is None:
            raise BlockingIOError(errno.EAGAIN, "")
        return _NAMES[info.si_signo]

    def setpgid(self, pid, group):
        os.setpgid(pid, group)

    def setsid(self):
        os.setsid()
        return os.getpid()

    def getpgid(self, pid):
        return os.getpgid(pid)

    def getsid(self, pid):
        return os.getsid(pid)

    def getppid(self):
        return os.getppid()

    def wait(self, kind, whose, options):
        idtype = {"pid": os.P_PID, "all": os.P_ALL}.get(kind, os.P_PGID)
        whose = os.getpgrp() if kind == "mine" else whose
        flags = os.WEXITED | os.WNOHANG | sum(_OPTIONS[name] for name in options)
        info = os.waitid(idtype, whose, flags)
        if info is None:
            return None
        exited = info.si_code == os.CLD_EXITED
        return (
            info.si_pid,
            _KINDS[info.si_code],
            info.si_status if exited else _NAMES[info.si_status],
        )

    def pipe(self):
        slots = []
        for fd in os.pipe():
            os.set_blocking(fd, False)
            slots.append(fcntl.fcntl(fd, fcntl.F_DUPFD, _FIRST) - _FIRST)
            os.close(fd)
        return tuple(slots)

    def read(self, slot):
        return os.read(_FIRST + slot, 64)

    def write(self, slot, data):
        return os.write(_FIRST + slot, data)

    def close(self, slot):
        os.close(_FIRST + slot)


def main():
    """Answer until there is no more to answer."""
    for name in ("HUP", "PIPE", "TERM", "USR1", "USR2", "CHLD", "CONT", "TSTP"):
        signal.signal(getattr(signal, f"SIG{name}"), signal.SIG_DFL)  # whoever runs the tests
    os.setsid()
    program = Program(sys.argv[1])
    marshal.dump(("ok", os.getpid()), program.stdout)
    program.stdout.flush()
    while True:
        try:
            name, args = marshal.load(program.stdin)
        except EOFError:
            os._exit(0)
        answer = program.call(name, *args)
        if answer == ("ok", "begun"):
            answer = "ok", os.getpid()
        marshal.dump(answer, program.stdout)
        program.stdout.flush()


main()
