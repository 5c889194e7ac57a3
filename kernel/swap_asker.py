# SPDX-License-Identifier: BSD-2-Clause
"""Who asks in a patched block: the process's code, the host's or the system's.  For kernel.swap.

A function of the host's that processes have, too, looks who calls it, which is the innermost frame
outside of the standard library; and what reaches the host from a process is refused.
"""

import builtins
import os
import sys
from functools import cache
from pathlib import Path
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any, Final, NoReturn

from kernel.arch.python.switch import cpu_current
from kernel.sys.errno import Errno

# Modules whose own copy the process has, and what is below them.
OWN: Final = frozenset(
    """_asyncio _io _posixsubprocess _queue _random _signal _socket _thread asyncio atexit bz2
    concurrent dbm errno fcntl filecmp fileinput ftplib genericpath getpass glob grp gzip http
    imaplib io lzma mailbox mmap multiprocessing os poplib posix posixpath pty pwd queue random
    resource sched secrets select selectors shelve shutil signal smtplib socket socketserver
    subprocess tarfile telnetlib tempfile termios threading time tty urllib uuid wsgiref xmlrpc
    zipfile""".split()
)
# Who runs tests, and the system itself: what they ask for is the host's.
_HARNESS: Final = frozenset(
    """_hypothesis_ftz_detector _hypothesis_globals _hypothesis_pytestplugin coverage execnet
    greenlet hypothesis iniconfig kernel native pluggy py pyfakefs pytest sortedcontainers userland
    xdist""".split()
)
# Parts of the standard library that read program text: the host's.
_READERS: Final = frozenset(("importlib", "inspect", "linecache", "zipimport"))
# Who calls functions that code of the process has given: atexit's, threads'.
_CALLERS: Final = frozenset(
    ("userland.python.atexit", "userland.python.pylifecycle", "userland.python.thread")
)
# Events of sys.audit() that tell of an effect on the host, by their beginnings.
_EFFECTS: Final = (
    "open", "os.", "socket.", "subprocess.", "_thread.", "time.sleep", "fcntl.", "mmap.", "pty.",
    "signal.", "resource.", "sqlite3.", "ctypes.", "syslog.",
)  # fmt: skip
# Those that tell of nothing yet: what they lead to has events of its own.
_INTENTIONS: Final = frozenset(("os.walk", "os.fwalk", "sqlite3.connect/handle"))
CODE: Final = (type, FunctionType, BuiltinFunctionType, MethodType)
_HOME: Final = Path(__file__).parents[1]
_MACHINE: Final = tuple(f"{_HOME / place}/" for place in ("kernel", "native", "userland"))
_BUILTINS: Final = vars(builtins)
_ENOTSUP: Final = int(Errno.ENOTSUP)


@cache
def is_inside(name: str) -> bool | None:
    """Whether code of the module called name is the process's; None: of whoever calls it."""
    top = name.partition(".")[0]
    if name == "_pytest.monkeypatch" or top == "pytest_mock":
        return None
    if top in _HARNESS or top in _READERS or top.startswith(("pytest_", "_pytest")):
        return False
    return None if top in sys.stdlib_module_names else True


@cache
def _machine(filename: str) -> bool:
    """Whether code of that file is the system's own, whatever its module calls itself."""
    return filename.startswith(_MACHINE)


def asked_inside(frame: FrameType | None) -> bool:
    """Whether code of a patched process runs in frame, not the system's or the host's."""
    lwp = getattr(cpu_current(), "lwp", None)
    host = None if lwp is None else lwp.l_proc.p_md.md_host
    if host is None or not host.patched:
        return False
    while frame is not None:
        if frame.f_builtins is not _BUILTINS:
            return True  # a module of the process's own
        name = frame.f_globals.get("__name__") or ""
        inside = name in _CALLERS or is_inside(name)
        if inside is None and _machine(frame.f_code.co_filename):
            return False
        if inside is not None:
            return inside
        frame = frame.f_back
    return False


class Dispatch:
    """A function that is the host's or the process's, whoever asks."""

    def __init__(self, host: Any, ours: Any) -> None:
        self._host = host
        self.inside = ours
        self.__name__ = self.__qualname__ = host.__name__
        self.__doc__ = host.__doc__
        self.__module__ = host.__module__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the asker's.

        Raises:
            OSError: the process has none, with ENOTSUP.
        """
        if not asked_inside(sys._getframe(1)):
            return self._host(*args, **kwargs)
        if self.inside is None:
            raise OSError(_ENOTSUP, f"{self.__name__} is not on this system")
        return self.inside(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        return bool(self._host == getattr(other, "_host", other))

    def __hash__(self) -> int:
        return hash(self._host)

    def __repr__(self) -> str:
        return f"<{self.__module__}.{self.__name__} of the host or of an emulated process>"


@cache
def audit() -> None:
    """Refuse from now on what reaches the host from an emulated process; there is no way back."""
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if (
        event.startswith(_EFFECTS)
        and event not in _INTENTIONS
        and (event, *args[:1]) != ("sqlite3.connect", ":memory:")
        and asked_inside(frame := sys._getframe(1))
    ):
        if frame.f_builtins is not _BUILTINS:
            return  # told by the process's own library, of what it does in the process
        refused(event, *args[:2])


def refused(what: str, *args: Any, **_kwargs: Any) -> NoReturn:
    """Refuse a call that would reach the host.

    Raises:
        RuntimeError: always; the text says where it was made, and what to do.
    """
    frame = _asker(sys._getframe(1))
    where = f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"
    names = [name for name, value in frame.f_locals.items() if _is_hosts(value)]
    why = (
        f"{where}: the local {', '.join(names)} in {frame.f_code.co_name} was taken before"
        " patch(): take it in the block, or at the top of the module"
        if names
        else f"{where}: what does it was taken from its module before patch(), or is an"
        " extension module"
    )
    raise RuntimeError(f"{what}{args!r} would reach the host from an emulated process: {why}")


def _asker(frame: FrameType) -> FrameType:
    """Return the innermost frame outside of the system and of the standard library."""
    asker: FrameType | None = frame
    while asker is not None:
        name = asker.f_globals.get("__name__") or ""
        if not _machine(asker.f_code.co_filename) and is_inside(name) is not None:
            return asker
        asker = asker.f_back
    return frame


def _is_hosts(value: Any) -> bool:
    """Whether value is the host's though processes have their own: a module, a function of one."""
    if isinstance(value, ModuleType):
        return value.__name__.partition(".")[0] in OWN and sys.modules.get(value.__name__) is value
    if not isinstance(value, CODE):
        return False
    module = str(value.__module__)
    found = getattr(sys.modules.get(module), value.__name__, None)
    host = found._host if isinstance(found, Dispatch) else found
    return host is value and module.partition(".")[0] in (*OWN, "posix", "time")
