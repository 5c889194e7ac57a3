# SPDX-License-Identifier: BSD-2-Clause
"""What a process with several LWPs keeps for the replay of fork(2).

Each LWP has a history of its own.  Python objects are shared, so the replay has
to run the LWPs' code in the order in which it ran: between two traps nobody
else can have run, so it is the order of the traps.  Where another LWP than the
one before makes a trap, the one before gets a LwpTurn in its history.
"""

from typing import Any

from kernel.sys.namedtuple import NamedTuple
from kernel.sys.proc import Lwp, MdProc
from kernel.sys.ucontext import Ucontext

FAULTED = object()  # a load or store has failed; its handlers' entries follow


class LwpTurn(NamedTuple):
    """The next trap is that of another LWP, which runs until it makes it."""

    stream: int  # index of its history
    inside: bool  # the LWP before is in a call; else it has not run since its last one


class Interrupted(NamedTuple):
    """The clock has interrupted the LWP as it had run so many statements of its program."""

    statements: int


class Loaded(NamedTuple):
    """What came of an access to memory that others can change."""

    value: Any


class LwpMade(NamedTuple):
    """A new LWP starts from context; its history has the next index."""

    context: Ucontext


def history_fork(md: MdProc) -> tuple[tuple[list[Any], int], ...]:
    """Return the md_forebears of a child that is forked now; nothing is copied."""
    if not md.md_history:
        return md.md_forebears
    return (*md.md_forebears, (md.md_history, len(md.md_history)))


def history_whole(md: MdProc) -> list[Any]:
    """Return all that the program got since exec, in one list."""
    pieces = [history[:length] for history, length in history_fork(md)]
    whole = pieces[0] if pieces else []
    for piece in pieces[1:]:
        whole += piece
    return whole


def history_lwp(lwp: Lwp, new: Lwp, context: Ucontext) -> None:
    """Give new, which lwp is making, a history; the first time lwp's own becomes one of several."""
    md = lwp.l_proc.p_md
    if md.md_history is None:
        return
    if md.md_streams is None:
        md.md_history = history_whole(md)
        md.md_forebears = ()
        md.md_streams = [md.md_history]
        md.md_turn = lwp.l_stream = 0
        lwp.l_history = lwp.l_proc.p_vmspace.vm_log = md.md_history
    md.md_history.append(LwpMade(context))
    new.l_stream = len(md.md_streams)
    new.l_history = []
    md.md_streams.append(new.l_history)


def history_turn(lwp: Lwp) -> None:
    """Note that lwp makes a trap; its process has several histories."""
    md = lwp.l_proc.p_md
    if md.md_turn != lwp.l_stream and md.md_streams is not None:
        md.md_streams[md.md_turn].append(LwpTurn(lwp.l_stream, md.md_inside))
        md.md_turn = lwp.l_stream
    md.md_inside = True


def history_use(lwp: Lwp) -> None:
    """Let what is recorded from now on go to lwp's history: it has the CPU."""
    p = lwp.l_proc
    p.p_md.md_history = p.p_vmspace.vm_log = lwp.l_history
