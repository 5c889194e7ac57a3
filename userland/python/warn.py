# SPDX-License-Identifier: BSD-2-Clause
"""A warning of the runtime's own code, by the program's warnings.  CPython Python/_warnings.c."""

from userland.libc.data import curdata


def warn(message: str, category: type[Warning], stacklevel: int, source: object = None) -> None:
    """Warn as Python does; stacklevel 1 names the line that calls this.

    A ResourceWarning is ignored by default, and so is not made by a program
    that has not even imported warnings.
    """
    runtime = curdata().runtime
    if category is ResourceWarning and "warnings" not in runtime.sys.modules:
        return
    warnings = runtime.importer.import_("warnings")
    warnings.warn(message, category, stacklevel + 1, source=source)
