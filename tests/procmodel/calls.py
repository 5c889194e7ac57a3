# SPDX-License-Identifier: BSD-2-Clause
"""What the model answers to each call, and what hypothesis draws of them."""

from typing import Any

from hypothesis import strategies as st

from tests.procmodel.model import IGNORED, INIT, ORDER, SIGNALS, SURE, Answer, Model, Pipe, Process

MOST = 7  # processes of one sequence
ROOM = 64  # bytes of one read


class Calls(Model):
    """The calls, by their names; a process that is asked is alive."""

    def call(self, caller: int, name: str, *args: Any) -> Answer:
        """Make a call; its answer is of no account if the caller does not live on."""
        answer: Answer = getattr(self, name)(self.processes[caller], *args)
        return answer

    def fork(self, p: Process) -> Answer:
        number = len(self.processes)
        self.processes.append(
            Process(
                number, p.number, p.group, p.session, dict(p.actions), set(p.mask),
                files=dict(p.files),
            )
        )  # fmt: skip
        return "ok", number

    def exit(self, p: Process, code: int) -> Answer:
        self.end(p, ("exited", code))
        return "ok", None

    def kill(self, p: Process, who: int, signo: str) -> Answer:
        """To process who, or -group - 1, as 0 is a group, too; "" only checks."""
        del p
        targets = self.members(-who - 1) if who < 0 else [self.processes[who]]
        targets = [target for target in targets if target.state != "gone"]
        if not targets:
            return "ESRCH", None
        for target in targets:
            if signo:
                self.send(target, signo)
        return "ok", None

    def sigaction(self, p: Process, signo: str, action: str) -> Answer:
        if signo in SURE:
            return "EINVAL", None
        before = p.actions.pop(signo, "")
        if action:
            p.actions[signo] = action
        if action == "ign" or (not action and signo in IGNORED):
            p.pending.discard(signo)
        self.act(p)
        return "ok", before

    def sigprocmask(self, p: Process, how: str, signos: frozenset[str]) -> Answer:
        before = sorted(p.mask)
        if how == "block":
            p.mask |= signos - set(SURE)
        elif how == "unblock":
            p.mask -= signos
        else:
            p.mask = set(signos) - set(SURE)
        self.act(p)
        return "ok", before

    def sigpending(self, p: Process) -> Answer:
        return "ok", sorted(p.pending)

    def sigtimedwait(self, p: Process, signos: frozenset[str]) -> Answer:
        """Take one that is pending, of those that are blocked, too: without waiting."""
        for signo in ORDER:
            if signo in p.pending and signo in signos and signo not in SURE:
                p.pending.discard(signo)
                return "ok", signo
        return "EAGAIN", None

    def setpgid(self, p: Process, who: int, group: int) -> Answer:
        """Of process who into group: a number of a process, or of one that there is none of."""
        target = self.processes[who]
        there = self.members(group)
        if target is not p:
            if target.state in ("zombie", "gone") or not self.below(target, p):
                if target.state in ("zombie", "gone"):
                    self.foreign = self.foreign or "a zombie can be moved on Linux"
                return "ESRCH", None
            if target.parent != p.number:
                self.foreign = self.foreign or "Linux moves children only"
            if target.session != p.session or (there and there[0].session != target.session):
                return "EPERM", None
        if target.session == target.number:
            return ("ok", None) if target.group == group and there else ("EPERM", None)
        if not there and group != target.number:
            return "EPERM", None
        if there and there[0].session != target.session:
            return "EPERM", None
        self.move(target, group, target.session)
        return "ok", None

    def below(self, p: Process, above: Process) -> bool:
        while p is not above:
            if p.parent == INIT:
                return False
            p = self.processes[p.parent]
        return True

    def move(self, p: Process, group: int, session: int) -> None:
        if p.group == group:
            return
        before, old = self.judge(), p.group
        p.group, p.session = group, session
        if p.parent != INIT and self.qualifies(p):
            p.hangup = False
        for child in self.known():
            mine = child.parent == p.number and child.state != "zombie"
            if mine and child.session == session and self.qualifies(child):
                child.hangup = False
        self.hang_up(before, (p, old))

    def qualifies(self, p: Process) -> bool:
        above = self.processes[p.parent]
        return above.group != p.group and above.session == p.session

    def setsid(self, p: Process) -> Answer:
        if p.group == p.number or self.members(p.number):
            return "EPERM", None
        self.move(p, p.number, p.number)
        return "ok", p.number

    def getpgid(self, p: Process, who: int) -> Answer:
        del p
        target = self.processes[who]
        return ("ESRCH", None) if target.state in ("zombie", "gone") else ("ok", target.group)

    def getsid(self, p: Process, who: int) -> Answer:
        del p
        target = self.processes[who]
        return ("ESRCH", None) if target.state in ("zombie", "gone") else ("ok", target.session)

    def getppid(self, p: Process) -> Answer:
        return "ok", p.parent

    def wait(self, p: Process, kind: str, whose: int, options: frozenset[str]) -> Answer:
        """For "pid", "group" or "all", never long: ended, "stopped", "continued", "nowait"."""
        if kind == "mine":
            kind, whose = "group", p.group
        mine = [
            child
            for child in self.children(p)
            if kind == "all" or whose == (child.number if kind == "pid" else child.group)
        ]
        if not mine:
            return "ECHILD", None
        for child in mine:
            if (told := self.report(child, options)) is not None:
                if "nowait" not in options:
                    if child.state == "zombie":
                        child.state = "gone"
                    else:
                        child.waited, child.continued = True, False
                return "ok", (child.number, *told)
        return "ok", None

    def report(self, child: Process, options: frozenset[str]) -> tuple[str, object] | None:
        if child.state == "zombie":
            return child.status
        if "continued" in options and child.continued and child.xsig == "SIGCONT":
            return "continued", "SIGCONT"
        if "stopped" in options and child.state == "stopped" and not child.waited:
            return "stopped", child.xsig
        return None

    # pipes, which never wait

    def slot(self, p: Process) -> int:
        return next(slot for slot in range(100) if slot not in p.files)

    def pipe(self, p: Process) -> Answer:
        made = Pipe()
        slots = []
        for end in (False, True):
            slots.append(self.slot(p))
            p.files[slots[-1]] = made, end
        return "ok", tuple(slots)

    def read(self, p: Process, slot: int) -> Answer:
        if slot not in p.files or p.files[slot][1]:
            return "EBADF", None
        pipe = p.files[slot][0]
        if not pipe.data:
            return ("EAGAIN", None) if self.writers(pipe) else ("ok", b"")
        data, pipe.data = pipe.data[:ROOM], pipe.data[ROOM:]
        return "ok", data

    def writers(self, pipe: Pipe) -> bool:
        return any(held is pipe and end for q in self.living() for held, end in q.files.values())

    def readers(self, pipe: Pipe) -> bool:
        return any(
            held is pipe and not end for q in self.living() for held, end in q.files.values()
        )

    def write(self, p: Process, slot: int, data: bytes) -> Answer:
        if slot not in p.files or not p.files[slot][1]:
            return "EBADF", None
        pipe = p.files[slot][0]
        if not self.readers(pipe):
            self.send(p, "SIGPIPE")
            return "EPIPE", None
        pipe.data += data
        return "ok", len(data)

    def close(self, p: Process, slot: int) -> Answer:
        if slot not in p.files:
            return "EBADF", None
        del p.files[slot]
        return "ok", None


