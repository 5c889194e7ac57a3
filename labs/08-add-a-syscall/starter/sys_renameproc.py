# SPDX-License-Identifier: BSD-2-Clause
"""renameproc: give a process another name, and learn the one it had."""

from kernel.sys.errno import Errno, KernelError

# Yours: def sys_renameproc(lwp, ...), called as your row says.
