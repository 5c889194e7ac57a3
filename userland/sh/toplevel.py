# SPDX-License-Identifier: BSD-2-Clause
"""A shell's life, from text to exit status.  NetBSD bin/sh/main.c, eval.c, trap.c."""

from collections.abc import Callable
from contextlib import suppress

from kernel.sys.dataclasses import replace
from userland.libc import include as libc
from userland.sh.descrip import movefd, savefd
from userland.sh.error import (
    BadSyntax,
    FunctionReturn,
    Interrupted,
    LoopExit,
    ShellError,
    ShellExit,
)
from userland.sh.exec import ShellScript
from userland.sh.input import FileInput, StringInput
from userland.sh.jobs import Fork, forkshell, makejob, setjobctl, waitforjob
from userland.sh.nodes import Node
from userland.sh.output import out2, warn
from userland.sh.parser import Parser
from userland.sh.shell import Shell, Sigmode
from userland.sh.trap import EXIT, check_interrupt, free_traps

_BLOCK = 4096  # bytes of a substitution read at once


def complain(sh: Shell, exc: ShellError) -> None:
    """Write an error's message, if it has one."""
    if exc.message is None:
        return
    if isinstance(exc, BadSyntax):
        warn(sh, f"{exc.lineno or sh.lineno}: Syntax error: {exc.message}")
    else:
        warn(sh, exc.message)


def evalinput(sh: Shell, parser: Parser, last: bool = False) -> int:
    """Evaluate all commands of an input; return the last one's status.

    Args:
        last: the process ends with the input, so its last command may be exec'ed.

    Raises:
        ShellError: an error that ends a script.
    """
    status = 0
    while True:
        try:
            node = parser.parsecmd()
        except EOFError:
            return status
        except BadSyntax as exc:
            exc.lineno = exc.lineno or parser.reader.lineno
            raise
        if node is not None:
            if sh.job_warning:
                sh.job_warning -= 1
            status = sh.evaltree(sh, node, last and parser.at_eof())


def evalstring(sh: Shell, text: str, last: bool = False) -> int:
    """Evaluate the commands in text."""
    return evalinput(sh, Parser(StringInput(text), sh.aliases), last)


def dotrap(sh: Shell) -> None:
    """Run the actions of the signals that have come."""
    check_interrupt(sh)
    _runtraps(sh)


def trap_interrupt(sh: Shell) -> None:
    """Do what a person has set for SIGINT, once what was being done has ended."""
    if sh.traps.get(libc.SIGINT):
        sh.pending.append(libc.SIGINT)
        _runtraps(sh)


def _runtraps(sh: Shell) -> None:
    while sh.pending and not sh.in_trap:
        action = sh.traps.get(sh.pending.pop(0))
        if action and not sh.traps_invalid:
            _action(sh, action)


def _action(sh: Shell, action: str) -> None:
    status, sh.in_trap = sh.status, True
    try:
        evalstring(sh, action)
    finally:
        sh.in_trap = False
    sh.status = status


def _exittrap(sh: Shell) -> int:
    """Run the EXIT trap; return the status the shell is to exit with."""
    free_traps(sh)
    action = sh.traps.pop(EXIT, None)
    status = sh.status
    if action:
        try:
            evalstring(sh, action)
        except ShellExit as exc:
            return exc.status
        except ShellError as exc:
            complain(sh, exc)
            return exc.status
        except (LoopExit, FunctionReturn):
            return status
    return status


def run(sh: Shell, life: Callable[[Shell], object]) -> int:
    """Run a shell from beginning to end; return its exit status, its EXIT trap done."""
    while True:
        try:
            try:
                life(sh)
            except ShellExit as exc:
                sh.status = exc.status
            except FunctionReturn as exc:
                sh.status = exc.status
            except ShellError as exc:
                complain(sh, exc)
                sh.status = exc.status
            except RecursionError:
                complain(sh, ShellError("Commands are nested too deeply"))
                sh.status = 2
            except Interrupted:
                sh.status = 128 + libc.SIGINT
            except LoopExit:
                pass
            status = _exittrap(sh)
            with suppress(ShellError):
                setjobctl(sh, False)
            return status
        except ShellScript as script:
            sh, life = _scriptshell(sh, script), _file(script.path)


def _scriptshell(sh: Shell, script: ShellScript) -> Shell:
    """Return what a new shell would be that runs a script: only the environment stays."""
    exported = {name: var for name, var in sh.variables.items() if var.exported}
    return replace(
        sh.copy(),
        arg0=script.path,
        pid=libc.getpid(),
        variables=exported,
        functions={},
        aliases={},
        params=script.argv[1:],
        options=set(),
        scopes=[],
        commandname=None,
        loops=0,
        functions_deep=0,
        tested=0,
        subshell=False,
        jobs={},
        current=[],
        jobs_invalid=False,
        traps_invalid=False,
        traps={},
        sigmode={
            signo: Sigmode.HARD_IGNORE
            for signo, mode in sh.sigmode.items()
            if mode is Sigmode.IGNORE
        },
    )


def _file(path: str) -> Callable[[Shell], object]:
    return lambda sh: evalinput(sh, Parser(openinput(sh, path), sh.aliases))


def openinput(sh: Shell, path: str) -> FileInput:
    """Open a script, on a descriptor that is out of the script's way.

    Raises:
        OSError: it cannot be opened.
    """
    fd = libc.open(path, libc.O_RDONLY)
    if fd < 10:
        high = savefd(fd)
        libc.close(fd)
        fd = high
    return FileInput(fd, seen=lambda line: out2(line) if "v" in sh.options else None)


def evalbackcmd(sh: Shell, node: Node) -> str:
    """Run a command substitution; return all that it wrote.

    Its status becomes sh.backstatus.
    """
    reader, writer = libc.pipe()

    def child(sh: Shell) -> int:
        libc.close(reader)
        movefd(writer, 1)
        return run(sh, lambda sh: sh.evaltree(sh, node, True))

    job = makejob(sh)
    forkshell(sh, child, job, node, Fork.NOJOB)
    libc.close(writer)
    blocks: list[bytes] = []
    while True:
        with suppress(InterruptedError):
            blocks.append(libc.read(reader, _BLOCK))
            if not blocks[-1]:
                break
    libc.close(reader)
    sh.backstatus = waitforjob(sh, job)
    return b"".join(blocks).decode("utf-8", "surrogateescape").replace("\0", "")
