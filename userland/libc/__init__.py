# SPDX-License-Identifier: BSD-2-Clause
"""System call stubs, and the functions and constants that C programs expect.  NetBSD lib/libc.

    from userland.libc import *

    fd = open("/etc/passwd", O_RDONLY)
    data = read(fd, 512)

Paths are str or bytes; buffers go in as bytes and come back as bytes; structs
are NamedTuples; an error is an OSError with NetBSD's number and text.

Programs are given userland.libc.include by this name.  On the host some functions are hidden by
the modules that they are in, and what wants all of libc imports include itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from userland.libc.include import *
else:

    def __getattr__(name: str) -> Any:
        """Return what include has, and keep it unless a module has the name."""
        if name == "include" or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module("userland.libc.include"), name)
        globals().setdefault(name, value)
        return value
