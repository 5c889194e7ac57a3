# SPDX-License-Identifier: BSD-2-Clause
"""Reading a trace for a person who waits: a long one shows how far it is."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from userland import libktrace
from userland.libktrace.records import Record

_LONG: Final = 4 << 20  # bytes of a trace whose reading shows progress


def reading(name: str, *, shown: bool) -> Iterable[Record]:
    """Yield the records of a trace; if shown, a long one's progress is, on a terminal.

    Raises:
        OSError: it cannot be opened. TornTrace: it cannot be read to its end.
    """
    reader = libktrace.open(name)
    size = Path(name).stat().st_size if name != "-" else 0
    if size < _LONG or not shown or not sys.stderr.isatty():
        return reader
    return _shown(reader, size)


def _shown(reader: Iterable[Record], size: int) -> Iterator[Record]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task("reading", total=size)
        for number, record in enumerate(reader):
            if not number % 1000:
                progress.update(task, completed=record.offset)
            yield record
