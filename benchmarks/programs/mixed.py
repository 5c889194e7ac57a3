# SPDX-License-Identifier: BSD-2-Clause
"""About 100,000 calls of ten kinds, as a program makes them: argv[1] rounds of ten calls.

The same on the host: it uses os alone.
"""

import os
import sys

PATH = "mixed.data"
LINE = b"a line of text, and another word or two\n"

os.chdir("/tmp")
fd = os.open(PATH, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
for _ in range(int(sys.argv[1])):
    os.getppid()
    os.lseek(fd, 0, os.SEEK_SET)
    os.write(fd, LINE)
    os.lseek(fd, 0, os.SEEK_SET)
    os.read(fd, 100)
    os.fstat(fd)
    os.stat(PATH)
    other = os.dup(fd)
    os.close(other)
    os.getuid()
os.close(fd)
os.unlink(PATH)
