# SPDX-License-Identifier: BSD-2-Clause
"""Make the new call: python -m kernel run --modload mylab8 mylab8/try.py."""

import os

from userland.libc import MAP_ANON, MAP_PRIVATE, PROT_READ, PROT_WRITE, load, mmap, store, syscall

NUMBER = 500
page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_ANON | MAP_PRIVATE, -1, 0)
store(page, b"another\0")
size = syscall(NUMBER, 0, page, page + 100, 32)
print("pid", os.getpid(), "was called", load(page + 100, size).decode())
