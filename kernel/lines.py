# SPDX-License-Identifier: BSD-2-Clause
"""The lines of programs that make traced calls, kept beside the trace for who asks for them.

The records are those of NetBSD; what they lack is noted as each CALL is made.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from kernel.files import Files
from kernel.sys.module import autoload
from kernel.sys.proc import Lwp
from userland.libktrace.lines import Line, Lines, Noting
from userland.python.frames import guest_name, host_name, own_frame

if TYPE_CHECKING:
    import linecache
else:
    linecache = autoload("linecache")


class Noted:
    """The lines of a kernel's calls, by (pid, LWP)."""

    def __init__(self) -> None:
        self._lines: dict[tuple[int, int], list[Noting]] = {}

    def note(self, lwp: Lwp) -> None:
        """Note the line that runs."""
        frame, importing = own_frame(sys._getframe(1))
        line = None
        if frame is not None:
            code = frame.f_code
            name = guest_name(code.co_filename)
            line = Line(name, frame.f_lineno, code.co_name, importing)
        self._lines.setdefault((lwp.l_proc.p_pid, lwp.l_lid), []).append(Noting(line))

    def stored(self, lwp: Lwp, values: tuple[int, ...]) -> None:
        """Note what the call has stored that was noted last."""
        lines = self._lines[lwp.l_proc.p_pid, lwp.l_lid]
        lines[-1] = lines[-1]._replace(stored=values)

    def since(self) -> Callable[[], Lines]:
        """Return what returns the lines that are noted from now on."""
        already = {who: len(lines) for who, lines in self._lines.items()}

        def lines() -> Lines:
            return {who: lines[already.get(who, 0) :] for who, lines in self._lines.items()}

        return lines


def source_in(*systems: Files) -> Callable[[Line], str]:
    """Return what returns the text of a line: of a file in one of systems, or of the host's."""

    def source(line: Line) -> str:
        for files in systems:
            state = files.get(line.file)
            if state is not None:
                text = state.data.decode("utf-8", "replace").splitlines()
                return text[line.number - 1].strip() if line.number <= len(text) else ""
        return linecache.getline(str(host_name(line.file) or line.file), line.number).strip()

    return source
