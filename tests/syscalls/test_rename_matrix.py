# SPDX-License-Identifier: BSD-2-Clause
"""rename(2) of everything onto everything, held to the rules of its manual page.

The rules below are written from the page alone.  The first that applies to a
case says how it ends; a failure must leave all as it was.
"""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import pytest

from kernel.process import Process
from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, O_CREAT, O_RDWR
from kernel.sys.stat import S_IFBLK, S_IFCHR, S_ISDIR
from kernel.sys.types import makedev


def regular(p: Process, path: bytes) -> None:
    """Make a file with something in it."""
    fd = p.open(path, O_CREAT | O_RDWR, 0o644)
    p.write(fd, b"contents")
    p.close(fd)


def linked(p: Process, path: bytes) -> None:
    """Make a file that has another name elsewhere."""
    regular(p, path)
    p.link(path, b"/t/links/" + path.replace(b"/", b"."))


def full(p: Process, path: bytes) -> None:
    """Make a directory that is not empty."""
    p.mkdir(path, 0o755)
    regular(p, path + b"/inside")


MAKERS: dict[str, Callable[[Process, bytes], object]] = {
    "regular": regular,
    "linked": linked,
    "fifo": lambda p, path: p.mkfifo(path, 0o640),
    "char": lambda p, path: p.mknod(path, S_IFCHR | 0o600, makedev(2, 2)),
    "block": lambda p, path: p.mknod(path, S_IFBLK | 0o600, makedev(7, 7)),
    "symlink": lambda p, path: p.symlink(b"nowhere", path),
    "link-to-dir": lambda p, path: p.symlink(b"/t", path),
    "empty": lambda p, path: p.mkdir(path, 0o750),
    "full": full,
}
DIRECTORIES = ("empty", "full")

# (the manual's words, does it apply to a file of kind `old` and one there of kind `new`?, error)
KINDS: list[tuple[Callable[[str, str], bool], Errno | None]] = [
    (lambda old, new: new == "missing", None),
    (lambda old, new: old in DIRECTORIES and new not in DIRECTORIES, Errno.ENOTDIR),
    (lambda old, new: old not in DIRECTORIES and new in DIRECTORIES, Errno.EISDIR),
    (lambda old, new: new == "full", Errno.ENOTEMPTY),
    (lambda old, new: True, None),
]

PLACES = {"same": (b"a/old", b"a/new"), "other": (b"a/old", b"b/new"), "up": (b"a/old", b"new")}
FUNCTIONS = {
    "rename": lambda p, old, new: p.rename(old, new),
    "posix": lambda p, old, new: p.call("__posix_rename", old, new),
    "at": lambda p, old, new: p.renameat(AT_FDCWD, old, AT_FDCWD, new),
}


def tree(p: Process, top: bytes = b"/t") -> dict[bytes, tuple[object, ...]]:
    """All that can be known of a directory but access times: attributes, targets of links, names."""
    found: dict[bytes, tuple[object, ...]] = {}
    st = p.lstat(top)
    found[top] = (st._replace(st_atim=0),)
    if S_ISDIR(st.st_mode):
        for name in listing(p, top):
            found.update(tree(p, top + b"/" + name))
    return found


def listing(p: Process, path: bytes) -> list[bytes]:
    """The names in a directory, in its order."""
    return [name.encode() for name in p.call("listdir", path)]


def attempt(action: Callable[[], object]) -> Errno | None:
    """The error of a call, None if it succeeds."""
    try:
        action()
    except OSError as error:
        return Errno(error.errno)
    return None


@pytest.fixture(params=["tmpfs", "null"])
def place(root, user, request):
    """/t, of a file system or shown there by another, with the directories a, b and links."""
    if request.param == "null":
        root.mkdir(b"/below", 0o755)
        root.mount(b"null", b"/t", 0, b"/below")
        root.chdir(b"/t")
        user.chdir(b"/t")
    for name in (b"a", b"b", b"links"):
        root.mkdir(name, 0o755)
    return root


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("old", MAKERS)
def test_kinds(place, k, old, where, function):
    """A file of every kind onto every other, and onto nothing."""
    source, target = PLACES[where]
    for new in ("missing", *MAKERS):
        MAKERS[old](place, source)
        if new != "missing":
            MAKERS[new](place, target)
            replaced = place.lstat(target)
        before = tree(place)
        expected = next(errno for applies, errno in KINDS if applies(old, new))
        k.advance(1)
        assert attempt(lambda: function(place, source, target)) == expected, new
        after = tree(place)
        if expected is not None:
            assert after == before, new
        else:
            moved = before[b"/t/" + source][0]
            (now,) = after[b"/t/" + target]
            assert now == moved._replace(st_ctim=now.st_ctim)
            assert now.st_ctim > moved.st_ctim
            assert b"/t/" + source not in after
            if new == "linked":
                left = place.lstat(b"/t/links/" + target.replace(b"/", b"."))
                assert (left.st_ino, left.st_nlink) == (replaced.st_ino, 1)
            for directory in (b"/t", b"/t/a", b"/t/b"):
                subdirectories = sum(
                    S_ISDIR(st.st_mode)
                    for path, (st,) in after.items()
                    if path.rpartition(b"/")[0] == directory
                )
                assert after[directory][0].st_nlink == 2 + subdirectories
        clean(place)


