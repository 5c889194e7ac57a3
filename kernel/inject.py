# SPDX-License-Identifier: BSD-2-Clause
"""Injections as strace(1) writes them, and as Python adds to it: by path, by predicate.

SET[:error=E|:retval=N][:signal=S][:delay_enter=T][:delay_exit=T][:syscall=CALL]
   [:poke_enter=@argN=HEX,...][:poke_exit=@argN=HEX,...][:when=FIRST[..LAST][+[STEP]]]

The grammar is that of strace 6.1, src/filter_qualify.c, but that errors, signals and calls are
NetBSD's: what strace takes is taken, what it refuses is refused.
"""

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Self

from kernel.arch.python.copy import copyinstr
from kernel.files import names_of
from kernel.kern.kern_descrip import fd_getvnode
from kernel.kern.kern_proc import p_comm
from kernel.kern.vfs_getcwd import getcwd_common
from kernel.sys.errno import Errno, KernelError
from kernel.sys.inject import Injection
from kernel.sys.kernel import Kernel
from kernel.sys.module import autoload
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.param import MAXPATHLEN
from kernel.sys.proc import Lwp
from kernel.sys.signal import NSIG, sys_signame
from kernel.sys.syscall import SYSCALLS, c_name
from kernel.sys.vnode import Vnode
from userland.libktrace.spelling import did_you_mean

if TYPE_CHECKING:
    from userland.libktrace import callset
else:
    callset = autoload("userland.libktrace.callset")

_ERRNO_MAX: Final = 4095  # strace's
_WHEN_MAX: Final = 65535
_DELAY_MAX: Final = 1 << 62  # ns
_WORD: Final = 64  # bits of a register
_UNITS: Final = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1, "": 10**3}
_TIME: Final = r"\s*\+?(-?0+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(s|ms|us|ns|)"
_WHEN: Final = r"(\s*\+?\d*)(?:\.\.(\s*\+?\d*))?(?:(\+)(.*))?"
_DECIMAL: Final = r"\s*\+?(\d+)"
_REGISTER: Final = r"\s*([-+]?)(0[xX][0-9a-fA-F]+|\d+)"
_POKE: Final = r"@arg([1-7])=((?:[0-9a-fA-F]{2}){1,1024})"
_SIGNALS: Final = {name: signo for signo, name in enumerate(sys_signame) if signo}
_ERRORS: Final = {error.name: int(error) for error in Errno if error > 0}


GuestPath = str | bytes | os.PathLike[str]


class Call(NamedTuple):
    """A system call that is about to be made, for a predicate."""

    name: str  # as C has it: "open", "stat"
    args: tuple[int, ...]  # registers: numbers and user addresses
    pid: int
    comm: str  # the process's name, as ps shows it
    paths: tuple[str, ...]  # files it is about, absolute: by path, or all names of a descriptor's


class Faults:
    """What was injected, until remove() or the end of the with block."""

    def __init__(self, kernel: Kernel, injection: Injection, changed: Callable[[], None]) -> None:
        """Mind one of the kernel's injections; changed is called when it is none any more."""
        self._kernel = kernel
        self._injection = injection
        self._changed = changed

    @property
    def hits(self) -> int:
        """How many calls it has happened to."""
        return self._injection.in_hits

    def remove(self) -> None:
        """Let calls be what they are again."""
        if self._injection in self._kernel.injections:
            self._kernel.injections.remove(self._injection)
            self._changed()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.remove()


