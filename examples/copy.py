# SPDX-License-Identifier: BSD-2-Clause
"""Copy a file as cp(1) does, in the lab's style: one Python line a system call.

    python -m kernel run --ktrace ktrace.out examples/copy.py

In its trace, in this order:

    NAMI  "/etc/passwd"
    CALL  read(3,                      a read of 64 bytes ...
    GIO   fd 3 read 64 bytes           ... the bytes, once they are in user memory
    CALL  write(4,
    GIO   fd 4 wrote 64 bytes
    RET   read 0                       the end of the file: no GIO record, nothing moved
    CALL  rename(                      the copy gets its name when it is whole
    NAMI  "passwd.copy"                two paths, two records
"""

import sys

from userland.libc import *

BUFSIZ = 64


def copy(source: str, target: str) -> int:
    """Copy source to target; return the bytes copied."""
    done = 0
    in_fd = open(source, O_RDONLY)
    out_fd = open(target + ".new", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    while data := read(in_fd, BUFSIZ):
        while data:
            sent = write(out_fd, data)
            data = data[sent:]
            done += sent
    close(in_fd)
    close(out_fd)
    rename(target + ".new", target)
    return done


source = sys.argv[1] if len(sys.argv) > 1 else "/etc/passwd"
target = sys.argv[2] if len(sys.argv) > 2 else "passwd.copy"
print(f"{source} -> {target}: {copy(source, target)} bytes")
print("links:", stat(target).st_nlink, "size:", stat(target).st_size)
