# SPDX-License-Identifier: BSD-2-Clause
"""Sets of system calls, as strace(1) names them: `open,close`, `%file`, `/^get`, `!desc`, `all`."""

import re
from functools import cache
from typing import Final

from kernel.sys.syscall import SYSCALLS, Syscall, c_name

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
    "desc": """pipe pipe2 socketpair poll __pollts50 __select50 __pselect50 kqueue kqueue1 eventfd
        timerfd_create open openat""",
}
CLASSES: Final = ("file", *_LISTED)
_ALIASES: Final = {"sigaction": "__sigaction_sigtramp", "_exit": "exit"}


def callset(text: str) -> frozenset[int]:
    """Return the numbers of the calls that text names.

    Args:
        text: names of calls as the table or as C has them (`__stat50` or `stat`), classes with
            or without a %, regular expressions after a "/", `all`, `none`, with commas between;
            a "!" before all of it means every other call, a "?" before a name that it need not
            exist.

    Raises:
        ValueError: what is wrong, in a few words.
    """
    inverted = text.startswith("!")
    found: set[int] = set()
    for word in text.removeprefix("!").split(","):
        found |= _one(word)
    return frozenset(_every() - found if inverted else found)


def is_path(ctype: str, name: str) -> bool:
    """Return whether an argument of that type and name is a file's path."""
    return ctype == "const char *" and name in _PATHS


def is_descriptor(ctype: str, name: str) -> bool:
    """Return whether an argument of that type and name is a descriptor."""
    return ctype == "int" and name in _DESCRIPTORS


@cache
def _every() -> frozenset[int]:
    return frozenset(number for number, row in SYSCALLS.items() if row.name)


@cache
def _class(name: str) -> frozenset[int] | None:
    """Return the calls of a class, None if there is none of that name."""
    rows = [row for row in SYSCALLS.values() if row.name]
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
    if word in {"all", "none"}:
        return _every() if word == "all" else frozenset()
    if word.startswith("/"):
        try:
            pattern = re.compile(word[1:])
        except re.error as exc:
            raise ValueError(f"bad regular expression {word[1:]!r}: {exc}") from None
        return frozenset(n for n in _every() if pattern.search(SYSCALLS[n].name))
    name = word.removeprefix("?")
    of_class = _class(name.removeprefix("%"))
    if of_class is not None:
        return of_class
    if name.startswith("%"):
        raise ValueError(f"no class of system calls {name!r}")
    name = _ALIASES.get(name, name)
    found = frozenset(
        n for n in _every() if name and name in (SYSCALLS[n].name, *_names(SYSCALLS[n].name))
    )
    if not found and not word.startswith("?"):
        raise ValueError(f"no system call {name!r}")
    return found


def _names(name: str) -> tuple[str, str]:
    """Return the other names of a call: C's, and C's without the underscores of a wrapped one."""
    return c_name(name), c_name(name).removeprefix("__")
