# SPDX-License-Identifier: BSD-2-Clause
"""Starting programs: os.posix_spawn, os.posix_spawnp."""

from __future__ import annotations

import sys as _host
from typing import TYPE_CHECKING, Any

from kernel.sys import spawn as _spawn
from userland.libc import include as _libc
from userland.libc.data import curdata as _curdata
from userland.python.arguments import c_fsname as _c_fsname
from userland.python.arguments import environment as _environment
from userland.python.arguments import schedpriority as _schedpriority
from userland.python.arguments import vector as _vector
from userland.python.getargs import as_int as _c_int
from userland.python.sigset import signals as _signals

if TYPE_CHECKING:
    from collections.abc import Callable

    from userland.python.arguments import Path

_NONE = _host.version_info >= (3, 13)  # is the process's own environment
POSIX_SPAWN_OPEN, POSIX_SPAWN_CLOSE, POSIX_SPAWN_DUP2 = 0, 1, 2
_ELEMENTS = {
    POSIX_SPAWN_OPEN: "A open file_action tuple must have 5 elements",
    POSIX_SPAWN_CLOSE: "A close file_action tuple must have 2 elements",
    POSIX_SPAWN_DUP2: "A dup2 file_action tuple must have 3 elements",
}
_LENGTHS = {POSIX_SPAWN_OPEN: 5, POSIX_SPAWN_CLOSE: 2, POSIX_SPAWN_DUP2: 3}


def posix_spawn(
    path: Path,
    argv: Any,
    env: Any,
    /,
    *,
    file_actions: Any = (),
    setpgroup: Any = None,
    resetids: int = False,
    setsid: int = False,
    setsigmask: Any = (),
    setsigdef: Any = (),
    scheduler: Any = None,
) -> int:
    """Run a program in a new process; return its pid."""
    attr = _attributes("posix_spawn", setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler)
    return _run("posix_spawn", _libc.posix_spawn, path, argv, env, file_actions, attr)


def posix_spawnp(
    path: Path,
    argv: Any,
    env: Any,
    /,
    *,
    file_actions: Any = (),
    setpgroup: Any = None,
    resetids: int = False,
    setsid: int = False,
    setsigmask: Any = (),
    setsigdef: Any = (),
    scheduler: Any = None,
) -> int:
    """As posix_spawn; the program is looked for in PATH."""
    attr = _attributes(
        "posix_spawnp", setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler
    )
    return _run("posix_spawnp", _libc.posix_spawnp, path, argv, env, file_actions, attr)


def _attributes(
    function: str,
    setpgroup: Any,
    resetids: int,
    setsid: int,
    setsigmask: Any,
    setsigdef: Any,
    scheduler: Any,
) -> _libc.Spawnattr:
    attr = _libc.Spawnattr()
    if setpgroup is not None:
        attr.flags |= _spawn.POSIX_SPAWN_SETPGROUP
        attr.pgroup = _c_int(setpgroup)
    if resetids:
        attr.flags |= _spawn.POSIX_SPAWN_RESETIDS
    if setsid:
        raise NotImplementedError(f"{function}: setsid unavailable on this platform")
    if setsigmask != ():
        attr.flags |= _spawn.POSIX_SPAWN_SETSIGMASK
        attr.sigmask = _signals(setsigmask)
    if setsigdef != ():
        attr.flags |= _spawn.POSIX_SPAWN_SETSIGDEF
        attr.sigdefault = _signals(setsigdef)
    if scheduler is not None:
        if not isinstance(scheduler, tuple):
            raise SystemError("new style getargs format but argument is not a tuple")
        if len(scheduler) != 2:
            raise TypeError("A scheduler tuple must have two elements")
        policy, param = scheduler
        if policy is not None:
            attr.schedpolicy = _c_int(policy)
            attr.flags |= _spawn.POSIX_SPAWN_SETSCHEDULER
        attr.schedparam = _schedpriority(param)
        attr.flags |= _spawn.POSIX_SPAWN_SETSCHEDPARAM
    return attr


def _run(
    function: str,
    spawn: Callable[..., int],
    path: Path,
    argv: Any,
    env: Any,
    file_actions: Any,
    attr: _libc.Spawnattr,
) -> int:
    if not isinstance(argv, (tuple, list)):
        raise TypeError(f"{function}: argv must be a tuple or list")
    arguments = _vector(
        argv,
        f"{function}: argv must not be empty",
        f"{function}: argv first element cannot be empty",
    )
    variables = _curdata().environ if env is None and _NONE else _environment(env, function, _NONE)
    return spawn(path, _actions(file_actions), attr, arguments, variables)


def _actions(file_actions: Any) -> _libc.FileActions:
    """Return what is to be done with descriptors.

    Raises:
        TypeError: one of file_actions is none that is known.
    """
    actions = _libc.FileActions()
    if file_actions is None:
        return actions
    if not hasattr(type(file_actions), "__iter__"):
        raise TypeError("file_actions must be a sequence or None")
    for action in file_actions:
        if not isinstance(action, tuple) or not action:
            raise TypeError("Each file_actions element must be a non-empty tuple")
        kind = _c_int(action[0])
        if kind not in _ELEMENTS:
            raise TypeError("Unknown file_actions identifier")
        if len(action) != _LENGTHS[kind]:
            raise TypeError(_ELEMENTS[kind])
        if kind == POSIX_SPAWN_OPEN:
            _, fd, path, flags, mode = action
            actions.addopen(_c_int(fd), _c_fsname(path), _c_int(flags), _c_int(mode))
        elif kind == POSIX_SPAWN_CLOSE:
            actions.addclose(_c_int(action[1]))
        else:
            actions.adddup2(_c_int(action[1]), _c_int(action[2]))
    return actions
