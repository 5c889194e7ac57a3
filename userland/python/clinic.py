# SPDX-License-Identifier: BSD-2-Clause
"""Puts before the functions of a module what their signatures promise.  CPython Argument Clinic.

A parameter's annotation, a name of userland.python.arguments, says what it may
be.  For each function the text of another is made that converts what is not
yet as it should be, tells audit hooks, calls the function, and calls it again
when a signal has interrupted it; the interpreter keeps the bytecode of that
text as it keeps a source file's.
"""

import sys as _host
from collections.abc import Callable, Iterator
from os.path import dirname
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kernel.sys.module import autoload
from userland.libc.data import curdata
from userland.libc.generated import Generated
from userland.python import arguments, getargs

if TYPE_CHECKING:
    import inspect
else:
    inspect = autoload("inspect")

_Function = TypeVar("_Function", bound=Callable[..., Any])

# By annotation: when an argument is converted, and to what.  0: its name, 1: the function's,
# 2: its position.
_INT: Final = "type({0}) is not int or not -2147483648 <= {0} <= 2147483647"
_LONG: Final = "type({0}) is not int or not -(1 << 63) <= {0} < 1 << 63"
_STR: Final = "type({0}) is not str or '\\0' in {0}"
_CONVERTED: Final = {
    "Path": (_STR, "c_path({0}, {1!r}, {0!r})"),
    "PathOrFd": (_STR, "c_path({0}, {1!r}, {0!r}, True)"),
    "Directory": (_STR, "c_path({0}, {1!r}, {0!r}, True, True)"),
    "FsName": ("True", "c_fsname({0})"),
    "DirFd": ("{0} is not None", "c_dir_fd({0})"),
    "Fildes": ("True", "c_fildes({0})"),
    "int": (_INT, "c_int({0})"),
    "Pid": (_INT, "c_pid({0})"),
    "Off": (_LONG, "c_off({0})"),
    "Size": (_LONG, "c_size({0})"),
    "Word": ("True", "c_word({0})"),
    "Dev": ("True", "c_dev({0})"),
    "Id": ("type({0}) is not int or not 0 <= {0} < 1 << 31", "c_id({0}, {0!r})"),
    "Buffer": ("type({0}) is not bytes", "c_buffer({0})"),
    "Text": (_STR, "c_text({0}, {1!r}, {2})"),
}
# What of its arguments, as expressions, an audited function tells hooks after the event; those of
# posix by name.
_AUDITED: Final = {
    "chdir": "os.chdir path", "fchdir": "os.chdir fd", "chflags": "os.chflags path flags",
    "chmod": "os.chmod path mode dir_fd",
    "chown": "os.chown path uid&0xFFFFFFFF gid&0xFFFFFFFF dir_fd",
    "execv": "os.exec path argv None", "execve": "os.exec path argv env",
    "fchmod": "os.chmod fd mode -1",
    "fchown": "os.chown fd uid&0xFFFFFFFF gid&0xFFFFFFFF -1", "fork": "os.fork",
    "forkpty": "os.forkpty", "ftruncate": "os.truncate fd length", "kill": "os.kill pid signal",
    "killpg": "os.killpg pgid signal", "lchflags": "os.chflags path flags",
    "lchmod": "os.chmod path mode -1", "lchown": "os.chown path uid&0xFFFFFFFF gid&0xFFFFFFFF -1",
    "link": "os.link src dst src_dir_fd dst_dir_fd", "listdir": "os.listdir path",
    "lockf": "os.lockf fd command length", "mkdir": "os.mkdir path mode dir_fd",
    "open": "open path None flags", "posix_spawn": "os.posix_spawn path argv env",
    "posix_spawnp": "os.posix_spawn path argv env", "putenv": "os.putenv name value",
    "remove": "os.remove path dir_fd", "rename": "os.rename src dst src_dir_fd dst_dir_fd",
    "replace": "os.rename src dst src_dir_fd dst_dir_fd", "rmdir": "os.rmdir path dir_fd",
    "scandir": "os.scandir path", "symlink": "os.symlink src dst dir_fd",
    "system": "os.system command", "truncate": "os.truncate path length",
    "unlink": "os.remove path dir_fd", "unsetenv": "os.unsetenv name",
    "utime": "os.utime path times ns dir_fd",
    "fcntl.fcntl": "fcntl.fcntl fd cmd arg", "fcntl.ioctl": "fcntl.ioctl fd request arg",
    "fcntl.flock": "fcntl.flock fd operation",
    "fcntl.lockf": "fcntl.lockf fd cmd len start whence",
    "resource.setrlimit": "resource.setrlimit resource limits",
    "syslog.setlogmask": "syslog.setlogmask maskpri",
}  # fmt: skip


