# SPDX-License-Identifier: BSD-2-Clause
"""The primaries of find(1).  NetBSD usr.bin/find/function.c."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from kernel.sys.errno import Errno
from userland.find.exec import NEEDS_TERMINATOR, make_exec, make_execdir, make_ok
from userland.find.find import NS, Exit, Find, Test
from userland.find.ls import printlong
from userland.libc.fnmatch import FNM_CASEFOLD, fnmatch
from userland.libc.fts import FTS_D, FTS_LOGICAL, FTS_PHYSICAL, FTS_XDEV, FTSENT
from userland.libc.include import (
    MNT_LOCAL,
    MNT_RDONLY,
    O_CREAT,
    O_TRUNC,
    O_WRONLY,
    S_ISDIR,
    S_ISREG,
    SF_APPEND,
    SF_ARCHIVED,
    SF_IMMUTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
    UF_NODUMP,
    UF_OPAQUE,
    Stat,
    Writer,
    err,
    errx,
    getgrgid,
    getgrnam,
    getmode,
    getpwnam,
    getpwuid,
    listdir,
    open,
    rmdir,
    setmode,
    stat,
    statvfs,
    unlink,
    warn,
)
from userland.libc.regex import REG_EXTENDED, REG_ICASE, RegexError, regcomp
from userland.libc.strto import strtol
from userland.libc.timegm import parsedate

_DAY: Final = 86400  # seconds
_MINUTE: Final = 60
_BLOCK: Final = 512
_PERMISSIONS: Final = 0o7777
_TYPES: Final = {"b": 6, "c": 2, "d": 4, "f": 8, "l": 10, "p": 1, "s": 12, "w": 14, "W": 14}
_FLAGS: Final = {
    **dict.fromkeys(("arch", "archived"), SF_ARCHIVED),
    "nodump": UF_NODUMP,
    "opaque": UF_OPAQUE,
    **dict.fromkeys(("sappnd", "sappend"), SF_APPEND),
    **dict.fromkeys(("schg", "schange", "simmutable"), SF_IMMUTABLE),
    **dict.fromkeys(("uappnd", "uappend"), UF_APPEND),
    **dict.fromkeys(("uchg", "uchange", "uimmutable"), UF_IMMUTABLE),
}
_NUMBER: Final = re.compile(r"([-+]?)\s*(-?\d*)(.*)", re.DOTALL)


class _Wanted(NamedTuple):
    """A number to compare with: [+-]n and what follows it."""

    sign: str
    value: int
    unit: str = ""

    def compare(self, number: int) -> bool:
        if self.sign == "+":
            return number > self.value
        return number < self.value if self.sign == "-" else number == self.value


def _parsenum(name: str, text: str, units: str = "") -> _Wanted:
    match = _NUMBER.match(text)
    if match is None or match[2] in {"", "-"}:
        errx(1, f"{name}: {text}: illegal numeric value")
    if match[3] and match[3] not in set(units):
        errx(1, f"{name}: {text}: illegal trailing character")
    return _Wanted(match[1], strtol(match[2])[0], match[3])


def _of_status(number: Callable[[Stat], int], name: str) -> Callable[[Find, list[str]], Test]:
    """Return a maker of a test that compares a number of the status."""

    def make(_find: Find, argv: list[str]) -> Test:
        wanted = _parsenum(name, argv[0])
        return lambda entry: wanted.compare(number(entry.status))

    return make


def _ago(field: str, name: str, unit: int) -> Callable[[Find, list[str]], Test]:
    """Return a maker of a test of how many units ago a time was, begun ones counted."""

    def make(find: Find, argv: list[str]) -> Test:
        wanted = _parsenum(name, argv[0])
        if wanted.sign == "-":
            wanted = wanted._replace(value=wanted.value + 1)

        def test(entry: FTSENT) -> bool:
            seconds = find.now - getattr(entry.status, field) // NS
            return wanted.compare(int((seconds + unit - 1) / unit))

        return test

    return make


def _later(field: str) -> Callable[[Find, list[str]], Test]:
    """Return a maker of a test whether a time is later than that of a file."""

    def make(_find: Find, argv: list[str]) -> Test:
        try:
            than = getattr(stat(argv[0]), field)
        except OSError:
            err(1, argv[0])
        return lambda entry: bool(getattr(entry.status, field) > than)

    return make


def _since(field: str, name: str) -> Callable[[Find, list[str]], Test]:
    """Return a maker of a test whether a time is later than a date."""

    def make(_find: Find, argv: list[str]) -> Test:
        try:
            than = parsedate(argv[0])
        except ValueError:
            errx(1, f"{name}: {argv[0]}: invalid timestamp value")
        return lambda entry: bool(getattr(entry.status, field) > than)

    return make


def _flags(_find: Find, argv: list[str]) -> Test:
    at_least = argv[0].startswith("-")
    text = argv[0].removeprefix("-")
    wanted = 0
    for word in text.split(",") if text != "none" else ():
        if word not in _FLAGS:
            errx(1, f"-flags: {word}: illegal flags string")
        wanted |= _FLAGS[word]
    if at_least:
        return lambda entry: entry.status.st_flags & wanted == wanted
    return lambda entry: entry.status.st_flags == wanted


def _matching(attribute: str, flags: int) -> Callable[[Find, list[str]], Test]:
    def make(_find: Find, argv: list[str]) -> Test:
        pattern = argv[0]
        return lambda entry: not fnmatch(pattern, getattr(entry, attribute), flags)

    return make


def _regex(name: str, icase: int) -> Callable[[Find, list[str]], Test]:
    def make(find: Find, argv: list[str]) -> Test:
        flags = icase | (REG_EXTENDED if find.extended else 0)
        try:
            regex = regcomp(argv[0].encode("utf-8", "surrogateescape"), flags, "line")
        except RegexError as exc:
            errx(1, f"{name}: {argv[0]}: {exc}")
        return lambda entry: regex.matches(entry.fts_path.encode("utf-8", "surrogateescape"))

    return make


def _owner(
    name: str, field: str, look_up: Callable[[str], int | None]
) -> Callable[[Find, list[str]], Test]:
    def make(_find: Find, argv: list[str]) -> Test:
        known = look_up(argv[0])
        if known is not None:
            wanted = _Wanted("", known)
        elif re.match(r"[-+]?\d", argv[0]):
            wanted = _parsenum(name, argv[0])
        else:
            errx(1, f"{name}: {argv[0]}: no such {name[1:]}")
        return lambda entry: wanted.compare(getattr(entry.status, field))

    return make


def _uid(name: str) -> int | None:
    user = getpwnam(name)
    return None if user is None else user.pw_uid


def _gid(name: str) -> int | None:
    group = getgrnam(name)
    return None if group is None else group.gr_gid


def _always(_find: Find, _argv: list[str]) -> Test:
    return lambda entry: True


def _false(_find: Find, _argv: list[str]) -> Test:
    return lambda entry: False


def _delete(find: Find, _argv: list[str]) -> Test:
    find.output = find.depth = True
    find.options = find.options & ~FTS_LOGICAL | FTS_PHYSICAL

    def test(entry: FTSENT) -> bool:
        if entry.fts_path.rpartition("/")[2] in {".", ".."}:
            return True
        is_dir = S_ISDIR(entry.status.st_mode)
        try:
            (rmdir if is_dir else unlink)(entry.fts_path)
        except OSError as exc:
            if not (is_dir and exc.errno == Errno.ENOTEMPTY):
                find.out.flush()
                warn(f"-delete: {'rmdir' if is_dir else 'unlink'}({entry.fts_path})")
        return True

    return test


def _depth(find: Find, argv: list[str]) -> Test:
    find.depth = True
    return _always(find, argv)


def _empty(_find: Find, _argv: list[str]) -> Test:
    def test(entry: FTSENT) -> bool:
        status = entry.status
        if S_ISDIR(status.st_mode):
            try:
                return not listdir(entry.fts_path)
            except OSError:
                return False
        return S_ISREG(status.st_mode) and status.st_size == 0

    return test


def _exit(find: Find, argv: list[str]) -> Test:
    find.output = True
    value = argv.pop(0) if argv and re.match(r"[-+]?\d", argv[0]) else "0"
    status = _parsenum("-exit", value).value

    def test(_entry: FTSENT) -> bool:
        raise Exit(status)

    return test


def _follow(find: Find, argv: list[str]) -> Test:
    find.options = find.options & ~FTS_PHYSICAL | FTS_LOGICAL
    return _always(find, argv)


def _xdev(find: Find, argv: list[str]) -> Test:
    find.options |= FTS_XDEV
    return _always(find, argv)


def _fstype(_find: Find, argv: list[str]) -> Test:
    kind = argv[0].encode("utf-8", "surrogateescape")
    flag = {b"local": MNT_LOCAL, b"rdonly": MNT_RDONLY}.get(kind)

    def test(entry: FTSENT) -> bool:
        try:
            state = statvfs(entry.fts_path)
        except OSError:
            err(1, entry.fts_path)
        return bool(state.f_flag & flag) if flag is not None else state.f_fstypename == kind

    return test


def _maxdepth(_find: Find, argv: list[str]) -> Test:
    most = _parsenum("-maxdepth", argv[0]).value

    def test(entry: FTSENT) -> bool:
        if entry.fts_level >= most and entry.fts_info == FTS_D:
            entry.skip = True
        return entry.fts_level <= most

    return test


def _mindepth(_find: Find, argv: list[str]) -> Test:
    least = _parsenum("-mindepth", argv[0]).value
    return lambda entry: entry.fts_level >= least


def _nogroup(_find: Find, _argv: list[str]) -> Test:
    return lambda entry: getgrgid(entry.status.st_gid) is None


def _nouser(_find: Find, _argv: list[str]) -> Test:
    return lambda entry: getpwuid(entry.status.st_uid) is None


def _perm(_find: Find, argv: list[str]) -> Test:
    at_least = argv[0].startswith("-")
    text = argv[0].removeprefix("-")
    try:
        mode = getmode(setmode(text), 0)
    except OSError:
        err(1, f"-perm: Cannot set file mode `{text}'")
    if at_least:
        return lambda entry: entry.status.st_mode & mode == mode
    return lambda entry: entry.status.st_mode & _PERMISSIONS == mode


def _printed(end: bytes) -> Callable[[Find, list[str]], Test]:
    def make(find: Find, _argv: list[str]) -> Test:
        find.output = True

        def test(entry: FTSENT) -> bool:
            find.out.write(entry.fts_path.encode("utf-8", "surrogateescape") + end)
            return True

        return test

    return make


def _printx(find: Find, _argv: list[str]) -> Test:
    find.output = True

    def test(entry: FTSENT) -> bool:
        path = re.sub(r"([ \t\n\\'\"])", r"\\\1", entry.fts_path)
        find.out.write(path.encode("utf-8", "surrogateescape") + b" ")
        return True

    return test


def _fprint(find: Find, argv: list[str]) -> Test:
    find.output = True
    try:
        out = Writer(open(argv[0], O_WRONLY | O_CREAT | O_TRUNC), argv[0])
    except OSError:
        err(1, f"-fprint: {argv[0]}: cannot create file")
    find.finish.append(out.flush)

    def test(entry: FTSENT) -> bool:
        out.print(entry.fts_path)
        return True

    return test


def _ls(find: Find, _argv: list[str]) -> Test:
    find.output = True

    def test(entry: FTSENT) -> bool:
        printlong(find.out, entry.fts_path, entry.status, find.now)
        return True

    return test


def _prune(_find: Find, _argv: list[str]) -> Test:
    def test(entry: FTSENT) -> bool:
        if entry.fts_info == FTS_D:
            entry.skip = True
        return True

    return test


def _size(_find: Find, argv: list[str]) -> Test:
    wanted = _parsenum("-size", argv[0], "c")
    if wanted.unit == "c":
        return lambda entry: wanted.compare(entry.status.st_size)
    return lambda entry: wanted.compare((entry.status.st_size + _BLOCK - 1) // _BLOCK)


def _type(_find: Find, argv: list[str]) -> Test:
    if argv[0][:1] not in _TYPES:
        errx(1, f"-type: {argv[0]}: unknown type")
    kind = _TYPES[argv[0][0]]
    return lambda entry: entry.status.st_mode >> 12 & 0o17 == kind


Maker = Callable[[Find, list[str]], Test]

# By name: how many arguments it takes, and what makes the test.
PRIMARIES: Final[dict[str, tuple[int, Maker]]] = {
    "-amin": (1, _ago("st_atim", "-amin", _MINUTE)),
    "-anewer": (1, _later("st_atim")),
    "-asince": (1, _since("st_atim", "-asince")),
    "-atime": (1, _ago("st_atim", "-atime", _DAY)),
    "-cmin": (1, _ago("st_ctim", "-cmin", _MINUTE)),
    "-cnewer": (1, _later("st_ctim")),
    "-csince": (1, _since("st_ctim", "-csince")),
    "-ctime": (1, _ago("st_ctim", "-ctime", _DAY)),
    "-delete": (0, _delete),
    "-depth": (0, _depth),
    "-empty": (0, _empty),
    "-exec": (NEEDS_TERMINATOR, make_exec),
    "-execdir": (NEEDS_TERMINATOR, make_execdir),
    "-exit": (NEEDS_TERMINATOR, _exit),
    "-false": (0, _false),
    "-flags": (1, _flags),
    "-follow": (0, _follow),
    "-fprint": (1, _fprint),
    "-fstype": (1, _fstype),
    "-group": (1, _owner("-group", "st_gid", _gid)),
    "-iname": (1, _matching("fts_name", FNM_CASEFOLD)),
    "-inum": (1, _of_status(lambda status: status.st_ino, "-inum")),
    "-iregex": (1, _regex("-iregex", REG_ICASE)),
    "-links": (1, _of_status(lambda status: status.st_nlink, "-links")),
    "-ls": (0, _ls),
    "-maxdepth": (1, _maxdepth),
    "-mindepth": (1, _mindepth),
    "-mmin": (1, _ago("st_mtim", "-mmin", _MINUTE)),
    "-mtime": (1, _ago("st_mtim", "-mtime", _DAY)),
    "-name": (1, _matching("fts_name", 0)),
    "-newer": (1, _later("st_mtim")),
    "-nogroup": (0, _nogroup),
    "-nouser": (0, _nouser),
    "-ok": (NEEDS_TERMINATOR, make_ok),
    "-path": (1, _matching("fts_path", 0)),
    "-perm": (1, _perm),
    "-print": (0, _printed(b"\n")),
    "-print0": (0, _printed(b"\0")),
    "-printx": (0, _printx),
    "-prune": (0, _prune),
    "-regex": (1, _regex("-regex", 0)),
    "-rm": (0, _delete),
    "-since": (1, _since("st_mtim", "-since")),
    "-size": (1, _size),
    "-type": (1, _type),
    "-user": (1, _owner("-user", "st_uid", _uid)),
    "-xdev": (0, _xdev),
    "-x": (0, _xdev),
}
