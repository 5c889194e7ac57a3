# SPDX-License-Identifier: BSD-2-Clause
"""Starting programs.  NetBSD lib/libc/gen/posix_spawn_*.c, posix_spawnp.c."""

from collections.abc import Iterable, Mapping
from typing import Any

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT
from kernel.sys.signal import sigset
from kernel.sys.spawn import (
    FAE_CHDIR,
    FAE_CLOSE,
    FAE_DUP2,
    FAE_FCHDIR,
    FAE_OPEN,
    FileActionsEntry,
    PosixSpawnattr,
    PosixSpawnFileActions,
)
from kernel.sys.unistd import F_OK
from userland.libc.cerror import cerror
from userland.libc.data import curdata
from userland.libc.machine import unmap_buffer
from userland.libc.stack import Frame, StrPath, fetch, pathbytes, pushbytes, pushstr, reserve
from userland.libc.stdlib import environ
from userland.libc.sys import access
from userland.libc.syscall import call
from userland.libc.unistd import vectors

__all__ = ["FileActions", "Spawnattr", "posix_spawn", "posix_spawnp"]

_DEFPATH = b"/usr/bin:/bin:/usr/pkg/bin:/usr/local/bin"


@dataclass(slots=True)
class FileActions:
    """What the child does with descriptors, in order (posix_spawn_file_actions_t)."""

    entries: list[tuple[FileActionsEntry, StrPath | None]] = field(default_factory=list)

    def addopen(self, fildes: int, path: StrPath, oflag: int, mode: int = 0) -> None:
        """Open path as fildes."""
        mode = mode if oflag & O_CREAT else 0
        self.entries.append((FileActionsEntry(FAE_OPEN, fildes, 0, oflag, mode), path))

    def adddup2(self, fildes: int, newfildes: int) -> None:
        """Let newfildes be fildes."""
        self.entries.append((FileActionsEntry(FAE_DUP2, fildes, newfildes & 0xFFFFFFFF), None))

    def addclose(self, fildes: int) -> None:
        """Close fildes."""
        self.entries.append((FileActionsEntry(FAE_CLOSE, fildes), None))

    def addchdir(self, path: StrPath) -> None:
        """Make path the current directory."""
        self.entries.append((FileActionsEntry(FAE_CHDIR), path))

    def addfchdir(self, fildes: int) -> None:
        """Make the open directory fildes the current one."""
        self.entries.append((FileActionsEntry(FAE_FCHDIR, fildes), None))


@dataclass(slots=True)
class Spawnattr:
    """Attributes of the child (posix_spawnattr_t); flags, POSIX_SPAWN_*, says which count."""

    flags: int = 0
    pgroup: int = 0
    schedparam: int = 0
    schedpolicy: int = 0
    sigdefault: Iterable[int] = ()
    sigmask: Iterable[int] = ()

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return PosixSpawnattr(
            self.flags,
            self.pgroup,
            self.schedparam,
            self.schedpolicy,
            sigset(*self.sigdefault),
            sigset(*self.sigmask),
        ).pack()


def posix_spawn(
    path: StrPath,
    file_actions: FileActions | None,
    attrp: Spawnattr | None,
    argv: Iterable[StrPath],
    envp: Mapping[Any, Any] | None = None,
) -> int:
    """Run the program path in a new process, with the caller's environment unless envp says.

    Returns:
        The new process's id.

    Raises:
        OSError: as execve and fork.  What fails in the child, too, if attrp has
            POSIX_SPAWN_RETURNERROR; else it is the child's exit status 127.
    """
    env = environ if envp is None else envp
    variables = [pathbytes(k) + b"=" + pathbytes(v) for k, v in env.items()]
    with Frame() as lwp:
        at, tables = vectors(lwp.l_kernel.abi.word, [pathbytes(arg) for arg in argv], variables)
        try:
            pid = reserve(lwp, 4)
            actions = 0
            if file_actions is not None:
                entries = b"".join(
                    (fae if where is None else fae._replace(fae_path=pushstr(lwp, where))).pack()
                    for fae, where in file_actions.entries
                )
                count = len(file_actions.entries)
                head = PosixSpawnFileActions(count, count, pushbytes(lwp, entries))
                actions = pushbytes(lwp, head.pack())
            attrs = 0 if attrp is None else pushbytes(lwp, attrp.pack())
            error = call("posix_spawn", pid, pushstr(lwp, path), actions, attrs, *tables)
            if error:
                cerror(error, path)
            return int.from_bytes(fetch(lwp, pid, 4), "little")
        finally:
            unmap_buffer(at)


def posix_spawnp(
    file: StrPath,
    file_actions: FileActions | None,
    attrp: Spawnattr | None,
    argv: Iterable[StrPath],
    envp: Mapping[Any, Any] | None = None,
) -> int:
    """As posix_spawn; a file without a slash is looked for in PATH.

    Raises:
        OSError: ENOENT, it is nowhere; and as posix_spawn.
    """
    name = pathbytes(file)
    if b"/" in name:
        return posix_spawn(name, file_actions, attrp, argv, envp)
    for directory in curdata().environ.get(b"PATH", _DEFPATH).split(b":"):
        path = (directory or b".") + b"/" + name
        try:
            access(path, F_OK)
        except OSError:
            continue
        return posix_spawn(path, file_actions, attrp, argv, envp)
    cerror(Errno.ENOENT, file)
