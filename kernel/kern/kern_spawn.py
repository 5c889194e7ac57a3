# SPDX-License-Identifier: BSD-2-Clause
"""posix_spawn(2): a new process with another program, in one call.  NetBSD sys/kern/kern_exec.c.

The program is found, and the strings copied in, by the parent; the child does
what it is asked with ids, signals and descriptors, and runs it.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from kernel.arch.python.copy import copyin, copyinstr, copyout
from kernel.kern.kern_descrip import fd_close, fd_getfile, fd_limit
from kernel.kern.kern_exec import ExecPackage, check_exec, copy_strings, do_execve
from kernel.kern.kern_exit import exit1
from kernel.kern.kern_fork import fork1, full_limit
from kernel.kern.kern_prot import sys_setegid, sys_seteuid, sys_setpgid
from kernel.kern.kern_runq import setrunqueue_first, updatertime
from kernel.kern.kern_sig import eventswitch
from kernel.kern.kern_synch import PWAIT, tsleep, wakeup
from kernel.kern.sys_descrip import dodup
from kernel.kern.sys_sched import do_sched_setparam
from kernel.kern.sys_sig import sigaction1
from kernel.kern.vfs_lookup import pathbuf_copyin
from kernel.kern.vfs_subr import vref, vrele
from kernel.kern.vfs_syscalls import do_open
from kernel.kern.vfs_syscalls_cwd import do_sys_chdir, sys_fchdir
from kernel.sys.dataclasses import dataclass
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import PATH_MAX
from kernel.sys.proc import Lwp
from kernel.sys.ptrace import PTRACE_POSIX_SPAWN
from kernel.sys.sched import SCHED_NONE
from kernel.sys.signal import NSIG, SIGCHLD, TRAP_CHLD, sigcantmask, sigmask
from kernel.sys.signalvar import Sigaction
from kernel.sys.spawn import (
    FAE_CHDIR,
    FAE_CLOSE,
    FAE_DUP2,
    FAE_FCHDIR,
    FAE_OPEN,
    POSIX_SPAWN_RESETIDS,
    POSIX_SPAWN_RETURNERROR,
    POSIX_SPAWN_SETPGROUP,
    POSIX_SPAWN_SETSCHEDPARAM,
    POSIX_SPAWN_SETSCHEDULER,
    POSIX_SPAWN_SETSIGDEF,
    POSIX_SPAWN_SETSIGMASK,
    SIZEOF_FILE_ACTIONS_ENTRY,
    SIZEOF_POSIX_SPAWN_FILE_ACTIONS,
    SIZEOF_POSIX_SPAWNATTR,
    FileActionsEntry,
    PosixSpawnattr,
    PosixSpawnFileActions,
)

_FAILED: Final = 127  # exit status of a child that could not do as it was asked
Action = tuple[FileActionsEntry, bytes]  # with its path, b"" if it has none


@dataclass(slots=True, eq=False)
class _Spawn:
    """What parent and child share (struct spawn_exec_data)."""

    sed_parent: Lwp
    sed_package: ExecPackage
    sed_strings: tuple[tuple[bytes, ...], tuple[bytes, ...]]  # arguments, environment
    sed_actions: list[Action]
    sed_attrs: PosixSpawnattr | None
    sed_error: int = 0
    sed_done: bool = False  # the parent need not wait any more


def sys_posix_spawn(
    lwp: Lwp, pid: int, path: int, file_actions: int, attrp: int, argv: int, envp: int
) -> int:
    """posix_spawn(2): run a program in a new process; return 0, or the error.

    Args:
        lwp: the parent.
        pid: where the new process's id goes, or 0.
        path: user address of the program's path.
        file_actions: user address of a struct posix_spawn_file_actions, or 0.
        attrp: user address of a struct posix_spawnattr, or 0.
        argv: user address of the arguments.
        envp: user address of the environment.

    Errors are returned, not raised: those of execve(2) and fork(2); EFAULT; EINVAL,
    too many file actions.  What fails in the child is its exit status 127; with
    POSIX_SPAWN_RETURNERROR or POSIX_SPAWN_SETPGROUP it is returned as well.

    Source: sys_posix_spawn, do_posix_spawn, NetBSD 10 sys/kern/kern_exec.c.
    """
    vm = lwp.l_proc.p_vmspace
    try:
        if full_limit(lwp.l_proc):
            raise KernelError(Errno.EAGAIN)
        actions = _fa_alloc(lwp, file_actions) if file_actions else []
        attrs = None
        if attrp:
            attrs = PosixSpawnattr.unpack(copyin(vm, attrp, SIZEOF_POSIX_SPAWNATTR))
        package = check_exec(lwp, pathbuf_copyin(lwp, path))
        strings = copy_strings(lwp, package, argv, envp)
        spawn = _Spawn(lwp, package, strings, actions, attrs)
        vref(package.ep_vp)
        try:
            child = fork1(lwp, SIGCHLD, start=partial(_spawn_return, spawn))
        except KernelError:
            vrele(package.ep_vp)
            raise
        while not spawn.sed_done:
            tsleep(lwp, spawn, PWAIT, "pspawn")
        pt = lwp.l_proc.p_ptrace
        if pt is not None and pt.pt_events & PTRACE_POSIX_SPAWN and not spawn.sed_error:
            eventswitch(lwp, TRAP_CHLD, PTRACE_POSIX_SPAWN, child)
        if not spawn.sed_error and pid:
            copyout(vm, child.to_bytes(4, "little"), pid)
    except KernelError as exc:
        return exc.errno
    return spawn.sed_error


def _fa_alloc(lwp: Lwp, uaddr: int) -> list[Action]:
    """Copy the file actions in.

    Raises:
        KernelError: EFAULT; EINVAL, too many; ENAMETOOLONG.
    """
    vm = lwp.l_proc.p_vmspace
    head = PosixSpawnFileActions.unpack(copyin(vm, uaddr, SIZEOF_POSIX_SPAWN_FILE_ACTIONS))
    if head.len > 2 * fd_limit(lwp.l_proc):
        raise KernelError(Errno.EINVAL)
    size = SIZEOF_FILE_ACTIONS_ENTRY
    raw = copyin(vm, head.fae, head.len * size)
    actions = []
    for at in range(0, len(raw), size):
        fae = FileActionsEntry.unpack(raw[at : at + size])
        path = b""
        if fae.fae_action in {FAE_OPEN, FAE_CHDIR}:
            path = copyinstr(vm, fae.fae_path, PATH_MAX)
        actions.append((fae, path))
    return actions


def _spawn_return(spawn: _Spawn, lwp: Lwp) -> None:
    """What the context of the child runs."""
    flags = spawn.sed_attrs.sa_flags if spawn.sed_attrs is not None else 0
    if not flags & (POSIX_SPAWN_RETURNERROR | POSIX_SPAWN_SETPGROUP):
        _release_parent(spawn)
    try:
        if spawn.sed_attrs is not None:
            _handle_attrs(spawn.sed_attrs, spawn.sed_parent, lwp)
        for fae, path in spawn.sed_actions:
            action = _ACTIONS.get(fae.fae_action)
            if action is not None:
                action(lwp, fae, path)
    except KernelError as exc:
        if not spawn.sed_done:
            spawn.sed_error = exc.errno
            _release_parent(spawn)
        vrele(spawn.sed_package.ep_vp)
        exit1(lwp, _FAILED, 0)
    do_execve(lwp, spawn.sed_package, *spawn.sed_strings)
    vrele(spawn.sed_package.ep_vp)
    _release_parent(spawn)
    updatertime(lwp)
    lwp.l_kernel.curlwp = None
    setrunqueue_first(lwp)


def _release_parent(spawn: _Spawn) -> None:
    if not spawn.sed_done:
        spawn.sed_done = True
        wakeup(spawn.sed_parent.l_kernel, spawn)


def _handle_attrs(attrs: PosixSpawnattr, parent: Lwp, lwp: Lwp) -> None:
    """Give the child its group, priority, ids and signals.

    NetBSD 10 gives POSIX_SPAWN_SETSCHEDPARAM's priority to the parent; here it is the child's.

    Raises:
        KernelError: as setpgid(2) and _sched_setparam(2).
    """
    p = lwp.l_proc
    if attrs.sa_flags & POSIX_SPAWN_SETPGROUP:
        sys_setpgid(parent, p.p_pid, attrs.sa_pgroup)
    if attrs.sa_flags & (POSIX_SPAWN_SETSCHEDULER | POSIX_SPAWN_SETSCHEDPARAM):
        told = attrs.sa_flags & POSIX_SPAWN_SETSCHEDULER
        policy = attrs.sa_schedpolicy if told else SCHED_NONE
        do_sched_setparam(lwp, p.p_pid, 0, policy, attrs.sa_schedparam)
    if attrs.sa_flags & POSIX_SPAWN_RESETIDS:
        sys_setegid(lwp, p.p_cred.cr_rgid)
        sys_seteuid(lwp, p.p_cred.cr_ruid)
    if attrs.sa_flags & POSIX_SPAWN_SETSIGMASK:
        lwp.l_sigmask = attrs.sa_sigmask & ~sigcantmask
    if attrs.sa_flags & POSIX_SPAWN_SETSIGDEF:
        for signo in range(1, NSIG):
            if attrs.sa_sigdefault & ~sigcantmask & sigmask(signo):
                sigaction1(lwp, signo, Sigaction())


def _open(lwp: Lwp, fae: FileActionsEntry, path: bytes) -> None:
    """Open path as fae_fildes, which is closed first."""
    if _isopen(lwp, fae.fae_fildes):
        fd_close(lwp, fae.fae_fildes)
    fd = do_open(lwp, None, path, fae.fae_oflag, fae.fae_mode)
    if fd != fae.fae_fildes:
        try:
            dodup(lwp, fd, fae.fae_fildes, 0)
        finally:
            if _isopen(lwp, fd):
                fd_close(lwp, fd)


def _isopen(lwp: Lwp, fd: int) -> bool:
    try:
        fd_getfile(lwp.l_proc, fd)
    except KernelError:
        return False
    return True


def _dup2(lwp: Lwp, fae: FileActionsEntry, _path: bytes) -> None:
    dodup(lwp, fae.fae_fildes, fae.fae_newfildes, 0)


def _close(lwp: Lwp, fae: FileActionsEntry, _path: bytes) -> None:
    fd_close(lwp, fae.fae_fildes)


def _chdir(lwp: Lwp, _fae: FileActionsEntry, path: bytes) -> None:
    do_sys_chdir(lwp, path)


def _fchdir(lwp: Lwp, fae: FileActionsEntry, _path: bytes) -> None:
    sys_fchdir(lwp, fae.fae_fildes)


_ACTIONS: Final[dict[int, Callable[[Lwp, FileActionsEntry, bytes], None]]] = {
    FAE_OPEN: _open,
    FAE_DUP2: _dup2,
    FAE_CLOSE: _close,
    FAE_CHDIR: _chdir,
    FAE_FCHDIR: _fchdir,
}