def parse(text: str, fault: bool = False) -> Injection:
    """Return the injection that text describes.

    Args:
        text: of --inject or --fault.
        fault: the latter: an error only, ENOSYS if none is said.

    Raises:
        ValueError: what is wrong, in a few words.
    """
    names, *options = text.split(":")
    if not names:
        raise ValueError("no set of system calls")
    given: dict[str, str] = {}
    for option in filter(None, options):
        key, equals, value = option.partition("=")
        if key not in _OPTIONS or not equals or (fault and key not in _FAULT):
            raise ValueError(f"unknown option {option!r}{did_you_mean(key, _OPTIONS)}")
        if key in given and key != "when":
            raise ValueError(f"{key} is given twice")
        given[key] = value
        _OPTIONS[key](Injection(frozenset()), value)  # of several when=, too, each must be right
    if "error" in given and "retval" in given:
        raise ValueError("error and retval exclude each other")
    if not given.keys() - {"when", "syscall"}:
        if not fault:
            raise ValueError(
                "nothing to inject: error, retval, signal, delay_enter, delay_exit,"
                " poke_enter or poke_exit"
            )
        given["error"] = "ENOSYS"
    injection = Injection(callset.callset(names))
    for key, value in given.items():
        _OPTIONS[key](injection, value)
    return injection


def _number(text: str, low: int, high: int, what: str) -> int:
    """Read a decimal number.

    Raises:
        ValueError: it is none, or out of range.
    """
    found = re.fullmatch(_DECIMAL, text)
    if found is None or not low <= int(found[1]) <= high:
        raise ValueError(f"bad {what} {text!r}")
    return int(found[1])


def _error(injection: Injection, text: str) -> None:
    number = _ERRORS.get(text.upper())
    if number is None and text[:1].isalpha():
        raise ValueError(f"bad error {text!r}{did_you_mean(text.upper(), _ERRORS)}")
    injection.in_error = number or _number(text, 1, _ERRNO_MAX, "error")


def _retval(injection: Injection, text: str) -> None:
    """Read what a register holds as strtoull does: 10, 0x10, 010, -1."""
    found = re.fullmatch(_REGISTER, text)
    octal = found is not None and re.fullmatch("0[0-7]+", found[2])
    try:
        value = int(found[2], 8 if octal else 0) if found is not None else 1 << _WORD
    except ValueError:  # 08
        value = 1 << _WORD
    if value >> _WORD:
        raise ValueError(f"bad retval {text!r}")
    if found is not None and found[1] == "-":
        value = -value
    value &= (1 << _WORD) - 1
    injection.in_retval = value - (1 << _WORD) if value >> _WORD - 1 else value


def _signal(injection: Injection, text: str) -> None:
    signo = _SIGNALS.get(text.upper().removeprefix("SIG"))
    if signo is None and not text[:1].isdecimal():
        known = [f"SIG{one}" for one in _SIGNALS]
        raise ValueError(f"bad signal {text!r}{did_you_mean(text.upper(), known)}")
    injection.in_signo = signo or _number(text, 1, NSIG - 1, "signal")


def _time(text: str, what: str) -> int:
    found = re.fullmatch(_TIME, text)
    delay = float(found[1]) * _UNITS[found[2]] if found is not None else _DELAY_MAX
    if delay >= _DELAY_MAX:
        raise ValueError(f"bad {what} {text!r}")
    return round(delay)


def _delay_enter(injection: Injection, text: str) -> None:
    injection.in_enter = _time(text, "delay_enter")


def _delay_exit(injection: Injection, text: str) -> None:
    injection.in_exit = _time(text, "delay_exit")


def _syscall(injection: Injection, text: str) -> None:
    """Check the call that is made instead: one without effect, whose result is not seen."""
    wanted = callset.callset(text) if text[:1].isalpha() or text[:1] == "_" else frozenset()
    if not wanted or not wanted <= callset.callset("%pure"):
        raise ValueError(f"bad syscall {text!r}: none of %pure")


def _pokes(text: str, what: str) -> tuple[tuple[int, bytes], ...]:
    """Read @argN=HEX,@argM=HEX.

    Raises:
        ValueError: it is none, or gives an argument twice.
    """
    pokes: dict[int, bytes] = {}
    for word in filter(None, text.split(",")):
        found = re.fullmatch(_POKE, word)
        if found is None or int(found[1]) - 1 in pokes:
            raise ValueError(f"bad {what} {text!r}")
        pokes[int(found[1]) - 1] = bytes.fromhex(found[2])
    if not pokes:
        raise ValueError(f"bad {what} {text!r}")
    return tuple(pokes.items())