def interruptible(function: _Function) -> _Function:
    """Mark function as one to be called again when a signal has interrupted it (PEP 475)."""
    vars(function)["interruptible"] = True
    return function


def since(*version: int) -> Callable[[_Function], _Function]:
    """Mark a function as one that Python has from version on."""

    def mark(function: _Function) -> _Function:
        vars(function)["since"] = version
        return function

    return mark


def audit(event: str, *told: Any) -> None:
    """Tell the program's audit hooks of an event."""
    curdata().runtime.sysmodule.audit(event, *told)


def functions(*modules: ModuleType) -> dict[str, FunctionType]:
    """Return the public functions of modules, those that this version of Python has."""
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, FunctionType)
        and (name[0] != "_" or name == "_exit")
        and value.__module__ == module.__name__
        and vars(value).get("since", (3,)) <= _host.version_info
    }


def checked(name: str, *modules: ModuleType) -> dict[str, FunctionType]:
    """Return the functions of modules as a program's module called name has them."""
    given = functions(*modules)
    names: dict[str, Any] = {f"_{key}": value for key, value in given.items()}
    names.update((key, value) for key, value in vars(arguments).items() if key.startswith("c_"))
    names.update(
        __name__=name,
        audit=audit,
        c_buffer=getargs.readable,
        c_int=getargs.as_int,
        c_pid=getargs.c_int,
        c_size=getargs.c_ssize,
    )
    sources = (__file__, arguments.__file__, *(module.__file__ for module in modules))
    loader = Generated(
        f"userland.python.clinic_{name}",
        f"{dirname(__file__)}/clinic_{name}.py",
        tuple(source for source in sources if source is not None),
        lambda: "\n".join(
            line
            for key, value in given.items()
            for line in _text(key, value, key if name == "posix" else f"{name}.{key}")
        ),
    )
    exec(loader.code(), names)
    made: dict[str, FunctionType] = {key: names[key] for key in given}
    for key, function in made.items():
        function.__doc__ = given[key].__doc__
    return made


def _text(name: str, function: FunctionType, whole: str) -> Iterator[str]:
    """Yield the lines of the function that a program calls by name, in all of audits whole."""
    parameters = inspect.signature(function).parameters.values()
    bare = [parameter.replace(annotation=parameter.empty) for parameter in parameters]
    yield f"def {name}{inspect.Signature(bare)}:"
    for position, parameter in enumerate(parameters, 1):
        when, what = _CONVERTED.get(str(parameter.annotation), ("", ""))
        if when:
            fields = (parameter.name, name, position)
            test = "" if when == "True" else f"if {when.format(*fields)}: "
            yield f" {test}{parameter.name} = {what.format(*fields)}"
    event, *told = _AUDITED.get(whole, "").split() or [""]
    if event:
        values = [
            f"-1 if {one} is None else {one}" if one.endswith("dir_fd") else one for one in told
        ]
        yield f" audit({', '.join([repr(event), *values])})"
    passed = [
        f"{one.name}={one.name}"
        if one.kind is one.KEYWORD_ONLY
        else str(one.replace(default=one.empty))
        for one in bare
    ]
    call = f"return _{name}({', '.join(passed)})"
    if "interruptible" not in vars(function):
        yield f" {call}"
        return
    yield from (" while True:", "  try:", f"   {call}", "  except InterruptedError:", "   continue")
