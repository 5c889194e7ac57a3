# SPDX-License-Identifier: BSD-2-Clause
"""What C programs include: functions and constants, each loaded when it is first named.

A program says `from userland.libc import *`, what serves it on the host
`from userland.libc import include as libc`.  NetBSD include/*.h.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from userland.libc.exports import EXPORTS

if TYPE_CHECKING:  # the headers; makeinclude writes exports.py from these lines
    from kernel.sys.event import *
    from kernel.sys.eventfd import *
    from kernel.sys.fcntl import *
    from kernel.sys.file import POLLERR as POLLERR
    from kernel.sys.file import POLLHUP as POLLHUP
    from kernel.sys.file import POLLIN as POLLIN
    from kernel.sys.file import POLLNVAL as POLLNVAL
    from kernel.sys.file import POLLOUT as POLLOUT
    from kernel.sys.futex import *
    from kernel.sys.in_ import *
    from kernel.sys.ioccom import *
    from kernel.sys.ipc import *
    from kernel.sys.ktrace import *
    from kernel.sys.mman import *
    from kernel.sys.mount import *
    from kernel.sys.msg import *
    from kernel.sys.ptrace import *
    from kernel.sys.random import *
    from kernel.sys.reboot import *
    from kernel.sys.resource import *
    from kernel.sys.sched import *
    from kernel.sys.sem import *
    from kernel.sys.shm import *
    from kernel.sys.signal import *
    from kernel.sys.socket import *
    from kernel.sys.spawn import *
    from kernel.sys.stat import *
    from kernel.sys.syslog import *
    from kernel.sys.termios import *
    from kernel.sys.time import *
    from kernel.sys.ttycom import *
    from kernel.sys.un import *
    from kernel.sys.unistd import *
    from kernel.sys.wait import *
    from userland.libc.chflagsat import *
    from userland.libc.dirent import *
    from userland.libc.err import *
    from userland.libc.errno import *
    from userland.libc.event import *
    from userland.libc.eventfd import *
    from userland.libc.fgetln import *
    from userland.libc.futex import futex as futex
    from userland.libc.futex import futex_get_robust_list as futex_get_robust_list
    from userland.libc.futex import futex_set_robust_list as futex_set_robust_list
    from userland.libc.fvwrite import *
    from userland.libc.getopt import *
    from userland.libc.inet import *
    from userland.libc.lockf import *
    from userland.libc.lwp import *
    from userland.libc.machine import load as load
    from userland.libc.machine import store as store
    from userland.libc.mman import *
    from userland.libc.mount import *
    from userland.libc.mqueue import *
    from userland.libc.netdb import *
    from userland.libc.poll import *
    from userland.libc.popen import *
    from userland.libc.pthread import *
    from userland.libc.pthread_barrier import *
    from userland.libc.pthread_cond import *
    from userland.libc.pthread_mutex import *
    from userland.libc.pthread_rwlock import *
    from userland.libc.ptrace import *
    from userland.libc.pty import *
    from userland.libc.pwd import *
    from userland.libc.reboot import *
    from userland.libc.sched import *
    from userland.libc.select import *
    from userland.libc.semaphore import *
    from userland.libc.setmode import *
    from userland.libc.signal import *
    from userland.libc.socket import *
    from userland.libc.spawn import *
    from userland.libc.statvfs import *
    from userland.libc.stdlib import *
    from userland.libc.strto import *
    from userland.libc.sys import *
    from userland.libc.syscall import *
    from userland.libc.sysconf import *
    from userland.libc.sysctl import *
    from userland.libc.syslog import *
    from userland.libc.sysvipc import *
    from userland.libc.termios import *
    from userland.libc.time import *
    from userland.libc.uio import *
    from userland.libc.uname import *
    from userland.libc.unistd import *
    from userland.libc.wait import *

else:
    _WHERE = {name: module for module, names in EXPORTS.items() for name in names.split()}

    __all__ = list(_WHERE)

    def __getattr__(name: str) -> Any:
        """Load what has name, which is there from now on."""
        module = _WHERE.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = vars(import_module(module))[name]
        return value

    def __dir__() -> list[str]:
        """All names, loaded or not."""
        return __all__
