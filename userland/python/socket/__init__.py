# SPDX-License-Identifier: BSD-2-Clause
"""The _socket module of a program, on this system's calls.  CPython Modules/socketmodule.c."""

from userland.libc.netdb import gaierror
from userland.python.socket import names, sock
from userland.python.socket.headers import CMSG_LEN, CMSG_SPACE, CONSTANTS

error = OSError
timeout = TimeoutError
has_ipv6 = True
globals().update(CONSTANTS)
globals().update(
    (name, getattr(module, name)) for module in (names, sock) for name in module.__all__
)

__all__ = [  # noqa: PLE0604 - strings, all of them
    "CMSG_LEN", "CMSG_SPACE", "error", "gaierror", "has_ipv6", "timeout",
    *CONSTANTS, *names.__all__, *sock.__all__,
]  # fmt: skip
