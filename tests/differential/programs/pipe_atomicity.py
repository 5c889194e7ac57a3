# SPDX-License-Identifier: BSD-2-Clause
"""Writes of up to PIPE_BUF bytes are not mixed, whoever writes; full pipes say EAGAIN."""

import errno
import os
import select
import signal

rfd, wfd = os.pipe()
SIZE = 512
writers = []
for n in range(6):
    pid = os.fork()
    if pid == 0:
        os.close(rfd)
        for _ in range(40):
            os.write(wfd, bytes([65 + n]) * SIZE)
        os._exit(0)
    writers.append(pid)
os.close(wfd)
data = b""
while piece := os.read(rfd, 7000):
    data += piece
print(len(data) == 6 * 40 * SIZE)
blocks = [data[at : at + SIZE] for at in range(0, len(data), SIZE)]
print(all(len(set(block)) == 1 for block in blocks))
print([sum(block[0] == 65 + n for block in blocks) for n in range(6)])
for pid in writers:
    os.waitpid(pid, 0)

rfd, wfd = os.pipe()
os.set_blocking(wfd, False)
os.set_blocking(rfd, False)
try:
    os.read(rfd, 1)
except BlockingIOError as exc:
    print(errno.errorcode[exc.errno])
total = 0
while True:
    try:
        total += os.write(wfd, b"x" * SIZE)
    except BlockingIOError:
        break
print(total > 4096, total % SIZE)
print(select.select([rfd], [wfd], [], 0) == ([rfd], [], []))
got = 0
while True:
    try:
        got += len(os.read(rfd, 1 << 20))
    except BlockingIOError:
        break
print(got == total)
print(select.select([rfd], [wfd], [], 0) == ([], [wfd], []))
part = os.write(wfd, b"y" * (1 << 20))  # as much as goes in
print(0 < part < 1 << 20)
os.close(rfd)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
try:
    os.write(wfd, b"z")
except BrokenPipeError as exc:
    print(type(exc).__name__)
