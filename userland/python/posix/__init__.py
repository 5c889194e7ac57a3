# SPDX-License-Identifier: BSD-2-Clause
"""The posix module of a program: os, on this system's calls.  CPython Modules/posixmodule.c.

What NetBSD's headers and libc have of what CPython looks for is here, and
nothing else: no os.memfd_create, os.sendfile, os.getxattr or os.setresuid.
"""

import posix as _host
import sys as _host_sys

from kernel.sys import eventfd as _eventfd
from kernel.sys import fcntl as _fcntl
from kernel.sys import random as _random
from kernel.sys import resource as _resource
from kernel.sys import sched as _sched
from kernel.sys import signal as _signal
from kernel.sys import statvfs as _statvfs
from kernel.sys import unistd as _unistd
from kernel.sys import wait as _wait
from userland.python.clinic import checked as _checked
from userland.python.posix import (
    attributes,
    configuration,
    directories,
    entries,
    fildes,
    ids,
    names,
    processes,
    scheduling,
    spawn,
    system,
    timers,
)

error = OSError
fspath = _host.fspath
environ: dict[bytes, bytes] = {}  # each process has its own
NGROUPS_MAX = 16
TMP_MAX = 308915776
RTLD_LAZY, RTLD_NOW, RTLD_GLOBAL, RTLD_LOCAL = 1, 2, 0x100, 0x200
RTLD_NODELETE, RTLD_NOLOAD = 0x1000, 0x2000

_have_functions = [
    "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN",
    "HAVE_FCHOWNAT", "HAVE_FDOPENDIR", "HAVE_FEXECVE", "HAVE_FPATHCONF", "HAVE_FSTATAT",
    "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_LINKAT", "HAVE_LCHFLAGS",
    "HAVE_LCHMOD", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES", "HAVE_MKDIRAT", "HAVE_MKFIFOAT",
    "HAVE_MKNODAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT", "HAVE_UTIMENSAT",
]  # fmt: skip

_MODULES = (
    attributes, configuration, directories, entries, fildes, ids, names, processes, scheduling,
    spawn, system, timers,
)  # fmt: skip
# The names of constants, by the header that has them.
_HEADERS = [
    (
        _fcntl,
        """O_RDONLY O_WRONLY O_RDWR O_NDELAY O_NONBLOCK O_APPEND O_DSYNC O_RSYNC O_SYNC O_NOCTTY
        O_CREAT O_EXCL O_TRUNC O_SHLOCK O_EXLOCK O_EXEC O_SEARCH O_CLOEXEC O_ACCMODE O_FSYNC
        O_ASYNC O_DIRECT O_DIRECTORY O_NOFOLLOW POSIX_FADV_NORMAL POSIX_FADV_SEQUENTIAL
        POSIX_FADV_RANDOM POSIX_FADV_NOREUSE POSIX_FADV_WILLNEED POSIX_FADV_DONTNEED""",
    ),
    (_resource, "PRIO_PROCESS PRIO_PGRP PRIO_USER"),
    (_unistd, "F_OK R_OK W_OK X_OK F_LOCK F_TLOCK F_ULOCK F_TEST"),
    (_signal, "CLD_EXITED CLD_KILLED CLD_DUMPED CLD_TRAPPED CLD_STOPPED CLD_CONTINUED"),
    (_wait, "WCONTINUED WNOHANG WUNTRACED WEXITED WNOWAIT WSTOPPED P_ALL P_PID P_PGID"),
    (
        _statvfs,
        "ST_RDONLY ST_NOSUID ST_NODEV ST_NOEXEC ST_SYNCHRONOUS ST_NOATIME ST_RELATIME",
    ),
    (_sched, "SCHED_OTHER SCHED_FIFO SCHED_RR"),
    (_random, "GRND_RANDOM GRND_NONBLOCK"),
    (_eventfd, "EFD_CLOEXEC EFD_NONBLOCK EFD_SEMAPHORE"),
]
if _host_sys.version_info >= (3, 13):
    _HEADERS.append(
        (_eventfd, "TFD_CLOEXEC TFD_NONBLOCK TFD_TIMER_ABSTIME TFD_TIMER_CANCEL_ON_SET")
    )
    NODEV = -1

_contents = {name: vars(header)[name] for header, words in _HEADERS for name in words.split()}
_contents.update(
    (name, value) for name, value in vars(_host).items() if name.startswith(("EX_", "_path_"))
)
_contents.update(_checked("posix", *_MODULES))
for _module in _MODULES:
    _contents.update(
        (name, value)
        for name, value in vars(_module).items()
        if name.endswith(("_names", "_result")) and name[0] != "_"
    )
_contents.update(
    DirEntry=entries.DirEntry,
    sched_param=scheduling.sched_param,
    terminal_size=system.terminal_size,
    **{name: value for name, value in vars(spawn).items() if name.startswith("POSIX_SPAWN_")},
)
globals().update(_contents)

__all__ = [  # noqa: PLE0604 - strings, all of them
    *(name for name in globals() if name.isupper() and name[0] != "_"),
    "_have_functions", "environ", "error", "fspath", *_contents,
]  # fmt: skip
