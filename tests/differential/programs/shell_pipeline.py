# SPDX-License-Identifier: BSD-2-Clause
"""A small shell: pipelines of real programs, redirections, statuses, a background job."""

import os
import sys

sys.stdout.reconfigure(line_buffering=True)


def run(line):
    stages = [stage.split() for stage in line.split("|")]
    source, pids = None, []
    for n, words in enumerate(stages):
        last = n == len(stages) - 1
        ends = None if last else os.pipe()
        pid = os.fork()
        if pid == 0:
            if source is not None:
                os.dup2(source, 0)
                os.close(source)
            if ends:
                os.dup2(ends[1], 1)
                os.close(ends[0])
                os.close(ends[1])
            while len(words) > 2 and words[-2] in ("<", ">", ">>"):
                flags = {"<": os.O_RDONLY, ">": os.O_WRONLY | os.O_CREAT | os.O_TRUNC}
                how = flags.get(words[-2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                os.dup2(os.open(words[-1], how, 0o666), 0 if words[-2] == "<" else 1)
                words = words[:-2]
            try:
                os.execvpe(words[0], words, {"PATH": "/bin:/usr/bin", "LC_ALL": "C"})
            except FileNotFoundError:
                os._exit(127)
            except PermissionError:
                os._exit(126)
        pids.append(pid)
        if source is not None:
            os.close(source)
        if ends:
            os.close(ends[1])
            source = ends[0]
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


print(run("echo hello"))
print(run("echo b a c > words"), run("echo d >> words"))
print(run("cat words | tr a-z A-Z | cat"))
print(run("seq 1 1000 | head -n 2"))
print(run("false | true"), run("true | false"), run("nothing"), run("./words"))
print(run("seq 10 | sort -rn | sed -n 1,3p > out"), open("out").read().split())
print(run("cat < out | tail -n 1"))
print(run("sh -c exit${IFS}9 | cat"))
reader, writer = os.pipe()
job = os.fork()
if job == 0:
    os.dup2(reader, 0)
    os.execv("/bin/cat", ["cat"])
print(os.waitpid(job, os.WNOHANG)[0], run("echo meanwhile"))
os.close(writer)
print(os.waitpid(job, 0)[1])
