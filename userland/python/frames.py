# SPDX-License-Identifier: BSD-2-Clause
"""Which frames of a stack are the program's, and which the machine's under it."""

import abc
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from os.path import dirname
from types import FrameType, ModuleType, TracebackType
from typing import Any, Final

STDLIB: Final = dirname(abc.__file__)  # the host's library, which programs run, too
LIBRARY: Final = "/usr/lib/python{}.{}".format(*sys.version_info)  # where programs see it


def _folder(name: str) -> str:
    """Return where a package is that few programs need: it is not imported.

    Raises:
        ModuleNotFoundError: there is none.
    """
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return dirname(spec.origin)


_HOME: Final = dirname(dirname(dirname(__file__)))
_PATCH: Final = f"{_HOME}/kernel/patch.py"
_HIDDEN: Final = (
    *(f"{_HOME}/{place}/" for place in ("kernel", "userland/libc", "userland/python")),
    f"{_folder('sortedcontainers')}/",
    f"{STDLIB}/importlib/_bootstrap",
    "<frozen importlib",
    f"{_HOME}/userland/bin/python3.py",
    # C in CPython; here Python, because the C would pass by the process (importer.SHARED).
    *(f"{LIBRARY}/{name}" for name in ("pickle.py", "warnings.py")),
)

SITE: Final = "/usr/pkg/lib/python{}.{}/site-packages".format(*sys.version_info)  # as in pkgsrc
# In the library's directory, but not of it: other installations' packages, the host's C modules.
HIDDEN: Final = frozenset((b"dist-packages", b"lib-dynload", b"site-packages"))


def hidden(filename: str) -> bool:
    """Whether code of that file is the machine's: CPython has no frames where it runs."""
    return filename.startswith(_HIDDEN)


def guest_name(filename: str) -> str:
    """Return the name that a program knows a file by: a module that is shared has the host's."""
    if filename.startswith(f"{STDLIB}/"):
        return f"{LIBRARY}{filename.removeprefix(STDLIB)}"
    return filename


def host_name(filename: str) -> str | None:
    """Return the host's file of a library module that a program knows by filename."""
    if filename.startswith(f"{LIBRARY}/"):
        return STDLIB + filename.removeprefix(LIBRARY)
    return None


def visible_traceback(traceback: TracebackType | None) -> TracebackType | None:
    """Return traceback without the machine's frames, which CPython would not have."""
    first: TracebackType | None = None
    last: TracebackType | None = None
    while traceback is not None:
        following = traceback.tb_next
        if not hidden(traceback.tb_frame.f_code.co_filename):
            if last is not None:
                last.tb_next = traceback
            first, last = first or traceback, traceback
        traceback = following
    if last is not None:
        last.tb_next = None
    return first


def program_frame(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the program, from frame outwards."""
    while frame is not None and hidden(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def own_frame(frame: FrameType | None) -> tuple[FrameType | None, bool]:
    """Return the innermost frame of the program's own code, past the library it has called.

    And whether the importer is between.  If there is no such frame, as at a program's end, the
    innermost of the library; none at the start of a process in the midst of a test's code.
    """
    innermost: FrameType | None = None
    importing = False
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            importing = True
        elif frame.f_code.co_name == "_load" and name == _PATCH:
            return None, importing
        elif not hidden(name):
            if not _of_library(name):
                return frame, importing
            innermost = innermost or frame
        frame = frame.f_back
    return innermost, importing


def where() -> str:
    """Return which line of the program runs, past the library it has called."""
    frame, _ = own_frame(sys._getframe(1))
    if frame is None:
        return "its end"
    return f"{guest_name(frame.f_code.co_filename)}:{frame.f_lineno} in {frame.f_code.co_name}"


def _of_library(filename: str) -> bool:
    return filename.startswith((f"{LIBRARY}/", STDLIB, "<frozen"))


class _Frame:
    """A frame of a shared module, as it would be if the module were the process's own."""

    def __init__(self, frame: FrameType) -> None:
        self._frame = frame
        code = frame.f_code
        self.f_code = code.replace(co_filename=guest_name(code.co_filename))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._frame, name)


def _machines_alone(traceback: TracebackType | None) -> bool:
    """Whether there is nothing else to show: who takes a traceback apart meets its end, too."""
    while traceback is not None:
        if not hidden(traceback.tb_frame.f_code.co_filename):
            return False
        traceback = traceback.tb_next
    return True


def hide_frames(traceback: ModuleType) -> None:
    """Let a process's traceback module pass over the machine's frames."""
    for name in ("walk_tb", "walk_stack", "_walk_tb_with_full_positions"):
        setattr(traceback, name, _visible(getattr(traceback, name)))


def _visible(walk: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    def visible(start: Any) -> Iterator[Any]:
        everything = isinstance(start, TracebackType) and _machines_alone(start)
        for frame, *rest in walk(start):
            filename = frame.f_code.co_filename
            if everything or not hidden(filename):
                shared = filename.startswith(STDLIB)
                yield (_Frame(frame) if shared else frame, *rest)

    return visible
