# SPDX-License-Identifier: BSD-2-Clause
"""What processes, groups, signals, waits and pipes ought to do, said as simply as it can be.

Processes are numbers: 0 is the first, whose parent is nobody of these, INIT adopts orphans.
Signals are names.  An answer is ("ok", value) or (errno's name, None).
"""

from dataclasses import dataclass, field

INIT = -1
Answer = tuple[str, object]

STOPS = ("SIGSTOP", "SIGTSTP")
IGNORED = ("SIGCHLD", "SIGCONT")  # by default
FATAL = ("SIGHUP", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGKILL", "SIGPIPE")
SIGNALS = (*STOPS, *IGNORED, *FATAL)
ORDER = (  # NetBSD's numbers, ascending: the lowest is taken first
    "SIGHUP", "SIGKILL", "SIGPIPE", "SIGTERM", "SIGSTOP", "SIGTSTP", "SIGCONT", "SIGCHLD",
    "SIGUSR1", "SIGUSR2",
)  # fmt: skip
LINUX = (  # its order
    "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGTERM", "SIGCHLD", "SIGCONT",
    "SIGSTOP", "SIGTSTP",
)  # fmt: skip
SURE = ("SIGKILL", "SIGSTOP")


@dataclass
class Pipe:
    """Bytes on their way."""

    data: bytes = b""


@dataclass
class Process:
    """A process; a zombie keeps its status until somebody waits."""

    number: int
    parent: int
    group: int
    session: int
    actions: dict[str, str] = field(default_factory=dict)  # "ign" or "handler", else default
    mask: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    files: dict[int, tuple[Pipe, bool]] = field(default_factory=dict)  # slot: pipe, to write
    seen: list[str] = field(default_factory=list)  # what handlers have run for, since asked
    state: str = "alive"  # "stopped", "zombie", "gone"
    status: tuple[str, object] = ("exited", 0)
    xsig: str = ""
    waited: bool = False
    continued: bool = False
    hangup: bool = False  # was stopped when its group became an orphan


class Model:
    """The world; foreign says why the host is not to be asked any more."""

    def __init__(self) -> None:
        self.processes = [Process(0, INIT, 0, 0)]
        self.foreign = ""

    # who there is

    def living(self) -> list[Process]:
        return [p for p in self.processes if p.state in ("alive", "stopped")]

    def known(self) -> list[Process]:
        return [p for p in self.processes if p.state != "gone"]

    def children(self, p: Process) -> list[Process]:
        """Newest first."""
        return [child for child in reversed(self.known()) if child.parent == p.number]

    def members(self, group: int) -> list[Process]:
        return [p for p in self.known() if p.group == group]

    def session_of(self, group: int) -> int:
        return self.members(group)[0].session

    def orphaned(self, group: int) -> bool:
        """Whether nobody outside a group, but of its session, is parent of a member."""
        for p in self.members(group):
            if p.state == "zombie" or p.parent == INIT:
                continue
            above = self.processes[p.parent]
            if above.state in ("zombie", "gone"):
                continue
            if above.group != group and above.session == p.session:
                return False
        return True

    # signals

    def ignores(self, p: Process, signo: str) -> bool:
        action = p.actions.get(signo)
        if signo == "SIGCONT":
            return False  # it sets a stopped process going all the same
        return action == "ign" or (action is None and signo in IGNORED)

    def send(self, p: Process, signo: str) -> None:
        """Send a signal, and let p act on it."""
        if p.state not in ("alive", "stopped"):
            return
        caught = p.actions.get(signo) == "handler"
        blocked = signo in p.mask and signo not in SURE
        if blocked and not caught and (signo in IGNORED or p.actions.get(signo) == "ign"):
            self.foreign = "a blocked signal that is ignored is pending on Linux"
        if self.ignores(p, signo):
            return
        if not caught and signo == "SIGTSTP" and self.orphaned(p.group):
            if blocked:
                self.foreign = "a blocked SIGTSTP of an orphan is pending on Linux"
            return
        if signo == "SIGCONT":
            p.pending -= set(STOPS)
        if signo in STOPS:
            p.pending -= {"SIGCONT"}
        if p.state == "alive":
            if signo == "SIGCONT" and not caught:
                return
        elif signo in ("SIGCONT", "SIGKILL"):
            p.state = "alive"
            if signo == "SIGCONT":
                p.xsig, p.continued = signo, True
                self.tell(p)
                if not caught:
                    self.act(p)
                    return
        elif signo in STOPS:
            return
        p.pending.add(signo)
        self.act(p)

    def tell(self, child: Process) -> None:
        """SIGCHLD to the parent."""
        if child.parent != INIT:
            self.send(self.processes[child.parent], "SIGCHLD")

    def act(self, p: Process) -> None:
        """Take what is pending and not blocked, the lowest first."""
        while p.state == "alive":
            ready = [s for s in ORDER if s in p.pending and (s not in p.mask or s in SURE)]
            if not ready:
                return
            signo = ready[0]
            p.pending.discard(signo)
            action = p.actions.get(signo)
            if action is None and signo != min(ready, key=LINUX.index):
                self.foreign = "of several signals Linux takes another first: its numbers differ"
            if action == "handler":
                p.seen.append(signo)
            elif action == "ign" or signo in IGNORED:
                pass
            elif signo in STOPS:
                if signo == "SIGTSTP" and p.hangup:
                    continue
                p.state, p.xsig, p.waited, p.continued = "stopped", signo, False, False
                self.tell(p)
            else:
                self.end(p, ("killed", signo))

    def end(self, p: Process, status: tuple[str, object]) -> None:
        """A process ends."""
        p.status = status
        p.files.clear()
        p.pending.clear()
        before = self.judge()
        p.state = "zombie"
        orphans = [child for child in self.known() if child.parent == p.number]
        self.hang_up(before)
        for child in orphans:
            child.parent = INIT
            if child.state == "zombie":
                child.state = "gone"
        self.tell_end(p)

    def tell_end(self, p: Process) -> None:
        if p.parent == INIT:
            p.state = "gone"
            return
        parent = self.processes[p.parent]
        if parent.actions.get("SIGCHLD") == "ign":
            p.parent, p.state = INIT, "gone"
        else:
            self.send(parent, "SIGCHLD")

    def judge(self) -> dict[int, bool]:
        """Which groups are orphans."""
        return {group: self.orphaned(group) for group in {p.group for p in self.known()}}

    def hang_up(self, before: dict[int, bool], leaver: tuple[Process, int] | None = None) -> None:
        """SIGHUP and SIGCONT to those stopped in groups that have become orphans.

        Who is just leaving one is in it yet.
        """
        for group, orphan in sorted(before.items()):
            if orphan or not self.orphaned(group):
                continue
            members = self.members(group)
            if leaver is not None and leaver[1] == group:
                members.append(leaver[0])
            stopped = [p for p in members if p.state == "stopped"]
            if stopped:
                self.foreign = "Linux hangs up the whole group, and not when somebody leaves it"
            for p in stopped:
                p.hangup = True
                self.send(p, "SIGHUP")
                self.send(p, "SIGCONT")
