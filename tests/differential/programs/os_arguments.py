# SPDX-License-Identifier: BSD-2-Clause
"""What os makes of arguments that are no paths, descriptors, numbers, ids or environments."""

import os
import warnings

warnings.simplefilter("ignore")


class Path:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


class Index:
    def __index__(self):
        return 1 << 40


def attempt(function, *args, **kwargs):
    try:
        value = function(*args, **kwargs)
    except (TypeError, ValueError, ArithmeticError, AttributeError, BufferError) as exc:
        print(type(exc).__name__, exc)
    except OSError as exc:
        print(type(exc).__name__, exc.strerror, repr(exc.filename), repr(exc.filename2))
    else:
        print(type(value).__name__)


fd = os.open("file", os.O_CREAT | os.O_RDWR)
for path in (1.5, None, True, [], Path("no"), Path(b"no"), Path(3), "a\0b"[:1], b"a\0b", 1 << 40):
    attempt(os.lstat, path)
    attempt(os.rename, path, "x/y")
    attempt(os.mkdir, path) if path not in ("a", True) else None
    attempt(os.scandir, path) if path is not None and not isinstance(path, int) else None
for wrong in ("a", 1.5, None, 1 << 40, -1 << 40, Index()):
    attempt(os.stat, "no", dir_fd=wrong)
    attempt(os.fsync, wrong)
    attempt(os.close, wrong)
    attempt(os.chmod, "no", wrong)
    attempt(os.setuid, wrong)
    attempt(os.chown, "no", 1, wrong)
    attempt(os.kill, wrong, 0)
    attempt(os.truncate, "no", wrong)
    attempt(os.lseek, wrong, 0, 0)
    attempt(os.WEXITSTATUS, wrong)
attempt(os.lseek, fd, 1 << 70, 0)
attempt(os.fsync, -1)
attempt(os.stat, fd, dir_fd=fd)
attempt(os.stat, fd, follow_symlinks=False)
attempt(os.chown, fd, -1, -1, dir_fd=fd)
attempt(os.read, fd, -1)
attempt(os.read, fd, 1 << 80)
attempt(os.write, fd, "text")
attempt(os.readv, fd, 1)
attempt(os.readv, fd, [b"constant"])
attempt(os.writev, fd, {})
attempt(os.utime, "file", 1)
attempt(os.utime, "file", (1, 2, 3))
attempt(os.utime, "file", ("a", 2.0))
attempt(os.utime, "file", (float("nan"), 2.0))
attempt(os.utime, "file", (1 << 70, 2))
attempt(os.utime, "file", ns=None)
attempt(os.utime, "file", ns=(1, 2.0))
attempt(os.utime, "file", (1, 2), ns=(1, 2))
attempt(os.sysconf, "SC_NO_SUCH")
attempt(os.sysconf, 1.0)
attempt(os.fpathconf, fd, "PC_NO_SUCH")
attempt(os.putenv, "a\0b", "c")
attempt(os.putenv, 1, "c")
attempt(os.putenv, "a=b", "c")
attempt(os.unsetenv, "")
attempt(os.unsetenv, "a=b")
attempt(os.system, 1)
attempt(os.execv, "/no", "a")
attempt(os.execv, "/no", [])
attempt(os.execv, "/no", [""])
attempt(os.execve, "/no", ["a"], 1)
attempt(os.execve, "/no", ["a"], {"a=b": "c", 1: 2})
attempt(os.execve, "/no", ["a"], {})
attempt(os.setgroups, 1)
attempt(os.setgroups, ["a"])
attempt(os.getgrouplist, 1, 2)
attempt(os.initgroups, "a", "b")
attempt(os.waitstatus_to_exitcode, 0x1337F)
attempt(os.register_at_fork, before=1)
attempt(os.register_at_fork)
attempt(os.dup2, fd, -1)
attempt(os.urandom, -1)
attempt(os.posix_spawn, "/no", [], {})
attempt(os.posix_spawn, "/no", ["a"], {}, file_actions=[(os.POSIX_SPAWN_OPEN,)])
attempt(os.posix_spawn, "/no", ["a"], {}, file_actions=[(os.POSIX_SPAWN_CLOSE, "a")])
attempt(os.posix_spawn, "/no", ["a"], {}, file_actions=[()])
attempt(os.posix_spawn, "/no", ["a"], {}, file_actions=[(99,)])
attempt(os.posix_spawn, "/no", ["a"], {}, setpgroup="a")
attempt(os.posix_spawn, "/no", ["a"], {}, scheduler=(0, 1))
attempt(os.posix_spawn, "/no", ["a"], {}, scheduler=(None, os.sched_param("a")))
attempt(os.sched_setparam, 0, 1)
attempt(os.DirEntry)
attempt(type(os.scandir("/")))
attempt(os.stat_result, (1, 2))
attempt(os.stat_result, 7)
result = os.stat_result(range(10))
attempt(setattr, result, "st_mode", 1)
attempt(setattr, result, "st_rdev", 1)
print(result, result.st_mtime, result.st_mtime_ns, result[:3], result == tuple(range(10)))
