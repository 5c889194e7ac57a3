# SPDX-License-Identifier: BSD-2-Clause
"""What functions of C take, by the names that their signatures use; what each converts and refuses.

userland.python.clinic puts the converters, c_*, before the functions.  CPython
Modules/posixmodule.c (path_converter, dir_fd_converter, _Py_Uid_Converter),
Objects/longobject.c, Objects/fileobject.c.
"""

import sys as _host
from collections.abc import Mapping
from operator import index
from os import fspath, sched_param
from typing import Any, Final, TypeAlias, cast

from kernel.sys.fcntl import AT_FDCWD
from userland.python.getargs import as_int
from userland.python.warn import warn

Path: TypeAlias = str | bytes  # or, before it is converted, what has an __fspath__()
PathOrFd: TypeAlias = Path | int
Directory: TypeAlias = Path | int | None
FsName: TypeAlias = bytes  # a path, or another string that the system is given
DirFd: TypeAlias = int | None
Fildes: TypeAlias = int  # or what has a fileno()
Id: TypeAlias = int  # of a user or a group, -1 for none
Pid: TypeAlias = int
Off: TypeAlias = int
Size: TypeAlias = int
Dev: TypeAlias = int
Word: TypeAlias = int  # unsigned long, taken as it is
Buffer: TypeAlias = bytes | bytearray | memoryview
Text: TypeAlias = str

_INT_MIN: Final = -(1 << 31)
_INT_MAX: Final = (1 << 31) - 1
_LONG_MIN: Final = -(1 << 63)
_LONG_MAX: Final = (1 << 63) - 1
_UINT_MAX: Final = (1 << 32) - 1
_ULONG_MAX: Final = (1 << 64) - 1
_BUFFERS: Final = _host.version_info < (3, 12)  # are still taken for paths
_BOOLS: Final = _host.version_info >= (3, 13)  # are warned of as descriptors
_SAYS_WHICH: Final = _host.version_info >= (3, 13)  # path has the NUL
_NODEV: Final = _host.version_info >= (3, 13)  # -1 is a device


def c_path(
    path: Any, function: str, name: str, fd: bool = False, none: bool = False
) -> str | bytes | int | None:
    """Return a path as str or bytes; with fd an open file's number, with none None as well.

    Raises:
        TypeError: it is something else. ValueError: it contains a NUL. OverflowError: no number.
    """
    if path is None and none:
        return None
    found = path
    if not isinstance(path, (str, bytes)):
        if fd and hasattr(type(path), "__index__"):
            return _descriptor(path, "fd")
        method = getattr(type(path), "__fspath__", None)
        if method is not None:
            found = method(path)
            if not isinstance(found, (str, bytes)):
                kind = f"{type(path).__name__}.__fspath__() to return str or bytes"
                raise TypeError(f"expected {kind}, not {type(found).__name__}")
        elif _BUFFERS and isinstance(path, (bytearray, memoryview)):
            warn(_should_be(function, name, fd, none, path), DeprecationWarning)
            return cast("bytes", path)
        else:
            raise TypeError(_should_be(function, name, fd, none, path))
    if isinstance(found, str):
        if "\0" in found:
            which = f"{function}: embedded null character in {name}"
            raise ValueError(which if _SAYS_WHICH else "embedded null byte")
    elif 0 in found:
        raise ValueError(f"{function}: embedded null character in {name}")
    return cast("str | bytes", found)


def _should_be(function: str, name: str, fd: bool, none: bool, path: object) -> str:
    kinds = {
        (False, False): "string, bytes or os.PathLike",
        (False, True): "string, bytes, os.PathLike or None",
        (True, False): "string, bytes, os.PathLike or integer",
        (True, True): "string, bytes, os.PathLike, integer or None",
    }[fd, none]
    return f"{function}: {name} should be {kinds}, not {type(path).__name__}"


def _descriptor(fd: Any, what: str) -> int:
    if _BOOLS and isinstance(fd, bool):
        warn("bool is used as a file descriptor", RuntimeWarning)
    number = index(fd)
    if number > _INT_MAX:
        raise OverflowError(f"{what} is greater than maximum")
    if number < _INT_MIN:
        raise OverflowError(f"{what} is less than minimum")
    return number


def c_dir_fd(fd: Any) -> int:
    """Return the number of a directory that a path is relative to."""
    if not hasattr(type(fd), "__index__"):
        raise TypeError(f"argument should be integer or None, not {type(fd).__name__}")
    return _descriptor(fd, "fd")


def c_fildes(fd: Any) -> int:
    """Return the number of an open file, which may be what has a fileno()."""
    if isinstance(fd, int):
        if _BOOLS and isinstance(fd, bool):
            warn("bool is used as a file descriptor", RuntimeWarning)
        number = as_int(fd)
    elif (method := getattr(fd, "fileno", None)) is not None:
        number = method()
        if not isinstance(number, int):
            raise TypeError("fileno() returned a non-integer")
        number = as_int(number)
    else:
        raise TypeError("argument must be an int, or have a fileno() method.")
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def c_off(value: Any) -> int:
    """Return an offset in a file."""
    number = index(value)
    if not _LONG_MIN <= number <= _LONG_MAX:
        raise OverflowError("Python int too large to convert to C long")
    return number


