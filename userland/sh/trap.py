# SPDX-License-Identifier: BSD-2-Clause
"""Signals and what the user wants done at them.  NetBSD bin/sh/trap.c."""

from typing import Final

from userland.libc import include as libc
from userland.sh.error import Interrupted
from userland.sh.output import out1, out2
from userland.sh.shell import Shell, Sigmode
from userland.sh.var import lookupvar, quoted

EXIT: Final = 0  # the pseudo signal of a shell's end
_INTERACTIVE: Final = (libc.SIGINT, libc.SIGQUIT, libc.SIGTERM)
_TERMINAL: Final = (libc.SIGTSTP, libc.SIGTTIN, libc.SIGTTOU)
_PER_LINE: Final = 13  # names of signals in a line of trap
_USAGE: Final = """\
Usage: trap [-l]
       trap -p [condition ...]
       trap -P  condition ...
       trap action condition ...
       trap N condition ...
"""


def setsignal(sh: Shell, signo: int) -> None:
    """Have the process treat a signal as traps and options ask."""
    if signo == EXIT:
        return
    mode = _wanted(sh, signo)
    known = sh.sigmode.get(signo)
    if known is None and libc.sigaction(signo).sa_handler == libc.SIG_IGN:
        # a script cannot undo what its caller ignored
        unlocked = "i" in sh.options or ("m" in sh.options and signo in _TERMINAL)
        known = Sigmode.IGNORE if unlocked else Sigmode.HARD_IGNORE
        sh.sigmode[signo] = known
    if known in {Sigmode.HARD_IGNORE, mode}:
        return
    sh.sigmode[signo] = mode
    if mode is Sigmode.CATCH:
        libc.sigaction(signo, libc.Sigaction(sh.pending.append, 0, 0))
    else:
        libc.signal(signo, libc.SIG_IGN if mode is Sigmode.IGNORE else libc.SIG_DFL)


def _wanted(sh: Shell, signo: int) -> Sigmode:
    action = None if sh.traps_invalid else sh.traps.get(signo)
    if action is not None:
        return Sigmode.CATCH if action else Sigmode.IGNORE
    if sh.interactive and signo in _INTERACTIVE:
        return Sigmode.CATCH if signo == libc.SIGINT else Sigmode.IGNORE
    if "m" in sh.options and not sh.subshell and signo in {libc.SIGTSTP, libc.SIGTTOU}:
        return Sigmode.IGNORE
    return Sigmode.DEFAULT


def ignoresig(sh: Shell, signo: int) -> None:
    """Ignore a signal in spite of traps: what a background command does."""
    if sh.sigmode.get(signo) not in {Sigmode.IGNORE, Sigmode.HARD_IGNORE}:
        libc.signal(signo, libc.SIG_IGN)
        sh.sigmode[signo] = Sigmode.IGNORE


def set_interactive(sh: Shell) -> None:
    """Take up, or give up, an interactive shell's treatment of signals."""
    for signo in _INTERACTIVE:
        setsignal(sh, signo)


def set_terminal(sh: Shell) -> None:
    """Take up, or give up, the treatment of signals that job control needs."""
    for signo in _TERMINAL:
        setsignal(sh, signo)


def clear_traps(sh: Shell) -> None:
    """In a new child: drop all actions but those that ignore; trap still shows them."""
    for signo, action in sh.traps.items():
        if action:
            setsignal(sh, signo)


def free_traps(sh: Shell) -> None:
    """Forget the traps that a parent had."""
    if sh.traps_invalid:
        sh.traps = {signo: action for signo, action in sh.traps.items() if not action}
        sh.traps_invalid = False


def check_interrupt(sh: Shell) -> None:
    """Raise Interrupted if SIGINT came and no trap is for it, or a person is there.

    What is being done ends then in any case; the person's trap runs afterwards.
    """
    if libc.SIGINT not in sh.pending:
        return
    if sh.interactive or sh.traps_invalid or libc.SIGINT not in sh.traps:
        sh.pending.clear()
        raise Interrupted


def signame_to_signum(name: str) -> int | None:
    """Return the number of a signal given by name (with or without SIG) or number, None if none."""
    if name.isdecimal():
        number, _ = libc.strtol(name)
        return number if number < libc.NSIG else None
    upper = name.upper()
    return EXIT if upper == "EXIT" else libc.signalnumber(upper.removeprefix("SIG")) or None


