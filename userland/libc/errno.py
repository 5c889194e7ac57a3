# SPDX-License-Identifier: BSD-2-Clause
"""The errors by name, as C programs have them.  NetBSD include/errno.h.

Their types are in errno.pyi.
"""

from kernel.sys.errno import Errno as _Errno

globals().update({name: int(value) for name, value in _Errno.__members__.items()})
