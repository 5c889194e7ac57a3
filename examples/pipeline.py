# SPDX-License-Identifier: BSD-2-Clause
"""Build the pipeline `cat /etc/passwd | sort | head -n 2` by hand: pipe, fork, dup2, execve.

    python -m kernel run --ktrace ktrace.out examples/pipeline.py

In its trace, in this order:

    CALL  pipe
    RET   pipe 3, 4                    two registers: both ends
    CALL  fork
    RET   fork 0                       the first record of a child
    CALL  dup2(4,1)                    it writes where it used to print ...
    CALL  close(3)                     ... and drops the end it does not use
    NAMI  "/bin/cat"
    EMUL  "netbsd"                     a new program: ktrace follows through execve
    RET   execve JUSTRETURN            and execve does not return to the old one
"""

from userland.libc import *

COMMANDS = (["cat", "/etc/passwd"], ["sort"], ["head", "-n", "2"])
PLACES = {"cat": "/bin/cat", "sort": "/usr/bin/sort", "head": "/usr/bin/head"}


def start(argv: list[str], in_fd: int, out_fd: int, unused: int) -> int:
    """Run argv between two descriptors; return its pid."""
    pid = fork()
    if pid:
        return pid
    for fd, standard in ((in_fd, 0), (out_fd, 1)):
        if fd != standard:
            dup2(fd, standard)
            close(fd)
    if unused >= 0:
        close(unused)  # or sort would wait for an end of file that never comes
    try:
        execve(PLACES[argv[0]], argv, {"PATH": "/bin:/usr/bin"})
    except OSError as exc:
        write(2, f"{argv[0]}: {exc.strerror}\n".encode())
    _exit(127)


in_fd = 0
pids = []
for argv in COMMANDS:
    last = argv is COMMANDS[-1]
    reader, writer = (-1, 1) if last else pipe()
    pids.append(start(argv, in_fd, writer, reader))
    if in_fd:
        close(in_fd)
    if not last:
        close(writer)
    in_fd = reader

for argv, pid in zip(COMMANDS, pids, strict=True):
    _, status = waitpid(pid, 0)
    print(f"{argv[0]} exited with {WEXITSTATUS(status)}")
