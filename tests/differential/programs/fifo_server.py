# SPDX-License-Identifier: BSD-2-Clause
"""A server on a FIFO: each client asks on the common one, is answered on its own."""

import errno
import os

os.mkfifo("requests", 0o600)
clients = []
for n in range(4):
    pid = os.fork()
    if pid == 0:
        mine = f"answers{n}"
        os.mkfifo(mine)
        with open("requests", "w") as ask:
            print(f"{mine} {n}", file=ask)
        with open(mine) as answer:
            text = answer.read()
        os.unlink(mine)
        os._exit(0 if text == f"square {n * n}\n" else 1)
    clients.append(pid)
answered = []
while len(answered) < 4:
    with open("requests") as requests:
        for line in requests:
            where, number = line.split()
            with open(where, "w") as answer:
                print("square", int(number) ** 2, file=answer)
            answered.append(int(number))
print(sorted(answered))
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in clients])
print(os.listdir("."))
try:
    os.open("requests", os.O_WRONLY | os.O_NONBLOCK)
except OSError as exc:
    print(exc.errno == errno.ENXIO)
both = os.open("requests", os.O_RDWR)
print(os.write(both, b"self"), os.read(both, 10))
try:
    os.mkfifo("requests")
except FileExistsError as exc:
    print(exc.strerror)
