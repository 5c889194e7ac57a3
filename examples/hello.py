# SPDX-License-Identifier: BSD-2-Clause
"""Say hello, keep a note of it in a file, and read the note back.

An ordinary script: nothing in it knows of the kernel it runs on.

    python -m kernel run --ktrace ktrace.out examples/hello.py
    python -m kernel kdump

In its trace, in this order:

    CALL  write(1,                     print() ends in write(2) ...
    GIO   fd 1 wrote 14 bytes          ... whose bytes are recorded once they have moved
    RET   write 14/0xe
    NAMI  "/tmp/note"                  a path, as given, before it is looked up
    CALL  exit(0)                      the last record: no call returns from here
"""

import os

print("Hello, world!", flush=True)  # or it would leave with the rest, at the end

with open("/tmp/note", "w") as note:
    note.write(f"pid {os.getpid()} was here\n")

with open("/tmp/note") as note:
    print("the note says:", note.read(), end="")
