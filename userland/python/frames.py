# SPDX-License-Identifier: BSD-2-Clause
"""Which frames of a stack are the program's, and which the machine's under it."""

import abc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, Final

STDLIB: Final = Path(abc.__file__).parent  # the host's library, which programs run, too

_HOME: Final = Path(__file__).parents[2]
_HIDDEN: Final = (
    *(f"{_HOME / place}/" for place in ("kernel", "userland/libc", "userland/python")),
    str(STDLIB / "importlib" / "_bootstrap"),
    "<frozen importlib",
    str(_HOME / "userland/bin/python3.py"),
    # C in CPython; here Python, because the C would pass by the process (importer.SHARED).
    *(str(STDLIB / name) for name in ("_pydatetime.py", "datetime.py", "json/scanner.py")),
    *(str(STDLIB / name) for name in ("pickle.py", "warnings.py")),
)


def hidden(filename: str) -> bool:
    """Whether code of that file is the machine's: CPython has no frames where it runs."""
    return filename.startswith(_HIDDEN)


def program_frame(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the program, from frame outwards."""
    while frame is not None and hidden(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def hide_frames(traceback: ModuleType) -> None:
    """Let a process's traceback module pass over the machine's frames."""
    for name in ("walk_tb", "walk_stack", "_walk_tb_with_full_positions"):
        setattr(traceback, name, _visible(getattr(traceback, name)))


def _visible(walk: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    def visible(start: Any) -> Iterator[Any]:
        for item in walk(start):
            if not hidden(item[0].f_code.co_filename):
                yield item

    return visible
