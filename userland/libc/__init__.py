# SPDX-License-Identifier: BSD-2-Clause
"""System call stubs, and the functions and constants that C programs expect.  NetBSD lib/libc.

    from userland.libc import *

    fd = open("/etc/passwd", O_RDONLY)
    data = read(fd, 512)

Paths are str or bytes; buffers go in as bytes and come back as bytes; structs
are NamedTuples; an error is an OSError with NetBSD's number and text.
"""

from types import ModuleType

from kernel.sys import errno as _errno
from kernel.sys import fcntl as _fcntl
from kernel.sys import ktrace as _ktrace
from kernel.sys import mount as _mount
from kernel.sys import resource as _resource
from kernel.sys import sched as _sched
from kernel.sys import signal as _ksignal
from kernel.sys import stat as _stat
from kernel.sys import time as _ktime
from kernel.sys import unistd as _kunistd
from kernel.sys import wait as _kwait
from kernel.sys.file import POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT
from kernel.sys.ioccom import FIONBIO, FIONREAD, TIOCGETA, TIOCGWINSZ, TIOCSCTTY
from kernel.sys.resource import Rlimit, RusageLayout
from kernel.sys.stat import Stat
from kernel.sys.time import Itimerval, Timespec, Timeval
from userland.libc import sys as _sys
from userland.libc.dirent import listdir, readdir, scandir
from userland.libc.err import err, errx, getprogname, perror, strerror, warn, warnx
from userland.libc.fgetln import fgetln
from userland.libc.fvwrite import BUFSIZ, Writer, writeall
from userland.libc.getopt import getopt
from userland.libc.machine import load, store
from userland.libc.poll import INFTIM, poll
from userland.libc.pwd import (
    getgrall,
    getgrgid,
    getgrnam,
    getgrouplist,
    getpwall,
    getpwnam,
    getpwuid,
)
from userland.libc.setmode import getmode, setmode
from userland.libc.signal import (
    ITIMER_REAL,
    Sigaction,
    abort,
    alarm,
    killpg,
    pause,
    raise_,
    setitimer,
    sigaction,
    sigaddset,
    sigemptyset,
    signal,
    signalname,
    signalnumber,
    sigpending,
    sigprocmask,
    sigset,
    sigsuspend,
    strsignal,
)
from userland.libc.stdlib import (
    EXIT_FAILURE,
    EXIT_SUCCESS,
    _exit,
    atexit,
    environ,
    exit,
    getenv,
    putenv,
    setenv,
    unsetenv,
)
from userland.libc.sys import *  # noqa: F403 - every stub there is
from userland.libc.syscall import getgid, getpid, getuid, pipe, syscall
from userland.libc.termios import isatty, tcgetpgrp, tcgetwinsize, tcsetpgrp
from userland.libc.time import (
    Interrupted,
    futimens,
    futimes,
    gettimeofday,
    lutimes,
    nanosleep,
    settimeofday,
    sleep,
    usleep,
    utimens,
    utimensat,
    utimes,
)
from userland.libc.uio import preadv, pwritev, readv, utrace, writev
from userland.libc.unistd import (
    clone,
    execl,
    execlp,
    execv,
    execve,
    execvp,
    fcntl,
    fork,
    getcwd,
    getgroups,
    getlogin,
    ioctl,
    pipe2,
    setgroups,
    setlogin,
    vfork,
)
from userland.libc.wait import wait, wait4, waitpid

_FUNCTIONS = (
    "FIONBIO FIONREAD TIOCGETA TIOCGWINSZ TIOCSCTTY Rlimit RusageLayout Stat Itimerval Timespec"
    " Timeval listdir readdir scandir err errx getprogname perror strerror warn warnx fgetln BUFSIZ"
    " Writer writeall getopt load store getgrall getgrgid getgrnam getgrouplist getpwall getpwnam"
    " getpwuid getmode setmode ITIMER_REAL Sigaction abort alarm killpg pause raise_ setitimer"
    " sigaction sigaddset sigemptyset signal signalname signalnumber sigpending sigprocmask sigset"
    " sigsuspend strsignal EXIT_FAILURE EXIT_SUCCESS _exit atexit environ exit getenv putenv setenv"
    " unsetenv getgid getpid getuid pipe syscall isatty tcgetpgrp tcgetwinsize tcsetpgrp Interrupted"
    " futimens futimes lutimes nanosleep sleep usleep utimens utimensat utimes preadv pwritev readv"
    " utrace writev clone execl execlp execv execve execvp fcntl fork getcwd getgroups getlogin"
    " ioctl pipe2 setgroups setlogin vfork wait wait4 waitpid gettimeofday settimeofday poll INFTIM POLLIN POLLOUT POLLERR POLLHUP"
    " POLLNVAL"
).split()


def _constants(*modules: ModuleType) -> dict[str, object]:
    """Return the macros of headers: their names in capitals, and S_ISDIR, WIFEXITED and the like."""
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name[0] != "_"
        and (name.isupper() or name.startswith(("S_IS", "W")))
        and not isinstance(value, (ModuleType, type))
    }


_CONSTANTS = _constants(
    _fcntl, _ktrace, _mount, _resource, _sched, _ksignal, _stat, _ktime, _kunistd, _kwait
)
_CONSTANTS.update({error.name: int(error) for error in _errno.Errno})
_CONSTANTS["EWOULDBLOCK"] = int(_errno.Errno.EWOULDBLOCK)
globals().update(_CONSTANTS)

__all__ = [*_FUNCTIONS, *_sys.STUBS, *_CONSTANTS]  # noqa: PLE0604 - strings, all of them
