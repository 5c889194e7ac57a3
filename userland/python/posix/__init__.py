# SPDX-License-Identifier: BSD-2-Clause
"""The posix module of a program: os, on this system's calls.  CPython Modules/posixmodule.c."""

import posix as _host

from kernel.sys import fcntl as _fcntl
from kernel.sys import resource as _resource
from kernel.sys import signal as _signal
from kernel.sys import unistd as _unistd
from kernel.sys import wait as _wait
from userland.python.posix import attributes, directories, fildes, names, processes, spawn, system

error = OSError
fspath = _host.fspath
environ: dict[bytes, bytes] = {}  # each process has its own
F_OK, X_OK, W_OK, R_OK = 0, 1, 2, 4
NGROUPS_MAX = 16
ST_RDONLY, ST_NOSUID = 1, 8

_have_functions = [
    "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN",
    "HAVE_FCHOWNAT", "HAVE_FDOPENDIR", "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_LCHMOD", "HAVE_LCHOWN", "HAVE_LINKAT", "HAVE_LSTAT",
    "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT",
]  # fmt: skip

_MODULES = (attributes, directories, fildes, names, processes, spawn, system)
_HEADERS = (
    (_fcntl, ("O_", "AT_", "POSIX_FADV_")),
    (_resource, ("PRIO_",)),
    (_unistd, ("SEEK_", "F_")),
    (_signal, ("CLD_",)),
    (_wait, ("W", "P_ALL", "P_PID", "P_PGID")),
    (_host, ("EX_", "_path_", "DirEntry_")),
)
_contents = {
    name: value
    for module, prefixes in _HEADERS
    for name, value in vars(module).items()
    if name.startswith(prefixes) and not name.startswith("W_")
}
for _module in _MODULES:
    _contents.update(
        (name, value)
        for name, value in vars(_module).items()
        if name == "_exit" or (name[0] != "_" and name not in ("TYPE_CHECKING", "annotations"))
    )
globals().update(_contents)

__all__ = [  # noqa: PLE0604 - strings, all of them
    "F_OK", "NGROUPS_MAX", "R_OK", "ST_NOSUID", "ST_RDONLY", "W_OK",
    "X_OK", "_have_functions", "environ", "error", "fspath", *_contents,
]  # fmt: skip
