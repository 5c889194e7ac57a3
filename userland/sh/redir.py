# SPDX-License-Identifier: BSD-2-Clause
"""Redirections, and taking them back.  NetBSD bin/sh/redir.c."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EBADF, EEXIST
from typing import Final

from userland.libc import include as libc
from userland.sh.descrip import close_quietly, movefd, savefd
from userland.sh.error import E_CREAT, E_OPEN, ShellError, errmsg
from userland.sh.expand import expandword
from userland.sh.nodes import Redir
from userland.sh.output import write_all
from userland.sh.shell import Shell

_PIPE_HOLDS: Final = 4096  # bytes that a pipe takes without a reader
_CLOSED: Final = -1

_FLAGS: Final = {
    "<": libc.O_RDONLY,
    "<>": libc.O_RDWR | libc.O_CREAT,
    ">": libc.O_WRONLY | libc.O_CREAT | libc.O_TRUNC,
    ">|": libc.O_WRONLY | libc.O_CREAT | libc.O_TRUNC,
    ">>": libc.O_WRONLY | libc.O_CREAT | libc.O_APPEND,
}


@contextmanager
def redirected(sh: Shell, redirs: tuple[Redir, ...]) -> Iterator[ShellError | None]:
    """Do redirections for the time of a block, which gets the error of one that failed."""
    saved: dict[int, int] = {}
    error = None
    was_redirected = sh.fd0_redirected
    try:
        for redir in redirs:
            if redir.fd not in saved:
                saved[redir.fd] = _save(redir.fd)
            redirect(sh, redir)
    except ShellError as exc:
        error = exc
    try:
        yield error
    finally:
        sh.fd0_redirected = was_redirected
        for fd, copy in saved.items():
            _restore(fd, copy)


def _save(fd: int) -> int:
    try:
        return savefd(fd)
    except OSError as exc:
        if exc.errno != EBADF:
            raise ShellError(f"{fd}: {exc.strerror}") from None
        return _CLOSED


def _restore(fd: int, copy: int) -> None:
    if copy != _CLOSED:
        libc.dup2(copy, fd)
        libc.close(copy)
    else:
        close_quietly(fd)


def redirect_all(sh: Shell, redirs: tuple[Redir, ...]) -> None:
    """Do redirections for good: in a child, or for exec."""
    for redir in redirs:
        redirect(sh, redir)


def redirect(sh: Shell, redir: Redir) -> None:
    """Do one redirection.

    Raises:
        ShellError: the file cannot be opened or the descriptor is not open.
    """
    sh.fd0_redirected += redir.fd == 0
    if redir.op == "<<":
        fd = _openhere(expandword(sh, redir.word))
    elif redir.op in {"<&", ">&"}:
        _duplicate(redir.fd, expandword(sh, redir.word))
        return
    else:
        fd = _open(sh, redir.op, expandword(sh, redir.word))
    try:
        movefd(fd, redir.fd)
    except OSError as exc:
        libc.close(fd)
        raise ShellError(f"{redir.fd}: {exc.strerror}") from None


def _open(sh: Shell, op: str, path: str) -> int:
    flags = _FLAGS[op]
    try:
        if op == ">" and "C" in sh.options:
            return _noclobber(path)
        return libc.open(path, flags, 0o666)
    except OSError as exc:
        if flags & libc.O_CREAT:
            raise ShellError(f"cannot create {path}: {errmsg(exc, E_CREAT)}") from None
        raise ShellError(f"cannot open {path}: {errmsg(exc, E_OPEN)}") from None


def _noclobber(path: str) -> int:
    """Open a file for writing unless a regular file is there already (set -C)."""
    try:
        return libc.open(path, libc.O_WRONLY | libc.O_CREAT | libc.O_EXCL, 0o666)
    except OSError as exc:
        if exc.errno != EEXIST or libc.S_ISREG(libc.stat(path).st_mode):
            raise
        return libc.open(path, libc.O_WRONLY)


def _duplicate(fd: int, source: str) -> None:
    if source == "-":
        close_quietly(fd)
    elif source.isdigit():
        from_fd = libc.atoi(source)
        if from_fd == fd:
            return
        try:
            libc.dup2(from_fd, fd)
        except OSError as exc:
            raise ShellError(f"{source}: {exc.strerror}") from None
    else:
        raise ShellError("Bad fd number")


def _openhere(text: str) -> int:
    """Return a descriptor that reads text; a child feeds what a pipe cannot hold."""
    data = text.encode("utf-8", "surrogateescape")
    reader, writer = libc.pipe()
    if len(data) <= _PIPE_HOLDS:
        write_all(writer, data)
    else:
        libc.clone(lambda _: _feed(reader, writer, data), libc.SIGCHLD, None)
    libc.close(writer)
    return reader


def _feed(reader: int, writer: int, data: bytes) -> int:
    libc.close(reader)
    libc.signal(libc.SIGPIPE, libc.SIG_DFL)
    write_all(writer, data)
    return 0
