# SPDX-License-Identifier: BSD-2-Clause
"""Which calls are made: names, paths, modes and descriptors that meet each other often."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kernel.sys.fcntl import (
    O_APPEND,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.stat import (
    S_IFBLK,
    S_IFCHR,
    S_IFIFO,
    S_IFREG,
    SF_APPEND,
    SF_IMMUTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
    UF_NODUMP,
    UTIME_NOW,
    UTIME_OMIT,
)

PEOPLE = 4


@dataclass(frozen=True)
class Open:
    """A descriptor that is open, of those that the caller has: the machine finds it."""

    number: int
    otherwise: int | None = 3  # when the caller has none


@dataclass(frozen=True)
class Known:
    """A path below the current directory where there is a file: the machine finds it."""

    number: int
    behind: bytes = b""
    of: str = ""  # "linked": with several names; "full", "empty": such a directory; if there is one


_NAMES = [b"a", b"b", b"c", b"d"]
_DEEP = [x + b"/" + y for x in _NAMES[:3] for y in _NAMES[:3]]
_DEEPER = [b"a/b/c", b"b/a/c", b"a/a/a", b"c/a/b"]
_ODD = [
    b"", b".", b"..", b"a/", b"b/", b"c//", b"a/.", b"b/..", b"a/../b", b"./a", b"../jail", b"a//b",
    b"a/b/", b"c/a/", b"c/..", b"../jail/a", b"a/b/..", b"b/.", b"c/./a", b"c/../c",
]  # fmt: skip
_LONG = [b"n" * 255, b"n" * 256, b"a/" + b"n" * 256, b"a/" * 511 + b"a", b"a/" * 512, b"x" * 1024]
PATHS = _NAMES * 14 + _DEEP * 4 + _DEEPER * 2 + _ODD * 2 + _LONG
TARGETS = [
    b"a", b"b", b"c", b"d", b"a/b", b"b/a", b"..", b".", b"a/", b"b/", b"../a", b"../b", b"c/c",
    b"nowhere", b"", b"./c", b"n" * 256, b"a/../b", b"a/" * 500, b"x" * 1023, b"x" * 1024,
]  # fmt: skip
MODES = [
    0o644, 0o600, 0o755, 0o777, 0o700, 0o666, 0o500, 0o400, 0o300, 0o200, 0o070, 0o007, 0o000,
    0o4755, 0o2755, 0o6777, 0o1777, 0o1755, 0o3777, 0o1644, 0o7777,
]  # fmt: skip
_ACCESS = [O_RDONLY] * 4 + [O_WRONLY] * 3 + [O_RDWR] * 5 + [3]
_OPEN = [
    0, 0, O_CREAT, O_CREAT, O_CREAT, O_CREAT | O_EXCL, O_TRUNC, O_CREAT | O_TRUNC, O_APPEND,
    O_APPEND | O_CREAT, O_DIRECTORY, O_DIRECTORY, O_NOFOLLOW, O_NOFOLLOW | O_CREAT,
    O_EXCL, O_DIRECTORY | O_CREAT, O_TRUNC | O_APPEND, O_DIRECTORY | O_NOFOLLOW,
]  # fmt: skip
FLAGS = sorted({how | more for how in _ACCESS for more in _OPEN}) + [
    how | more for how in _ACCESS for more in _OPEN[:6]
]
_FILE_FLAGS = [
    0, 0, 0, UF_NODUMP, UF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE | UF_APPEND, SF_IMMUTABLE, SF_APPEND,
]  # fmt: skip
_TIMES = [
    None,
    None,
    ((5, 6), (7, 8)),
    ((10**9, 1), (10**9, 999_999_999)),
    ((0, UTIME_NOW), (0, UTIME_NOW)),
    ((0, UTIME_OMIT), (0, UTIME_OMIT)),
    ((0, UTIME_OMIT), (3, 0)),
    ((4, 0), (0, UTIME_OMIT)),
    ((0, UTIME_NOW), (0, UTIME_OMIT)),
    ((9, 9), (0, UTIME_NOW)),
]
_SIZES = [0, 1, 5, 100, 5000, -1]
_DATA = [b"", b"x", b"hello", b"0123456789" * 5]
_OWNERS = [-1, -1, 0, 1000, 1001, 1002]
_GROUPS = [-1, -1, 0, 100, 200, 300]

_KNOWN = [Known(number) for number in range(12)]
_KNOWN += [Known(number, behind) for number in range(6) for behind in (b"/a", b"/b", b"/", b"/..")]
path = st.one_of(st.sampled_from(PATHS), st.sampled_from(_KNOWN), st.sampled_from(_KNOWN))
target = st.sampled_from(TARGETS)
mode = st.sampled_from(MODES)
fd = st.sampled_from([*map(Open, range(8)), *map(Open, range(8)), 3, 9, 99])
at = st.sampled_from([None] * 9 + [Open(0, None), Open(1, None), Open(2, None), 5])
follow = st.booleans()
size = st.sampled_from(_SIZES)
data = st.sampled_from(_DATA)
count = st.sampled_from([0, 1, 4, 100])
owner = st.sampled_from(_OWNERS)
group = st.sampled_from(_GROUPS)
times = st.sampled_from(_TIMES)
flags = st.sampled_from(FLAGS)
file_flags = st.sampled_from(_FILE_FLAGS)
node_mode = st.builds(
    int.__or__, st.sampled_from([S_IFREG, S_IFIFO, S_IFCHR, S_IFBLK]), st.sampled_from(MODES[:9])
)


def _call(name: str, *args: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.tuples(st.just(name), *args)


_MAKING = [
    _call("open", at, path, flags, mode),
    _call("open", at, path, flags, mode),
    _call("mkdir", at, path, mode),
    _call("symlink", target, at, path),
    _call("mkfifo", at, path, mode),
    _call("mknod", at, path, node_mode, st.sampled_from([0, 0x1234])),
    _call("link", at, path, at, path, follow),
]
_KNOWN_PATH = st.sampled_from([Known(number) for number in range(6)])
_LINKED, _FULL, _EMPTY = (
    st.sampled_from([Known(number, of=kind) for number in range(3)])
    for kind in ("linked", "full", "empty")
)
_TANGLED = [
    _call("link", st.none(), _KNOWN_PATH, st.none(), st.sampled_from([*_NAMES, *_DEEP]), follow),
    _call("unlink", st.none(), _LINKED, st.just(False)),
    _call("unlink", st.none(), st.one_of(_EMPTY, _FULL), st.just(True)),
    _call("rename", st.none(), _KNOWN_PATH, st.none(), _LINKED),
    _call("rename", st.none(), _LINKED, st.none(), st.one_of(_KNOWN_PATH, path)),
    _call("rename", st.none(), st.one_of(_EMPTY, _FULL), st.none(), st.one_of(_EMPTY, _FULL)),
]
_NAMING = [
    _call("rename", st.none(), _KNOWN_PATH, st.none(), st.one_of(_KNOWN_PATH, path)),
    _call("unlink", st.none(), _KNOWN_PATH, st.booleans()),
    _call("rename", at, path, at, path),
    _call("unlink", at, path, st.just(False)),
    _call("unlink", at, path, st.just(True)),
    _call("chdir", path),
    _call("fchdir", fd),
    _call("listdir", at, path),
    _call("readlink", at, path),
    _call("truncate", path, size),
]
_ATTRIBUTES = [
    _call("chmod", at, path, mode, follow),
    _call("chown", at, path, owner, group, follow),
    _call("utimens", at, path, times, follow),
    _call("access", at, path, st.integers(0, 8)),
    _call("stat", at, path, follow),
]
_FILES = [
    _call("read", fd, count),
    _call("write", fd, data),
    _call("pread", fd, count, size),
    _call("pwrite", fd, data, size),
    _call("lseek", fd, size, st.sampled_from([0, 1, 2, 9])),
    _call("ftruncate", fd, size),
    _call("close", fd),
    _call("dup", fd),
    _call("dup2", fd, st.integers(3, 9)),
    _call("fstat", fd),
    _call("fchmod", fd, mode),
    _call("fchown", fd, owner, group),
    _call("futimens", fd, times),
    _call("entries", fd),
    _call("umask", st.sampled_from([0o022, 0o000, 0o077, 0o027])),
]
_FLAGS = [
    _call("chflags", path, file_flags, follow),
    _call("fchflags", fd, file_flags),
]

_FURNISHING = st.one_of(
    _call("mkdir", st.none(), st.sampled_from([*_NAMES[:3], *_DEEP]), st.sampled_from(MODES[:5])),
    _call(
        "open", st.none(), st.sampled_from([*_NAMES, *_DEEP, *_DEEPER]),
        st.sampled_from([O_CREAT | O_RDWR, O_CREAT | O_WRONLY, O_CREAT]), mode,
    ),
    _call("open", st.none(), st.sampled_from([b".", *_KNOWN[:3]]), st.just(O_RDONLY), mode),
    _call("symlink", target, st.none(), st.sampled_from([*_NAMES, *_DEEP])),
    _call("mkfifo", st.none(), st.sampled_from(_NAMES), st.just(0o666)),
    _call("link", st.none(), _KNOWN_PATH, st.none(), st.sampled_from(_NAMES), st.just(False)),
    _call("chmod", st.none(), st.sampled_from([b".", *_NAMES[:3]]), mode, st.just(True)),
)  # fmt: skip
_BUILT: list[tuple[int, tuple[Any, ...]]] = [
    (0, ("mkdir", None, b"a", 0o777)),
    (0, ("mkdir", None, b"b", 0o777)),
    (1, ("mkdir", None, b"a/b", 0o755)),
    (1, ("open", None, b"c", O_CREAT | O_RDWR, 0o644)),
    (1, ("link", None, b"c", None, b"b/a", False)),
]
_FURNISHED = st.lists(st.tuples(st.integers(0, PEOPLE - 1), _FURNISHING), min_size=2, max_size=8)
FURNITURE = st.one_of(_FURNISHED, _FURNISHED.map(lambda furniture: _BUILT + furniture))
TANGLED = st.one_of(*_TANGLED)
MAKING = st.one_of(*_MAKING)
NAMING = st.one_of(*_NAMING)
ATTRIBUTES = st.one_of(*_ATTRIBUTES)
FILES = st.one_of(*_FILES)
FILE_FLAGS = st.one_of(*_FLAGS)
PERSON = st.integers(0, PEOPLE - 1)