NUMBER = st.integers(0, MOST - 1)
_SIGNO = st.sampled_from(SIGNALS)
_SIGNOS = st.frozensets(st.sampled_from([s for s in SIGNALS if s not in ("SIGCHLD", "SIGCONT")]))
_SLOT = st.integers(0, 5)
_OPTIONS = st.frozensets(st.sampled_from(["stopped", "continued", "nowait"]))

_ONE = st.tuples(st.just("kill"), NUMBER, st.one_of(_SIGNO, st.just("")))
_STOP = st.tuples(st.just("kill"), NUMBER, st.sampled_from(["SIGSTOP", "SIGTSTP", "SIGCONT"]))
_GROUP = st.tuples(st.just("kill"), NUMBER.map(lambda n: -n - 1), _SIGNO)
_ACTION = st.tuples(
    st.just("sigaction"), _SIGNO, st.sampled_from(["", "ign", "handler", "handler"])
)
_MASK = st.tuples(
    st.just("sigprocmask"), st.sampled_from(["block", "block", "unblock", "set"]), _SIGNOS
)
_WAIT = st.tuples(
    st.just("wait"), st.sampled_from(["pid", "group", "mine", "all", "all"]), NUMBER, _OPTIONS
)
_SETPGID = st.tuples(st.just("setpgid"), NUMBER, NUMBER)
_PIPES = st.one_of(
    st.tuples(st.just("pipe")),
    st.tuples(st.just("read"), _SLOT),
    st.tuples(st.just("write"), _SLOT, st.binary(min_size=1, max_size=20)),
    st.tuples(st.just("close"), _SLOT),
)
_FORK = st.tuples(st.just("fork"))

FAMILY = st.lists(st.tuples(NUMBER, st.one_of(_FORK, _FORK, _SETPGID)), min_size=2, max_size=6)
SIGNALLING = st.one_of(_ONE, _STOP, _GROUP)
MINDING = st.one_of(
    _ACTION,
    _MASK,
    st.tuples(st.just("sigpending")),
    st.tuples(st.just("sigtimedwait"), _SIGNOS),
)
WAITING = _WAIT
# Steps about one process: a signal it is sent, what it does about one, or its parent's wait.
BURST = st.one_of(
    st.sampled_from(["SIGSTOP", "SIGTSTP", "SIGTSTP", "SIGCONT", "SIGCONT", "SIGUSR1"]).map(
        lambda signo: ("kill", signo)
    ),
    st.sampled_from(["block", "unblock"]).map(
        lambda how: ("sigprocmask", how, frozenset(["SIGTSTP", "SIGUSR1"]))
    ),
    st.sampled_from(["SIGTSTP", "SIGCONT", "SIGUSR1"]).flatmap(
        lambda signo: st.sampled_from(["", "ign", "handler"]).map(
            lambda action: ("sigaction", signo, action)
        )
    ),
    st.just(("setpgid",)),
    _OPTIONS.map(lambda options: ("wait", options)),
)
CALL = st.one_of(
    _FORK,
    st.tuples(st.just("exit"), st.integers(0, 255)),
    _SETPGID,
    st.tuples(st.just("setsid")),
    st.tuples(st.sampled_from(["getpgid", "getsid"]), NUMBER),
    st.tuples(st.just("getppid")),
    _WAIT,
    _PIPES,
    _PIPES,
)
