# SPDX-License-Identifier: BSD-2-Clause
"""Print a trace's calls: miniktruss.py [-c] -f FILE, or of a command: [-c] COMMAND [ARG ...]."""

import errno
import os
import struct
import sys
from collections import Counter

from kernel.sys.syscall import SYSCALLS
from userland.libc import (
    KTRFAC_INHERIT,
    KTRFAC_NAMEI,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
    KTRFAC_VER_SHIFT,
    KTROP_SET,
    fktrace,
)

HEADER = struct.Struct("<iiI20sqqi4x")
CALL, RET, NAMI = 1, 2, 3
JUSTRETURN = -2
POINTS = KTRFAC_SYSCALL | KTRFAC_SYSRET | KTRFAC_NAMEI | KTRFAC_INHERIT | 2 << KTRFAC_VER_SHIFT


class Torn(Exception):
    """The trace ends in the midst of a record."""


class Call:
    """A call; of a fork that its process has not made there is only the return."""

    def __init__(self, pid, code, args, made=True):
        self.pid, self.name, self.args = pid, SYSCALLS[code].name, args
        self.made = made
        self.paths = []

    def show(self, result):
        words = [f"{self.pid} {self.name}({', '.join(map(hex, self.args))}) = {result}"]
        print(*words, *(f'"{path}"' for path in self.paths), flush=True)


def whole(fd, size):
    """Read exactly size bytes; fewer only at the end."""
    data = b""
    while len(data) < size and (piece := os.read(fd, size - len(data))):
        data += piece
    return data


def records(fd):
    """Yield type, pid and payload of each record."""
    while head := whole(fd, HEADER.size):
        if len(head) < HEADER.size:
            raise Torn
        length, kind, pid, *_ = HEADER.unpack(head)
        payload = whole(fd, length)
        if len(payload) < length:
            raise Torn
        yield kind & 0xFFFF, pid, payload


def calls(fd):
    """Yield each call and its result, "?" for those that have not returned."""
    pending, torn = {}, None
    try:
        for kind, pid, payload in records(fd):
            if kind == CALL:
                code, size = struct.unpack_from("<ii", payload)
                pending[pid] = Call(pid, code, struct.unpack_from(f"<{size // 8}Q", payload, 8))
            elif kind == NAMI and pid in pending:
                pending[pid].paths.append(payload.decode())
            elif kind == RET:
                code, _, error, value, _ = struct.unpack("<hhiqq", payload)
                call = pending.pop(pid, None) or Call(pid, code, (), made=False)
                if error == JUSTRETURN:
                    value = 0
                yield call, f"-1 {errno.errorcode[error]}" if error > 0 else str(value)
    except Torn as exc:
        torn = exc
    for call in pending.values():
        yield call, "?"
    if torn:
        raise torn


def traced(argv):
    """Run a command; return the descriptor that its trace comes from."""
    source, sink = os.pipe()
    if os.fork() == 0:
        os.close(source)
        fktrace(sink, KTROP_SET, POINTS, os.getpid())
        try:
            os.execvp(argv[0], argv)
        except OSError as exc:
            sys.exit(f"miniktruss: {argv[0]}: {exc.strerror}")
    os.close(sink)
    return source


def main(argv):
    counting = argv[:1] == ["-c"]
    if counting:
        argv = argv[1:]
    fd = os.open(argv[1], os.O_RDONLY) if argv[0] == "-f" else traced(argv)
    counts, errors = Counter(), Counter()
    status = 0
    try:
        for call, result in calls(fd):
            if call.made:
                counts[call.name] += 1
                errors[call.name] += result.startswith("-1 ")
            if not counting:
                call.show(result)
    except Torn:
        print("miniktruss: the trace ends in the midst of a record", file=sys.stderr)
        status = 1
    if counting:
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(count, errors[name], name)
    return status


sys.exit(main(sys.argv[1:]))
