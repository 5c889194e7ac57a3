# SPDX-License-Identifier: BSD-2-Clause
"""os on this system's calls answers as os does on the host."""

import os
from collections.abc import Callable

import pytest

from kernel.api import Result

PROGRAMS = {
    "open": "fd = os.open('f', os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)\n"
    "print(os.write(fd, b'abcdef'), os.lseek(fd, 1, os.SEEK_SET), os.read(fd, 3), os.pread(fd, 2, 4),"
    " os.pwrite(fd, b'X', 0), os.fstat(fd).st_size)\nos.ftruncate(fd, 2)\nos.fsync(fd)\n"
    "print(os.get_inheritable(fd), os.get_blocking(fd), os.isatty(fd))\n"
    "os.set_inheritable(fd, True)\nos.set_blocking(fd, False)\nprint(os.get_inheritable(fd),"
    " os.get_blocking(fd))\nos.close(fd)",
    "vectors": "fd = os.open('f', os.O_RDWR | os.O_CREAT)\nprint(os.writev(fd, [b'ab', b'cd']))\n"
    "a, b = bytearray(1), bytearray(9)\nos.lseek(fd, 0, 0)\nprint(os.readv(fd, [a, b]), a, b)\n"
    "print(os.preadv(fd, [a], 2), a, os.pwritev(fd, [b'z'], 3), os.pread(fd, 9, 0))",
    "dup": "fd = os.open('f', os.O_RDWR | os.O_CREAT)\ng = os.dup(fd)\nos.dup2(fd, 20)\n"
    "os.write(g, b'x')\nos.write(20, b'y')\nprint(os.stat('f').st_size, os.get_inheritable(g),"
    " os.get_inheritable(20))\nos.closerange(3, 30)\nos.fstat(20)",
    "closerange": "a, b, c = os.dup(0), os.dup(0), os.dup(0)\nos.closerange(b, 1 << 30)\n"
    "for fd in (a, b, c):\n    try:\n        os.fstat(fd)\n        print('open')\n"
    "    except OSError as e:\n        print(e)\nos.closerange(b, b + 2)",
    "times": "print(all(abs(x * 100 - round(x * 100)) < 1e-5 for x in os.times()), len(os.times()))\n"
    "try:\n    pid = os.posix_spawn('/bin/sh', ['sh', '-c', 'exit 3'], None)\nexcept TypeError as e:\n"
    "    print(e)\nelse:\n    print(os.waitpid(pid, 0)[1])",
    "stat": "open('f', 'w').write('abc')\nos.utime('f', ns=(10**9 + 5, 2 * 10**9 + 7))\n"
    "s = os.stat('f')\nprint(s.st_size, s.st_atime_ns, s.st_mtime, s[8], stat.S_ISREG(s.st_mode),"
    " s.st_nlink, len(s), stat.filemode(s.st_mode))\nos.symlink('f', 'l')\n"
    "print(stat.S_ISLNK(os.lstat('l').st_mode), os.stat('l').st_ino == s.st_ino)",
    "modes": "os.umask(0o27)\nopen('f', 'w').close()\nos.mkdir('d', 0o777)\nprint(oct(os.stat('f')"
    ".st_mode), oct(os.stat('d').st_mode))\nos.chmod('f', 0o4711)\nprint(oct(os.stat('f').st_mode),"
    " os.access('f', os.X_OK), os.access('g', os.F_OK), oct(os.umask(0)))",
    "names": "os.mkdir('a')\nopen('a/f', 'w').close()\nos.link('a/f', 'g')\nos.rename('g', 'a/h')\n"
    "os.replace('a/f', 'a/h2')\nprint(sorted(os.listdir('a')), os.stat('a/h').st_nlink)\n"
    "os.symlink('a', 's')\nprint(os.readlink('s'), os.readlink(b's'), os.path.realpath('s') =="
    " os.path.realpath('a'))\nos.unlink('s')\nos.remove('a/h')\nos.unlink('a/h2')\nos.rmdir('a')\n"
    "print(sorted(os.listdir()))",
    "dir_fd": "os.makedirs('d/e')\nfd = os.open('d', os.O_RDONLY)\n"
    "os.close(os.open('f', os.O_CREAT | os.O_WRONLY, dir_fd=fd))\nos.mkdir('g', dir_fd=fd)\n"
    "os.symlink('f', 'l', dir_fd=fd)\nos.rename('f', 'h', src_dir_fd=fd, dst_dir_fd=fd)\n"
    "print(os.readlink('l', dir_fd=fd), os.stat('h', dir_fd=fd).st_size, os.access('l', 0, dir_fd=fd))\n"
    "print(sorted(os.listdir(fd)), sorted(e.name for e in os.scandir(fd) if e.is_dir()))\n"
    "os.rmdir('g', dir_fd=fd)\nos.unlink('h', dir_fd=fd)\nos.fchdir(fd)\nprint(sorted(os.listdir()))",
    "scandir": "os.mkdir('d')\nopen('f', 'w').close()\nos.symlink('d', 'l')\n"
    "with os.scandir() as it:\n    for e in sorted(it, key=lambda e: e.name):\n"
    "        print(e, e.path, e.is_dir(), e.is_dir(follow_symlinks=False), e.is_file(), e.is_symlink(),"
    " e.inode() == e.stat(follow_symlinks=False).st_ino, os.fspath(e))\n"
    "print([e.path for e in os.scandir(b'.') if e.name == b'f'])",
    "walk": "os.makedirs('a/b')\nopen('a/b/f', 'w').close()\nprint([(d, n, sorted(f)) for d, n, f in os.walk('.')])\n"
    "print([(d, n, sorted(f)) for d, n, f, _ in os.fwalk('.')])\nos.removedirs('x') if os.path.exists('x')"
    " else os.renames('a/b/f', 'c/f')\nprint(os.path.isdir('a'), os.listdir('c'))",
    "cwd": "os.mkdir('d')\nhome = os.getcwd()\nos.chdir('d')\nprint(os.getcwd() == home + '/d',"
    " os.getcwdb() == os.fsencode(os.getcwd()), os.path.abspath('x') == home + '/d/x')",
    "errors": "for f in (lambda: os.open('no', 0), lambda: os.mkdir('.'), lambda: os.rmdir('no'),\n"
    "  lambda: os.listdir('no'), lambda: os.rename('no', 'x'), lambda: os.close(99),\n"
    "  lambda: os.stat('/dev/null/x'), lambda: os.link('no', 'x'), lambda: os.kill(99999999, 0),\n"
    "  lambda: os.waitpid(-1, 0), lambda: os.read(99, 1), lambda: os.chdir('no'),\n"
    "  lambda: os.stat('a\\0b'), lambda: os.open(1.5, 0), lambda: os.scandir('no'),\n"
    "  lambda: os.scandir(os.open('f', os.O_CREAT))):\n"
    "    try:\n        f()\n    except OSError as e:\n"
    "        print(type(e).__name__, e, getattr(e, 'filename', 0), getattr(e, 'filename2', 0))\n"
    "    except (TypeError, ValueError) as e:\n        print(type(e))",
    "truncate": "open('f', 'w').write('abcdef')\nos.truncate('f', 3)\nprint(open('f').read())",
    "wait": "pid = os.fork()\nif not pid:\n    os._exit(3)\np, s = os.wait()\nprint(p == pid,"
    " os.WIFEXITED(s), os.WEXITSTATUS(s), os.WIFSIGNALED(s))\npid = os.fork()\nif not pid:\n"
    "    os.kill(os.getpid(), 9)\np, s, r = os.wait4(pid, 0)\nprint(os.WIFSIGNALED(s), os.WTERMSIG(s),"
    " os.WCOREDUMP(s), os.waitstatus_to_exitcode(s))",
    "ids": "print(os.getuid() == os.geteuid(), os.getgid() == os.getegid(), os.getpgrp() =="
    " os.getpgid(0), os.getsid(0) > 0, os.getppid() != os.getpid())",
    "fork hooks": "os.register_at_fork(before=lambda: print('before'), after_in_child=lambda:"
    " print('child', flush=True), after_in_parent=lambda: print('parent'))\n"
    "import sys\nsys.stdout.flush()\nif not os.fork():\n    os._exit(0)\nos.wait()",
    "environment": "os.putenv('A', 'b')\nprint(os.environ.get('A'))\nos.environ['C'] = 'd'\n"
    "os.execv('/bin/sh', ['sh', '-c', 'echo $A $C'])",
    "paths": "from pathlib import Path\nprint(os.stat(Path('/')).st_mode == os.stat(b'/').st_mode,"
    " os.fsencode('\\udcff'), os.fspath(Path('a')))\nopen(b'\\xff', 'w').close()\n"
    "print(sorted(os.listdir()), sorted(os.listdir(b'.')))",
    "terminal": "import sys\ntry:\n    os.get_terminal_size(os.open('/dev/null', 0))\n"
    "except OSError as e:\n    print(e.strerror)",
    "exports": "print([n for n in ('Path', 'Any', 'Callable', 'annotations') if hasattr(os, n)])",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_same_as_os(name: str, same: Callable[[str], None]) -> None:
    """What os gives, raises and leaves behind is what it does on the host."""
    same("import os, stat\n" + PROGRAMS[name])


def test_numbers_are_netbsds(run: Callable[..., Result]) -> None:
    """errno and signal have NetBSD's numbers, and OSError's subclasses follow them."""
    result = run(
        "import errno, os, signal\n"
        "print(errno.EAGAIN, errno.errorcode[35], int(signal.SIGUSR1), os.strerror(35))\n"
        "r, w = os.pipe()\nos.set_blocking(r, False)\n"
        "try:\n    os.read(r, 1)\nexcept BlockingIOError as e:\n    print(e.errno)\n"
    )
    assert result.stdout == b"35 EAGAIN 30 Resource temporarily unavailable\n35\n"


def test_uname_is_this_system(run: Callable[..., Result]) -> None:
    """os.uname and platform tell of the emulated system, not of the host."""
    result = run("import os, sys\nprint(os.uname().sysname, sys.platform, os.cpu_count())\n")
    assert result.stdout == b"NetBSD netbsd10 1\n"


def test_whiteouts_are_files_of_a_kind(run: Callable[..., Result]) -> None:
    """stat knows NetBSD's whiteouts, which Linux has not."""
    result = run(
        "import stat\nprint(oct(stat.S_IFWHT), stat.S_ISWHT(0o160644), stat.S_ISREG(0o160644),"
        " stat.filemode(0o100644))\n"
    )
    assert result.stdout == b"0o160000 True False -rw-r--r--\n"


# What Python has on NetBSD only, or since 3.13.
_ELSEWHERE = {
    "chflags", "lchmod", "lchflags", "posix_openpt", "grantpt", "unlockpt", "ptsname",
}  # fmt: skip


def test_every_name_is_kept(run: Callable[..., Result]) -> None:
    """What a program finds in os under a name of the host's posix is of the same kind."""
    result = run("import os\nprint(*sorted(n for n in dir(os) if callable(getattr(os, n))))\n")
    names = result.stdout.decode().split()
    assert [n for n in names if n not in dir(os) and n not in _ELSEWHERE] == []
