# SPDX-License-Identifier: BSD-2-Clause
"""A ring of processes hands a token around; a sieve of processes finds primes."""

import os

N = 6
pipes = [os.pipe() for _ in range(N)]
children = []
for n in range(1, N):
    pid = os.fork()
    if pid == 0:
        while (token := os.read(pipes[n][0], 4)) != b"stop":
            os.write(pipes[(n + 1) % N][1], b"%04d" % (int(token) + 1))
        os.write(pipes[(n + 1) % N][1], b"stop")
        os._exit(n)
    children.append(pid)
token = b"0000"
for _ in range(10):
    os.write(pipes[1][1], token)
    token = os.read(pipes[0][0], 4)
print(token)
os.write(pipes[1][1], b"stop")
print(os.read(pipes[0][0], 4), [os.waitpid(pid, 0)[1] >> 8 for pid in children])
for ends in pipes:
    os.close(ends[0])
    os.close(ends[1])

out_r, out_w = os.pipe()
first_r, first_w = os.pipe()


def sieve(source):
    """Tell the first number, pass on what it does not divide to the next of the chain."""
    data = os.read(source, 4)
    if not data:
        os._exit(0)
    prime = int(data)
    os.write(out_w, b"%d " % prime)
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(w)
        os.close(source)
        sieve(r)
    os.close(r)
    while data := os.read(source, 4):
        if int(data) % prime:
            os.write(w, data)
    os.close(w)
    os._exit(os.waitpid(pid, 0)[1] >> 8)


pid = os.fork()
if pid == 0:
    os.close(first_w)
    sieve(first_r)
os.close(first_r)
os.close(out_w)
for number in range(2, 40):
    os.write(first_w, b"%04d" % number)
os.close(first_w)
found = b""
while data := os.read(out_r, 100):
    found += data
print(found, os.waitpid(pid, 0)[1])
