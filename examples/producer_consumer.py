# SPDX-License-Identifier: BSD-2-Clause
"""A fast producer and a slow consumer share a pipe: its buffer is what paces them.

    python -m kernel run --ktrace ktrace.out --points +w examples/producer_consumer.py

In its trace, in this order:

    RET   pipe2 0
    GIO   fd 4 wrote 4088 bytes        one write of 40,000 bytes: records of a page at most
    RET   write 40000                  the pipe holds 65,536, so this one does not wait
    CALL  write(4,                     but the next is more than fits:
    CSW   stop kernel                  the producer sleeps inside write(2) ...
    RET   fork 0                       ... and the consumer has its turn
    CALL  clock_nanosleep(             it takes its time
    CSW   resume kernel
    RET   write 40000                  when all has gone in, long after the first of it was read
    RET   read 0                       the end: the producer has closed its end
"""

import os
import time

ITEMS = 3
SIZE = 40_000  # a pipe holds 65,536


def produce(fd: int) -> None:
    """Write ITEMS blocks."""
    for item in range(ITEMS):
        os.write(fd, bytes([ord("a") + item]) * SIZE)


def consume(fd: int) -> None:
    """Read all there is, a little at a time."""
    total = 0
    while data := os.read(fd, 8192):
        total += len(data)
        time.sleep(0.01)
    print(f"consumer: {total} bytes in all")


reader, writer = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(writer)
    consume(reader)
    os._exit(0)
os.close(reader)
produce(writer)
os.close(writer)
os.waitpid(pid, 0)
print(f"producer: {ITEMS} blocks of {SIZE} bytes")
