# SPDX-License-Identifier: BSD-2-Clause
"""Put marks of one's own into the trace with utrace(2), and trace oneself with ktrace(2).

    python -m kernel run --ktrace ktrace.out examples/utrace_user.py

In its trace, in this order:

    CALL  utrace(
    MISC  phase: 5                     a label, and data of the program's choice
    MISC  number                       the numbers 1, 2, 3 as a C program would pass a struct
    MISC  : 4                          a label too long for its 20 bytes becomes empty, not cut
    RET   utrace -1 errno 22 Invalid argument

The second half lets a child trace itself to /tmp/own.out, and becomes kdump to print that. It
begins with `RET   ktrace 0` only if the child was traced before, as above: without --ktrace it had
entered the kernel untraced, and left it so.
"""

import struct

from userland.libc import *

RECORD = struct.Struct("<iH2xi")

utrace("phase", b"begin")
for number in (1, 2, 3):
    utrace("number", RECORD.pack(number, number * number, -number))
utrace("a label of more than twenty bytes", b"gone")
try:
    utrace("long", bytes(4096))
except OSError as exc:
    write(1, f"utrace: {exc.strerror}\n".encode())

if fork() == 0:
    close(open("/tmp/own.out", O_WRONLY | O_CREAT | O_TRUNC, 0o600))
    ktrace("/tmp/own.out", KTROP_SET, KTRFAC_SYSCALL | KTRFAC_SYSRET | KTRFAC_USER, getpid())
    utrace("inside", b"")
    _exit(0)
wait()

execve("/usr/bin/kdump", ["kdump", "-f", "/tmp/own.out"], {})