def trap_signame(signo: int) -> str:
    """Return the name of a signal, EXIT for 0."""
    return "EXIT" if signo == EXIT else libc.signalname(signo) or str(signo)


def printsignals(sh: Shell, length: int = 0) -> None:
    """Write the names of all signals in columns of 8; length is what is in the line already."""
    width = _width(sh)
    line = ""
    pad = (length | 7) + 1 - length
    for signo in range(1, libc.NSIG):
        name = libc.signalname(signo)
        if name is None:
            continue
        if length and len(name) + length + pad >= width:
            line += "\n"
            length = pad = 0
        elif not length:
            pad = 0
        line += " " * pad + name
        length += len(name) + pad
        pad = (len(name) | 7) + 1 - len(name)
    out1(f"{line}\n")


def _width(sh: Shell) -> int:
    columns = lookupvar(sh, "COLUMNS")
    if columns is not None and columns.isdecimal():
        return libc.atoi(columns)
    return (libc.tcgetwinsize(1)[1] if libc.isatty(1) else 0) or 80


def trapcmd(sh: Shell, argv: list[str]) -> int:
    """trap [-l] | -p [signal ...] | -P signal ... | [action] signal ..."""
    args = argv[1:]
    if args == ["-l"]:
        out1("EXIT")
        printsignals(sh, 4)
        return 0
    if args == ["-"]:
        _reset_all(sh)
        return 0
    prints = args.pop(0) if args[:1] in (["-p"], ["-P"]) else ""
    if args[:1] == ["--"]:
        del args[0]
    if not args and prints != "-P":
        _show(sh, everything=bool(prints))
        return 0
    if prints:
        return _print(sh, args, commands=prints == "-p") if args else _usage()
    action = None
    if not args[0].isdecimal():
        action = args.pop(0)
        action = None if action == "-" else action
    if not args:
        return _usage()
    free_traps(sh)
    return max([_settrap(sh, name, action) for name in args])


def _usage() -> int:
    out2(_USAGE)
    return 2


def _condition(name: str) -> int | None:
    """Return the number of a signal, having complained if there is none."""
    signo = signame_to_signum(name)
    if signo is None:
        out2(f"trap: '{name}' bad condition\n")
    return signo


def _settrap(sh: Shell, name: str, action: str | None) -> int:
    signo = _condition(name)
    if signo is None:
        return 1
    if signo in {libc.SIGKILL, libc.SIGSTOP} and action is not None:
        shown = name if name[:3].upper() == "SIG" or not name.isalpha() else f"SIG{name}"
        out2(f"trap: '{shown}' cannot be {'caught' if action else 'ignored'}\n")
        return 1
    if action is None:
        sh.traps.pop(signo, None)
    else:
        sh.traps[signo] = action
    setsignal(sh, signo)
    return 0


def _reset_all(sh: Shell) -> None:
    signals, sh.traps, sh.traps_invalid = list(sh.traps), {}, False
    for signo in signals:
        setsignal(sh, signo)


def _print(sh: Shell, names: list[str], commands: bool) -> int:
    """Write the actions of some signals, as commands that would set them or as they are."""
    status = 0
    for name in names:
        signo = _condition(name)
        if signo is None:
            status = 1
            continue
        action = sh.traps.get(signo)
        if commands:
            out1(f"trap -- {'-' if action is None else quoted(action)} {trap_signame(signo)}\n")
        elif action is not None:
            out1(f"{action}\n")
    return status


def _show(sh: Shell, everything: bool) -> None:
    """Write all traps as commands, first what is ignored; everything: and what is not trapped."""
    if everything:
        untrapped = set(range(libc.NSIG)) - {libc.SIGKILL, libc.SIGSTOP} - set(sh.traps)
        _show_names("-", sorted(untrapped))
    _show_names("''", [signo for signo in sorted(sh.traps) if not sh.traps[signo]])
    for signo in sorted(sh.traps):
        if sh.traps[signo]:
            out1(f"trap -- {quoted(sh.traps[signo])} {trap_signame(signo)}\n")


def _show_names(action: str, signals: list[int]) -> None:
    for start in range(0, len(signals), _PER_LINE):
        names = " ".join(map(trap_signame, signals[start : start + _PER_LINE]))
        out1(f"trap -- {action} {names}\n")
