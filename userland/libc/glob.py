# SPDX-License-Identifier: BSD-2-Clause
"""Names of existing files that match a pattern: glob(3).  NetBSD lib/libc/gen/glob.c."""

import re
from collections.abc import Iterator

from userland.libc.dirent import listdir
from userland.libc.fnmatch import FNM_PERIOD, fnmatch
from userland.libc.sys import lstat

_MAGIC = re.compile(r"(?<!\\)(?:\\\\)*(?:[*?]|\[.*\])", re.DOTALL)


def hasmagic(pattern: str) -> bool:
    """Tell whether pattern has an unquoted `*`, `?` or bracket expression."""
    return _MAGIC.search(pattern) is not None


def unescape(pattern: str) -> str:
    """Return pattern without its quoting backslashes."""
    return re.sub(r"\\(.)", r"\1", pattern, flags=re.DOTALL)


def glob(pattern: str) -> list[str]:
    """Return the paths that match pattern, sorted by their bytes; none is no error."""
    found = _expand("", pattern)
    return sorted(found, key=lambda path: path.encode("utf-8", "surrogateescape"))


def _expand(prefix: str, pattern: str) -> Iterator[str]:
    """Yield prefix + what matches pattern there, one path component at a time."""
    plain = re.match(r"/*", pattern)
    slashes = plain[0] if plain else ""
    prefix, pattern = prefix + slashes, pattern[len(slashes) :]
    head, slash, tail = pattern.partition("/")
    rest = slash + tail
    if not hasmagic(head):
        path = prefix + unescape(head)
        if not hasmagic(rest):
            path += unescape(rest)
            if _exists(path):
                yield path
        else:
            yield from _expand(path, rest)
        return
    for name in _names(prefix or "."):
        if fnmatch(head, name, FNM_PERIOD) == 0:
            if not rest:
                yield prefix + name
            else:
                yield from _expand(prefix + name, rest)


def _names(directory: str) -> list[str]:
    try:
        return [".", "..", *listdir(directory)]
    except OSError:
        return []


def _exists(path: str) -> bool:
    try:
        lstat(path)
    except OSError:
        return False
    return True
