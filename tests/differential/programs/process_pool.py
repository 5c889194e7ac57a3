# SPDX-License-Identifier: BSD-2-Clause
"""A pool of processes fed by pipes: jobs go to who is free, results come back by number."""

import os
import pickle
import select
import struct


def send(fd, message):
    data = pickle.dumps(message)
    os.write(fd, struct.pack("I", len(data)) + data)


def exactly(fd, count):
    data = b""
    while len(data) < count:
        piece = os.read(fd, count - len(data))
        if not piece:
            return None
        data += piece
    return data


def receive(fd):
    header = exactly(fd, 4)
    return None if header is None else pickle.loads(exactly(fd, struct.unpack("I", header)[0]))


def worker(jobs, results):
    while (job := receive(jobs)) is not None:
        number, text = job
        send(results, (number, text[::-1] * 2))
    os._exit(0)


workers = {}
for _ in range(3):
    jobs_r, jobs_w = os.pipe()
    results_r, results_w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(jobs_w)
        os.close(results_r)
        for other, _ in workers.values():
            os.close(other)
        worker(jobs_r, results_w)
    os.close(jobs_r)
    os.close(results_w)
    workers[results_r] = (jobs_w, pid)
todo = [(n, f"job {n} " + "x" * (n * 100)) for n in range(12)]
answers = {}
for jobs_w, _ in workers.values():
    send(jobs_w, todo.pop(0))
while len(answers) < 12:
    for fd in select.select(list(workers), [], [])[0]:
        number, text = receive(fd)
        answers[number] = text
        if todo:
            send(workers[fd][0], todo.pop(0))
print(sorted(answers), answers[3][:10], len(answers[11]))
for fd, (jobs_w, pid) in workers.items():
    os.close(jobs_w)
    print(receive(fd), os.waitpid(pid, 0)[1])
