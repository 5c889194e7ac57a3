# SPDX-License-Identifier: BSD-2-Clause
"""mmap objects over files and without: slices, methods, what is refused, and who sees what."""

import mmap
import os

PAGE = mmap.PAGESIZE
fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o600)
os.write(fd, b"first line\nsecond\n" + bytes(PAGE))


def attempt(what, *args, **kwargs):
    try:
        print(what.__name__, what(*args, **kwargs))
    except (OSError, ValueError, TypeError, IndexError, OverflowError) as exc:
        print(
            what.__name__, type(exc).__name__, exc if not isinstance(exc, OSError) else exc.strerror
        )


with mmap.mmap(fd, 0) as m:
    print(len(m), m.size(), m.tell(), m[0], m[:5], m[5:0:-2], m[-3:], m.closed)
    print(m.readline(), m.readline(), m.tell(), m.read(3), m.read_byte(), m.tell())
    m.seek(6)
    print(m.find(b"n"), m.rfind(b"n"), m.find(b"zz"), m.find(b"e", 0), m.find(b"e", 12, 13))
    m[0:5] = b"FIRST"
    m[6] = ord("L")
    m[11:17:2] = b"SCN"
    print(os.pread(fd, 18, 0))
    os.pwrite(fd, b"<file>", 11)
    print(m[:18])
    m.seek(0)
    print(m.write(b"write"), m.tell())
    m.write_byte(ord("!"))
    m.seek(-2, 2)
    attempt(m.write, b"too much")
    m.move(0, 11, 6)
    print(m[:18], m.flush())
    attempt(m.seek, -1)
    attempt(m.seek, len(m) + 1)
    attempt(m.__getitem__, len(m))
    attempt(m.__setitem__, slice(0, 3), b"four")
    attempt(m.__setitem__, 0, 256)
    attempt(m.flush, 0, len(m) + 1)
    attempt(m.move, 0, len(m) - 1, 2)
attempt(m.read)
attempt(len, m)
print(repr(m))
attempt(mmap.mmap, fd, 10 * PAGE)
attempt(mmap.mmap, fd, 0, offset=PAGE * 5)
attempt(mmap.mmap, fd, -1)
attempt(mmap.mmap, 99, 10)
attempt(mmap.mmap, -1, 0)
attempt(mmap.mmap, fd, 10, access=9)
attempt(mmap.mmap, fd, 10, prot=mmap.PROT_READ, access=mmap.ACCESS_READ)
with mmap.mmap(fd, 10, access=mmap.ACCESS_READ) as m:
    attempt(m.__setitem__, 0, 1)
    attempt(m.write, b"x")
    attempt(m.resize, 5)
    print(m[:], b"f" in m, m[0] in m[:3])
with mmap.mmap(fd, 10, access=mmap.ACCESS_COPY) as m:
    m[0:4] = b"mine"
    print(m[:6], os.pread(fd, 6, 0))
with mmap.mmap(fd, PAGE) as m:
    m.resize(2 * PAGE)
    m[-1] = 7
    print(len(m), os.fstat(fd).st_size, os.pread(fd, 1, 2 * PAGE - 1))
shared = mmap.mmap(-1, PAGE)
private = mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE)
shared[0], private[0] = 1, 1
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        shared[0] += 1
        private[0] += 1
        os._exit(private[0])
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shared[0], private[0])
readonly = os.open("f", os.O_RDONLY)
attempt(mmap.mmap, readonly, 10)
print(mmap.mmap(readonly, 4, access=mmap.ACCESS_READ)[:])
os.close(fd)
os.unlink("f")
