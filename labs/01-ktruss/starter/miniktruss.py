# SPDX-License-Identifier: BSD-2-Clause
"""Print a trace's calls: miniktruss.py [-c] -f FILE, or of a command: [-c] COMMAND [ARG ...]."""

import errno
import os
import struct
import sys

from kernel.sys.syscall import SYSCALLS

HEADER = struct.Struct("<iiI20sqqi4x")  # ktr_len, type and version, pid, name, seconds, ns, LWP


def records(fd):
    """Yield type, pid and payload of each record of the trace that can be read from fd."""
    # Yours.
    return []


for kind, pid, payload in records(os.open(sys.argv[2], os.O_RDONLY)):
    print(kind, pid, len(payload))
