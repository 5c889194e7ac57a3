# SPDX-License-Identifier: BSD-2-Clause
"""Producers and consumers over pipes and a FIFO, of all sizes, some of them cut short."""

import os
import random
import signal
import sys
import time

rng = random.Random(int(sys.argv[1]))
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
for _ in range(6):
    reader, writer = os.pipe()
    size = rng.randrange(1, 200_000)
    stop = rng.randrange(size) if rng.random() < 0.3 else size
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            sent = 0
            while sent < size:
                sent += os.write(writer, bytes(min(size - sent, 5000)))
        except BrokenPipeError:
            os._exit(1)
        os._exit(0)
    os.close(writer)
    got = 0
    while got < stop and (data := os.read(reader, 7000)):
        got += len(data)
    os.close(reader)
    os.waitpid(pid, 0)
    assert got >= stop
    time.sleep(rng.random() * 3)
fifo = f"/tmp/fifo.{os.getpid()}"
os.mkfifo(fifo)
if os.fork() == 0:
    fd = os.open(fifo, os.O_WRONLY)
    os.write(fd, b"through a name")
    os._exit(0)
fd = os.open(fifo, os.O_RDONLY)
assert os.read(fd, 100) == b"through a name"
os.wait()
os.unlink(fifo)
