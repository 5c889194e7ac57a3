# SPDX-License-Identifier: BSD-2-Clause
"""Starting programs: os.posix_spawn, os.posix_spawnp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.sys import spawn as _spawn
from userland import libc as _libc
from userland.python.posix.paths import environment as _environment
from userland.python.sigset import signals as _signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from userland.python.posix.paths import Path

POSIX_SPAWN_OPEN, POSIX_SPAWN_CLOSE, POSIX_SPAWN_DUP2 = 0, 1, 2


def posix_spawn(
    path: Path,
    argv: Sequence[Path],
    env: Mapping[Any, Any],
    /,
    *,
    file_actions: Iterable[tuple[Any, ...]] | None = (),
    setpgroup: int | None = None,
    resetids: bool = False,
    setsid: bool = False,
    setsigmask: Iterable[int] | None = None,
    setsigdef: Iterable[int] | None = None,
    scheduler: tuple[int | None, Any] | None = None,
) -> int:
    """Run a program in a new process; return its pid."""
    attr = _attributes(setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler)
    return _run(_libc.posix_spawn, path, argv, env, file_actions, attr)


def posix_spawnp(
    path: Path,
    argv: Sequence[Path],
    env: Mapping[Any, Any],
    /,
    *,
    file_actions: Iterable[tuple[Any, ...]] | None = (),
    setpgroup: int | None = None,
    resetids: bool = False,
    setsid: bool = False,
    setsigmask: Iterable[int] | None = None,
    setsigdef: Iterable[int] | None = None,
    scheduler: tuple[int | None, Any] | None = None,
) -> int:
    """As posix_spawn; the program is looked for in PATH."""
    attr = _attributes(setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler)
    return _run(_libc.posix_spawnp, path, argv, env, file_actions, attr)


def _attributes(
    setpgroup: int | None,
    resetids: bool,
    setsid: bool,
    setsigmask: Iterable[int] | None,
    setsigdef: Iterable[int] | None,
    scheduler: tuple[int | None, Any] | None,
) -> _libc.Spawnattr:
    if setsid:
        raise NotImplementedError("setsid unavailable on this platform")
    attr = _libc.Spawnattr()
    if setpgroup is not None:
        attr.flags |= _spawn.POSIX_SPAWN_SETPGROUP
        attr.pgroup = setpgroup
    if resetids:
        attr.flags |= _spawn.POSIX_SPAWN_RESETIDS
    if setsigmask is not None:
        attr.flags |= _spawn.POSIX_SPAWN_SETSIGMASK
        attr.sigmask = _signals(setsigmask)
    if setsigdef is not None:
        attr.flags |= _spawn.POSIX_SPAWN_SETSIGDEF
        attr.sigdefault = _signals(setsigdef)
    if scheduler is not None:
        policy, param = scheduler
        attr.schedparam = int(getattr(param, "sched_priority", param))
        attr.flags |= _spawn.POSIX_SPAWN_SETSCHEDPARAM
        if policy is not None:
            attr.schedpolicy = policy
            attr.flags |= _spawn.POSIX_SPAWN_SETSCHEDULER
    return attr


def _run(
    spawn: Callable[..., int],
    path: Path,
    argv: Sequence[Path],
    env: Mapping[Any, Any],
    file_actions: Iterable[tuple[Any, ...]] | None,
    attr: _libc.Spawnattr,
) -> int:
    if not isinstance(argv, (tuple, list)):
        raise TypeError("posix_spawn: argv must be a tuple or list")
    if not argv:
        raise ValueError("posix_spawn: argv must not be empty")
    if not argv[0]:
        raise ValueError("posix_spawn: argv first element cannot be empty")
    env = _environment(env)
    actions = _libc.FileActions()
    add: dict[int, Callable[..., None]] = {
        POSIX_SPAWN_OPEN: actions.addopen,
        POSIX_SPAWN_CLOSE: actions.addclose,
        POSIX_SPAWN_DUP2: actions.adddup2,
    }
    for action in file_actions or ():
        if not isinstance(action, tuple) or not action:
            raise TypeError("Each file_actions element must be a non-empty tuple")
        if action[0] not in add:
            raise TypeError("Unknown file_actions identifier")
        add[action[0]](*action[1:])
    return spawn(path, actions, attr, list(argv), env)