def _poke_enter(injection: Injection, text: str) -> None:
    injection.in_poke = _pokes(text, "poke_enter")


def _poke_exit(injection: Injection, text: str) -> None:
    injection.in_poke_exit = _pokes(text, "poke_exit")


def _when(injection: Injection, text: str) -> None:
    found = re.fullmatch(_WHEN, text)
    if found is None:
        raise ValueError(f"bad when {text!r}")
    first, last, plus, step = found.groups()
    injection.in_first = _number(first, 1, _WHEN_MAX, "when")
    endless = last is None
    injection.in_last = 1 << 62 if endless else _number(last, 1, _WHEN_MAX - 1, "when")
    if injection.in_last < injection.in_first:
        raise ValueError(f"bad when {text!r}: it ends before it begins")
    injection.in_step = 0 if endless and not plus else 1
    if step:
        injection.in_step = _number(step, 1, _WHEN_MAX, "when")


_OPTIONS: Final[dict[str, Callable[[Injection, str], None]]] = {
    "error": _error,
    "retval": _retval,
    "signal": _signal,
    "delay_enter": _delay_enter,
    "delay_exit": _delay_exit,
    "syscall": _syscall,
    "poke_enter": _poke_enter,
    "poke_exit": _poke_exit,
    "when": _when,
}
_FAULT: Final = frozenset(("error", "syscall", "when"))


def matching(
    path: "GuestPath | Sequence[GuestPath] | None", predicate: Callable[[Call], object] | None
) -> Callable[[Lwp, int, tuple[int, ...]], bool] | None:
    """Return what says whether a call is about a file that a glob names and is wanted.

    None: every call is.

    Raises:
        TypeError: predicate is none.
    """
    if not path and predicate is None:
        return None
    if not (predicate is None or callable(predicate)):
        raise TypeError(f"a predicate is called with a Call; {predicate!r} cannot be")
    given = [path] if isinstance(path, (str, bytes, os.PathLike)) else path or ()
    globs = [os.fsdecode(one) for one in given]

    def match(lwp: Lwp, code: int, args: tuple[int, ...]) -> bool:
        paths = tuple(_paths(lwp, code, args))
        if globs and not any(fnmatchcase(one, glob) for one in paths for glob in globs):
            return False
        p = lwp.l_proc
        comm = p_comm(p).decode("utf-8", "replace")
        call = Call(c_name(SYSCALLS[code].name), args, p.p_pid, comm, paths)
        return predicate is None or bool(predicate(call))

    return match


def _paths(lwp: Lwp, code: int, args: tuple[int, ...]) -> Iterator[str]:
    """Yield the paths of the files that a call is about; what cannot be read is none."""
    row = SYSCALLS[code]
    shown = [arg for arg in row.args if not arg.is_pad]
    directory = lwp.l_proc.p_cwdi.cwdi_cdir
    for arg, value in zip(shown, args, strict=False):
        with suppress(KernelError):
            if callset.is_path(arg.ctype, arg.name):
                name = copyinstr(lwp.l_proc.p_vmspace, value, MAXPATHLEN)
                yield _absolute(lwp, directory, name)
            elif callset.is_descriptor(arg.ctype, arg.name):
                if row.name.endswith("at"):  # of several each is for the name behind it
                    directory = lwp.l_proc.p_cwdi.cwdi_cdir
                vp = fd_getvnode(lwp.l_proc, value).f_data
                if row.name.endswith("at"):
                    directory = vp
                else:
                    yield from names_of(_root(lwp), vp)


def _root(lwp: Lwp) -> Vnode:
    root = lwp.l_kernel.rootvnode
    if root is None:
        raise KernelError(Errno.ENOENT)
    return root


def _absolute(lwp: Lwp, directory: Vnode, name: bytes) -> str:
    """Return name from the root on; "..", "." and doubled slashes are taken out."""
    if not name.startswith(b"/"):
        name = getcwd_common(lwp, directory, _root(lwp), None) + b"/" + name
    return posixpath.normpath("/" + name.decode("utf-8", "surrogateescape").lstrip("/"))
