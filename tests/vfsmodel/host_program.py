# SPDX-License-Identifier: BSD-2-Clause
"""A process of the host that makes the calls it is told; run by host.py, as another user.

It keeps the right to become the super-user again, for what is done between the
calls: giving new files the group that NetBSD gives them.
"""

import ctypes
import errno
import marshal
import os
import stat
import struct
import sys
from contextlib import suppress

_libc = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD = -100
_AT_NOFOLLOW = 0x100
_FIRST = 3
_NAMES = {**errno.errorcode, errno.EOPNOTSUPP: "EOPNOTSUPP", errno.EAGAIN: "EAGAIN"}


class Program:
    """The calls, with the descriptors of the model's process."""

    def __init__(self, uid, gid, groups):
        self.uid = uid
        if os.geteuid() == 0:
            os.setgroups(groups)
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, 0)
        self.fds = {}

    def fd(self, fd):
        if fd not in self.fds:
            raise OSError(errno.EBADF, "")
        return self.fds[fd]

    def at(self, at):
        return None if at is None else self.fd(at)

    def install(self, fd, to=None):
        if to is None:
            to = _FIRST
            while to in self.fds:
                to += 1
        self.fds[to] = fd
        return to

    def call(self, name, *args):
        try:
            return "ok", getattr(self, name)(*args)
        except OSError as exc:
            return _NAMES[exc.errno], None

    def begin(self, base):
        os.chdir(base)
        os.umask(0o022)

    def end(self):
        for fd in self.fds.values():
            os.close(fd)
        self.fds.clear()
        os.chdir("/")

    def regroup(self, at, path, gid, bits, fd):
        """Give what has just been made the group of its directory, and these set-id bits."""
        mighty = os.getresuid()[2] == 0  # if not, it is the owner's to do
        if mighty:
            os.seteuid(0)
        try:
            if fd is not None:
                mode = os.fstat(self.fds[fd]).st_mode & 0o777 | bits
                os.fchown(self.fds[fd], -1, gid)
                os.fchmod(self.fds[fd], mode)
                return
            path, at = path.rstrip(b"/"), self.at(at)
            made = os.stat(path, dir_fd=at, follow_symlinks=False)
            os.chown(path, -1, gid, dir_fd=at, follow_symlinks=False)
            if not stat.S_ISLNK(made.st_mode):
                os.chmod(path, made.st_mode & 0o777 | bits, dir_fd=at)
        finally:
            if mighty:
                os.seteuid(self.uid)

    def open(self, at, path, flags, mode):
        at = self.at(at)
        if flags & os.O_ACCMODE == os.O_ACCMODE:
            raise OSError(errno.EINVAL, "")  # on Linux it opens for ioctl(2) only
        if flags & os.O_CREAT and flags & os.O_DIRECTORY:
            raise OSError(errno.EINVAL, "")  # so it is from Linux 6.4 on
        return self.install(os.open(path, flags | os.O_NONBLOCK, mode, dir_fd=at))

    def close(self, fd):
        os.close(self.fd(fd))
        del self.fds[fd]

    def dup(self, fd):
        return self.install(os.dup(self.fd(fd)))

    def dup2(self, fd, to):
        source = self.fd(fd)
        if fd != to:
            copy = os.dup(source)
            with suppress(OSError):
                self.close(to)
            self.install(copy, to)
        return to

    def read(self, fd, count):
        return os.read(self.fd(fd), count)

    def write(self, fd, data):
        return os.write(self.fd(fd), data)

    def pread(self, fd, count, offset):
        return os.pread(self.fd(fd), count, offset)

    def pwrite(self, fd, data, offset):
        return os.pwrite(self.fd(fd), data, offset)

    def lseek(self, fd, offset, whence):
        return os.lseek(self.fd(fd), offset, whence)

    def ftruncate(self, fd, size):
        os.ftruncate(self.fd(fd), size)

    def truncate(self, path, size):
        os.truncate(path, size)

    def mkdir(self, at, path, mode):
        os.mkdir(path, mode, dir_fd=self.at(at))

    def mkfifo(self, at, path, mode):
        os.mkfifo(path, mode, dir_fd=self.at(at))

    def mknod(self, at, path, mode, dev):
        os.mknod(path, mode, dev, dir_fd=self.at(at))

    def symlink(self, target, at, path):
        os.symlink(target, path, dir_fd=self.at(at))

    def readlink(self, at, path):
        return os.readlink(path, dir_fd=self.at(at))

    def link(self, at, old, at2, new, follow):
        src = _AT_FDCWD if at is None else self.fd(at)
        dst = _AT_FDCWD if at2 is None else self.fd(at2)
        _check(_libc.linkat(src, old, dst, new, 0x400 if follow else 0))

    def unlink(self, at, path, removedir):
        (os.rmdir if removedir else os.unlink)(path, dir_fd=self.at(at))

    def rename(self, at, old, at2, new):
        src, dst = self.at(at), self.at(at2)
        os.rename(old, new, src_dir_fd=src, dst_dir_fd=dst)

    def chmod(self, at, path, mode, follow):
        at = self.at(at)
        if not follow and stat.S_ISLNK(os.stat(path, dir_fd=at, follow_symlinks=False).st_mode):
            raise OSError(errno.EOPNOTSUPP, "")
        os.chmod(path, mode, dir_fd=at)

    def fchmod(self, fd, mode):
        os.fchmod(self.fd(fd), mode)

    def chown(self, at, path, uid, gid, follow):
        os.chown(path, uid, gid, dir_fd=self.at(at), follow_symlinks=follow)

    def fchown(self, fd, uid, gid):
        os.fchown(self.fd(fd), uid, gid)

    def utimens(self, at, path, times, follow):
        at = _AT_FDCWD if at is None else self.fd(at)
        _check(_libc.utimensat(at, path, _times(times), 0 if follow else _AT_NOFOLLOW))

    def futimens(self, fd, times):
        _check(_libc.futimens(self.fd(fd), _times(times)))

    def stat(self, at, path, follow):
        return _told(os.stat(path, dir_fd=self.at(at), follow_symlinks=follow))

    def fstat(self, fd):
        return _told(os.fstat(self.fd(fd)))

    def access(self, at, path, mode):
        at = _AT_FDCWD if at is None else self.fd(at)
        _check(_libc.faccessat(at, path, mode, 0))

    def chdir(self, path):
        os.chdir(path)

    def fchdir(self, fd):
        os.fchdir(self.fd(fd))

    def umask(self, mask):
        return os.umask(mask)

    def listdir(self, at, path):
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NONBLOCK, dir_fd=self.at(at))
        try:
            return _names(fd)
        finally:
            os.close(fd)

    def entries(self, fd):
        fd = self.fd(fd)
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.ENOTDIR, "")
        return _names(fd)


def _check(result):
    if result:
        raise OSError(ctypes.get_errno(), "")


def _times(times):
    """Linux has NetBSD's UTIME_NOW and UTIME_OMIT."""
    return None if times is None else struct.pack("4q", *times[0], *times[1])


def _told(st):
    """What must agree: mode, links, owner, group, size but of directories, contents of none."""
    size = st.st_size if stat.S_ISREG(st.st_mode) or stat.S_ISLNK(st.st_mode) else None
    return st.st_mode, st.st_nlink, st.st_uid, st.st_gid, size


def _names(fd):
    return sorted(os.fsencode(name) for name in os.listdir(fd))


def main():
    """Answer until there is no more to answer."""
    uid, gid, *groups = map(int, sys.argv[1:])
    program = Program(uid, gid, groups)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            name, args = marshal.load(stdin)
        except EOFError:
            return
        marshal.dump(program.call(name, *args), stdout)
        stdout.flush()


main()
