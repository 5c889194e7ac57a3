# SPDX-License-Identifier: BSD-2-Clause
"""What stands in a table for an operation that there is none of.  NetBSD sys/kern/kern_stub.c."""

from typing import NoReturn

from kernel.sys.errno import Errno, KernelError


def eopnotsupp(*_args: object) -> NoReturn:
    """Refuse the operation.

    Raises:
        KernelError: EOPNOTSUPP.
    """
    raise KernelError(Errno.EOPNOTSUPP)


def enoioctl(*_args: object) -> NoReturn:
    """Leave a command to whoever else may know it.

    Raises:
        KernelError: EPASSTHROUGH.
    """
    raise KernelError(Errno.EPASSTHROUGH)
