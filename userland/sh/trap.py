# SPDX-License-Identifier: BSD-2-Clause
"""Signals and what the user wants done at them.  NetBSD bin/sh/trap.c."""

from typing import Final

from userland import libc
from userland.sh.error import Interrupted, ShellError
from userland.sh.output import out1
from userland.sh.shell import Shell
from userland.sh.var import quoted

EXIT: Final = 0  # the pseudo signal of a shell's end
_INTERACTIVE: Final = frozenset({libc.SIGINT, libc.SIGQUIT, libc.SIGTERM})


def setsignal(sh: Shell, signo: int) -> None:
    """Have the process treat a signal as traps and options ask."""
    if signo == EXIT or signo in sh.ignored:
        return
    action = sh.traps.get(signo)
    if action == "":
        libc.signal(signo, libc.SIG_IGN)
    elif action is not None or (signo == libc.SIGINT and _interactive(sh)):
        libc.sigaction(signo, libc.Sigaction(sh.pending.append, 0, 0))
    elif signo in _INTERACTIVE and _interactive(sh):
        libc.signal(signo, libc.SIG_IGN)
    else:
        libc.signal(signo, libc.SIG_DFL)


def _interactive(sh: Shell) -> bool:
    return "i" in sh.options and not sh.subshell


def set_interactive(sh: Shell) -> None:
    """Take up, or give up, an interactive shell's treatment of signals."""
    for signo in sorted(_INTERACTIVE):
        setsignal(sh, signo)


def clear_traps(sh: Shell) -> None:
    """In a new child: drop all actions but those that ignore."""
    caught = [signo for signo, action in sh.traps.items() if action]
    sh.traps = {signo: action for signo, action in sh.traps.items() if not action}
    for signo in caught:
        setsignal(sh, signo)


def check_interrupt(sh: Shell) -> None:
    """Raise Interrupted if SIGINT came that no trap is for."""
    if libc.SIGINT in sh.pending and libc.SIGINT not in sh.traps:
        sh.pending.clear()
        raise Interrupted


def decode_signal(name: str) -> int:
    """Return the number of a signal given by name (with or without SIG) or number.

    Raises:
        ShellError: there is none.
    """
    if name.isdigit() and int(name) < libc.NSIG:
        return int(name)
    upper = name.upper()
    if upper == "EXIT":
        return EXIT
    number = libc.signalnumber(upper.removeprefix("SIG"))
    if not number:
        raise ShellError(f"{name}: bad trap")
    return number


def signal_name(signo: int) -> str:
    """Return the name of a signal, EXIT for 0."""
    return "EXIT" if signo == EXIT else libc.signalname(signo) or str(signo)


def trapcmd(sh: Shell, argv: list[str]) -> int:
    """trap [-l] | [action] signal ...: what to do when a signal comes."""
    args = argv[1:]
    if args[:1] == ["-l"]:
        out1(" ".join(signal_name(n) for n in range(1, 32)) + "\n")
        return 0
    if args[:1] == ["--"]:
        del args[0]
    if not args or args == ["-p"]:
        for signo in sorted(sh.traps):
            out1(f"trap -- {quoted(sh.traps[signo])} {signal_name(signo)}\n")
        return 0
    resets = len(args) == 1 or args[0] == "-" or args[0].isdigit()
    action = None if resets else args[0]
    names = args[1:] if args[0] == "-" or not resets else args
    for name in names:
        signo = decode_signal(name)
        if action is None:
            sh.traps.pop(signo, None)
        else:
            sh.traps[signo] = action
        setsignal(sh, signo)
    return 0
