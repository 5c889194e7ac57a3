# SPDX-License-Identifier: BSD-2-Clause
"""Sets of system calls, as strace(1) names them: `open,close`, `%file`, `/^get`, `!desc`, `all`.

The grammar is strace 6.1's to the letter, but that a call is of one personality: no `open@64`.
"""

import re
from functools import cache
from typing import Final

from kernel.sys.syscall import SYSCALLS, Syscall, c_name
from userland.libktrace.spelling import did_you_mean

# Arguments, by type and name, that make a call one of %file or %desc.
_PATHS: Final = frozenset(
    ("path", "path1", "path2", "name1", "name2", "from", "to", "link", "filename", "fname")
)
_DESCRIPTORS: Final = frozenset(
    ("fd", "fd1", "fd2", "fdes", "fildes", "filedes", "fromfd", "tofd", "from", "to")
)
_LISTED: Final = {
    "process": """fork vfork __vfork14 __clone posix_spawn execve fexecve exit __wait450 wait6 kill
        _lwp_create _lwp_exit _lwp_wait""",
    "network": """socketpair __socket30 bind connect listen accept paccept getsockname getpeername
        getsockopt setsockopt sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg shutdown""",
    "signal": """kill sigqueueinfo __sigaction_sigtramp __sigprocmask14 __sigpending14
        __sigsuspend14 __sigaltstack14 ____sigtimedwait50 _lwp_kill getcontext setcontext""",
    "ipc": """semget semop semconfig ____semctl50 msgget msgsnd msgrcv __msgctl50 shmget shmat
        shmdt __shmctl50""",
    "memory": """mmap munmap mprotect madvise mincore mlock munlock mlockall munlockall minherit
        mremap __msync13 break shmat shmdt""",
    "creds": """setuid getuid geteuid setgid getgid getegid seteuid setegid setreuid setregid
        getgroups setgroups""",
    "clock": """__gettimeofday50 __settimeofday50 __adjtime50 __clock_gettime50 __clock_settime50
        __clock_getres50 ntp_adjtime __ntp_gettime50""",
    "pure": """getpid getppid getuid geteuid getgid getegid getpgrp issetugid _lwp_self
        _lwp_getprivate""",
    "stat": "__stat50",
    "lstat": "__lstat50",
    "fstat": "__fstat50 fstatat",
    "%stat": "__stat50 __lstat50 __fstat50 fstatat",
    "statfs": "__statvfs190",
    "fstatfs": "__fstatvfs190",
    "%statfs": "__statvfs190 __fstatvfs190 __fhstatvfs190 __getvfsstat90",
    "desc": """pipe pipe2 socketpair poll __pollts50 __select50 __pselect50 kqueue kqueue1 eventfd
        timerfd_create open openat""",
}
CLASSES: Final = ("file", *_LISTED)
# Classes whose name does well without a %, as all did once.
_LEGACY: Final = frozenset(("desc", "file", "memory", "process", "signal", "ipc", "network"))
_ALIASES: Final = {"sigaction": "__sigaction_sigtramp", "_exit": "exit"}


def callset(text: str) -> frozenset[int]:
    """Return the numbers of the calls that text names.

    Args:
        text: names of calls as the table or as C has them (`__stat50` or `stat`), their numbers,
            classes with a %, regular expressions after a "/", `all`, with commas between; or
            `none`.  A "!" before all of it means every other call, a "?" before a word that
            nothing need be meant by it.

    Raises:
        ValueError: what is wrong, in a few words.
    """
    rest = text.lstrip("!")
    found = _words(rest)
    return frozenset(_every() - found if (len(text) - len(rest)) % 2 else found)


def _words(text: str) -> frozenset[int]:
    """Return the calls of words with commas between; an empty word is none.

    Raises:
        ValueError: there is no such call or class, or no word at all.
    """
    if text in {"all", "none"}:
        return _every() if text == "all" else frozenset()
    words = [word for word in text.split(",") if word]
    if not words:
        raise ValueError("no set of system calls")
    return frozenset().union(*map(_one, words))


def is_path(ctype: str, name: str) -> bool:
    """Return whether an argument of that type and name is a file's path."""
    return ctype == "const char *" and name in _PATHS


def is_descriptor(ctype: str, name: str) -> bool:
    """Return whether an argument of that type and name is a descriptor."""
    return ctype == "int" and name in _DESCRIPTORS


def _every() -> frozenset[int]:
    return _named(len(SYSCALLS))


@cache
def _named(_rows: int) -> frozenset[int]:
    """Return the calls of a table of so many rows: a module may have brought some."""
    return frozenset(number for number, row in SYSCALLS.items() if row.name)


@cache
def _class(name: str, _rows: int) -> frozenset[int] | None:
    """Return the calls of a class, None if there is none of that name."""
    rows = [row for row in SYSCALLS.values() if row.name]
    name = {"net": "network"}.get(name, name)
    if name == "file":
        return frozenset(row.number for row in rows if _has_path(row))
    if name not in _LISTED:
        return None
    names = _LISTED[name].split()
    return frozenset(
        row.number
        for row in rows
        if row.name in names
        or (name == "desc" and any(is_descriptor(arg.ctype, arg.name) for arg in row.args))
    )


def _has_path(row: Syscall) -> bool:
    return any(is_path(arg.ctype, arg.name) for arg in row.args)


def _one(word: str) -> frozenset[int]:
    """Return the calls of one word of a set.

    Raises:
        ValueError: there is no such call or class, or the expression is none.
    """
    name = word.lstrip("?")
    found = _meant(name)
    if not found and name == word:
        if name.startswith("!"):
            raise ValueError(f"a '!' is for the whole set and stands before it, not in {name!r}")
        if name.startswith("%"):
            classes = [f"%{one}" for one in ("file", "net", *_LISTED)]
            raise ValueError(f"no class of system calls {name!r}{did_you_mean(name, classes)}")
        names = [one for row in SYSCALLS.values() for one in (c_name(row.name), row.name)]
        raise ValueError(f"no system call {name!r}{did_you_mean(name, names)}")
    return found


def _meant(name: str) -> frozenset[int]:
    """Return the calls that a word without "?" means, perhaps none.

    Raises:
        ValueError: a regular expression is none.
    """
    if name == "all":
        return _every()
    if name.startswith("/"):
        try:
            pattern = re.compile(name[1:])
        except re.error as exc:
            raise ValueError(f"bad regular expression {name[1:]!r}: {exc}") from None
        return frozenset(n for n in _every() if any(map(pattern.search, _all_names(n))))
    if name.isascii() and name.isdecimal():
        return frozenset((int(name),)) & _every()
    if name.startswith("%") or name in _LEGACY:
        return _class(name.removeprefix("%"), len(SYSCALLS)) or frozenset()
    name = _ALIASES.get(name, name)
    return frozenset(n for n in _every() if name and name in (*_all_names(n), *_bare(n)))


def _all_names(number: int) -> tuple[str, str]:
    """Return the names of a call: the table's and C's."""
    name = SYSCALLS[number].name
    return name, c_name(name)


def _bare(number: int) -> tuple[str]:
    """Return C's name of a call without the underscores of a wrapped one."""
    return (c_name(SYSCALLS[number].name).removeprefix("__"),)