def clean(p: Process) -> None:
    """Remove what a case has left in a, b, links and /t."""
    for top in (b"a", b"b", b"links", b"."):
        for name in listing(p, top):
            path = top + b"/" + name
            if not S_ISDIR(p.lstat(path).st_mode):
                p.unlink(path)
            elif name not in (b"a", b"b", b"links"):
                for inside in listing(p, path):
                    p.unlink(path + b"/" + inside)
                p.rmdir(path)


class Case(NamedTuple):
    """Who owns what, when the user 1000 renames."""

    old_sticky: bool
    old_dir_own: bool  # the directory of the file is the user's
    old_own: bool  # the file is
    new_sticky: bool
    new_dir_own: bool
    new_own: bool | None  # what is replaced is; None: nothing is
    moves: bool  # another directory gets the name
    directory: bool  # what is renamed, and what is replaced, are directories


PERMITS: list[tuple[Callable[[Case], bool], Errno | None]] = [
    (lambda c: c.old_sticky and not c.old_dir_own and not c.old_own, Errno.EPERM),
    (
        lambda c: c.new_own is False and c.new_sticky and not c.new_dir_own,
        Errno.EPERM,
    ),
    # ".." of a directory that moves is written: the manual's "requires writing in a directory".
    (lambda c: c.directory and c.moves and not c.old_own, Errno.EACCES),
    (lambda c: True, None),
]
BOOL = (False, True)
CASES = [
    Case(*flags)
    for flags in product(BOOL, BOOL, BOOL, BOOL, BOOL, (None, False, True), BOOL, BOOL)
    if flags[6] or (flags[0] == flags[3] and flags[1] == flags[4])  # one directory
]


@pytest.mark.parametrize("super_user", BOOL, ids=["user", "root"])
@pytest.mark.parametrize("directory", BOOL, ids=["file", "directory"])
def test_owners(place, user, k, directory, super_user):
    """Sticky directories of one's own and of others, with files of one's own and of others'."""
    caller = place if super_user else user
    tried = 0
    for case in CASES:
        if case.directory != directory:
            continue
        make = MAKERS["empty" if directory else "regular"]
        target = b"b/new" if case.moves else b"a/new"
        make(place, b"a/old")
        place.chown(b"a/old", 1000 if case.old_own else 1001, 100)
        if case.new_own is not None:
            make(place, target)
            place.chown(target, 1000 if case.new_own else 1001, 100)
        sides = [(b"a", case.old_sticky, case.old_dir_own)]
        sides += [(b"b", case.new_sticky, case.new_dir_own)]
        for path, sticky, own in sides:
            place.chown(path, 1000 if own else 1001, 100)
            place.chmod(path, 0o1777 if sticky else 0o777)
        expected = next(errno for applies, errno in PERMITS if applies(case))
        before = tree(place)
        k.advance(1)
        got = attempt(lambda target=target: caller.rename(b"a/old", target))
        assert got == (None if super_user else expected), case
        if got is not None:
            assert tree(place) == before, case
        clean(place)
        tried += 1
    assert tried == 4 * 2 * 3 + 16 * 2 * 3 * 1


MODES = {0o777: True, 0o755: False, 0o766: False, 0o700: False, 0o711: False, 0o733: True}


@pytest.mark.parametrize("exists", BOOL, ids=["new", "replaced"])
@pytest.mark.parametrize("where", ["same", "other"])
def test_directories_must_be_written(place, user, where, exists):
    """Both directories must let the caller search and write; to read them is not needed."""
    source, target = PLACES[where]
    for mode, other_mode in product(MODES, MODES):
        regular(place, source)
        if exists:
            regular(place, target)
        place.chmod(b"b", other_mode)
        place.chmod(b"a", mode)
        allowed = MODES[mode] and (where == "same" or MODES[other_mode])
        before = tree(place)
        got = attempt(lambda: user.rename(source, target))
        assert got == (None if allowed else Errno.EACCES), (oct(mode), oct(other_mode))
        assert allowed or tree(place) == before
        clean(place)