def c_word(value: Any) -> int:
    """Return the bits of an unsigned long, whatever they are."""
    return index(value) & _ULONG_MAX


def c_dev(value: Any) -> int:
    """Return the number of a device."""
    if _NODEV:
        number = index(value)
        if number == -1:
            return _ULONG_MAX
    elif not isinstance(value, int):
        raise TypeError("an integer is required")
    else:
        number = value
    if number < 0:
        raise OverflowError("can't convert negative int to unsigned")
    if number > _ULONG_MAX:
        raise OverflowError("int too big to convert")
    return number


def c_device_part(value: Any) -> int:
    """Return a major or a minor number, all bits of -1."""
    if not _NODEV:
        return as_int(value) & _UINT_MAX
    number = c_dev(value)
    if number != _ULONG_MAX and number > _UINT_MAX:
        raise OverflowError("Python int too large to convert to C unsigned int")
    return number


def c_id(value: Any, name: str) -> int:
    """Return the id of a user or of a group (name); -1 stands for none."""
    if not hasattr(type(value), "__index__"):
        raise TypeError(f"{name} should be integer, not {type(value).__name__}")
    number = index(value)
    if number > _ULONG_MAX:
        raise OverflowError(f"{name} is greater than maximum")
    if number < -1 or number > _UINT_MAX:
        raise OverflowError(f"{name} is less than minimum")
    return number


def c_fsname(value: Any) -> bytes:
    """Return what may be a path as the bytes that it is for the system."""
    name = fspath(value)
    data = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    if 0 in data:
        raise ValueError("embedded null byte")
    return data


def c_text(value: Any, function: str, position: int) -> str:
    """Return a str without a NUL."""
    if not isinstance(value, str):
        kind = "None" if value is None else type(value).__name__
        raise TypeError(f"{function}() argument {position} must be str, not {kind}")
    if "\0" in value:
        raise ValueError("embedded null character")
    return value


def at(dir_fd: DirFd) -> int:
    """Return the descriptor that a path is relative to."""
    return AT_FDCWD if dir_fd is None else dir_fd


def like(path: str | bytes, name: bytes) -> Any:
    """Return name as str, unless path is bytes."""
    return name.decode("utf-8", "surrogateescape") if isinstance(path, str) else name


def alone(
    function: str,
    dir_fd: DirFd,
    follow_symlinks: bool,
    refusal: str = "can't specify dir_fd without matching path",
) -> None:
    """Check that what belongs to a path has not been given with a descriptor.

    Raises:
        ValueError: it has.
    """
    if dir_fd is not None:
        raise ValueError(f"{function}: {refusal}")
    if not follow_symlinks:
        raise ValueError(f"{function}: cannot use fd and follow_symlinks together")


def number(names: dict[str, int], name: Any) -> int:
    """Return the number of a limit's name.

    Raises:
        ValueError: there is no such name. TypeError: it is neither str nor int.
    """
    if isinstance(name, str):
        if name not in names:
            raise ValueError("unrecognized configuration name")
        return names[name]
    if not hasattr(type(name), "__index__"):
        raise TypeError("configuration names must be strings or integers")
    return as_int(name)


def schedpriority(param: Any) -> int:
    """Return the priority in an os.sched_param.

    Raises:
        TypeError: it is none. OverflowError: its priority is no int of C.
    """
    if not isinstance(param, sched_param):
        raise TypeError("must have a sched_param object")
    value = index(param.sched_priority)
    if not _INT_MIN <= value <= _INT_MAX:
        raise OverflowError("sched_priority out of range")
    return value


def environment(env: Any, function: str, none: bool = False) -> Mapping[bytes, bytes]:
    """Return the environment a program names; with none it could have named none.

    Raises:
        TypeError: it is none. ValueError: a name is empty, or holds "=".
    """
    if not hasattr(type(env), "__getitem__") or not hasattr(env, "keys"):
        kinds = "mapping object or None" if none else "mapping object"
        raise TypeError(f"{function}: environment must be a {kinds}")
    pairs = {}
    for name, value in zip(list(env.keys()), list(env.values()), strict=False):
        key = c_fsname(name)
        if b"=" in key[1:] or not key:
            raise ValueError("illegal environment variable name")
        pairs[key] = c_fsname(value)
    return pairs


def vector(argv: Any, empty: str, first: str) -> list[bytes]:
    """Return the arguments a program is given.

    Raises:
        ValueError: there is none (empty says so), or the first is empty (first).
    """
    if not argv:
        raise ValueError(empty)
    arguments = [c_fsname(arg) for arg in argv]
    if not arguments[0]:
        raise ValueError(first)
    return arguments
