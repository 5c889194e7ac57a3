# SPDX-License-Identifier: BSD-2-Clause
"""System call stubs, and the functions and constants that C programs expect.  NetBSD lib/libc.

    from userland.libc import *

    fd = open("/etc/passwd", O_RDONLY)
    data = read(fd, 512)

Paths are str or bytes; buffers go in as bytes and come back as bytes; structs
are NamedTuples; an error is an OSError with NetBSD's number and text.
"""

from types import ModuleType
from typing import Final

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

# What headers use themselves, and a program did not ask for.
_INTERNAL: Final = frozenset(
    "Annotated Any Callable Final IntEnum ModuleType NamedTuple Self Struct TYPE_CHECKING TypeAlias"
    " dataclass field".split()
)

__all__ = [
    name
    for name, value in globals().items()
    if name not in _INTERNAL
    and (name[0] != "_" or name == "_exit" or name.startswith(("_lwp_", "_sched_")))
    and not isinstance(value, ModuleType)
]
