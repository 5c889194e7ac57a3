# SPDX-License-Identifier: BSD-2-Clause
"""A NetBSD-shaped kernel whose machine is CPython.

    import kernel

    with kernel.boot(seed=1) as k:
        result = k.run("prog.py", ["arg"], stdin=b"input", ktrace=True)
        print(result.status, result.stdout, result.changes, result.calls["write"])

What there is besides boot is in kernel.api, which is loaded when it is first asked for.
"""

from importlib import import_module

TYPE_CHECKING = False  # typing's: the first of a command's two starts does without typing
if TYPE_CHECKING:
    from kernel.api import Deadlock, ProcessGone, Reboot, boot

__all__ = ["Deadlock", "ProcessGone", "Reboot", "boot"]


def __getattr__(name: str) -> object:
    """Return a name of the API; who imports only a header does not load the kernel.

    Raises:
        AttributeError: there is none.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(import_module("kernel.api"), name)
