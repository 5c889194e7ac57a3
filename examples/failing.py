# SPDX-License-Identifier: BSD-2-Clause
"""Errors that are handled, a signal that is not, and an exception that nobody catches: status 1.

    python -m kernel run --ktrace ktrace.out examples/failing.py

In its trace, in this order:

    NAMI  "/no/such/file"
    RET   open -1 errno 2 No such file or directory
    RET   close -1 errno 9 Bad file descriptor
    RET   write -1 errno 9 Bad file descriptor     no GIO before it: no byte has moved
    RET   mkdir -1 errno 17 File exists
    RET   read -1 errno 21 Is a directory
    RET   execve -1 errno 8 Exec format error
    PSIG  SIGPIPE SIG_DFL              a child that writes where nobody reads, as a C program would
    GIO   fd 2 wrote                   the traceback
    CALL  exit(1)
"""

import os
import signal


def attempt(what: str, call, *args) -> None:
    """Make a call that fails, and say how."""
    try:
        call(*args)
    except OSError as exc:
        print(f"{what}: {type(exc).__name__}, errno {exc.errno}: {exc.strerror}")
    else:
        print(f"{what}: no error?")


attempt("open", os.open, "/no/such/file", os.O_RDONLY)
attempt("close", os.close, 42)
attempt("write", os.write, 42, b"lost")
attempt("mkdir", os.mkdir, "/tmp")
directory = os.open("/tmp", os.O_RDONLY)
attempt("read", os.read, directory, 100)

with open("/tmp/not-a-program", "w") as junk:
    junk.write("\x00\x01\x02\n")
os.chmod("/tmp/not-a-program", 0o755)
attempt("execve", os.execve, "/tmp/not-a-program", ["not-a-program"], {})

reader, writer = os.pipe()
os.close(reader)
if (pid := os.fork()) == 0:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # which Python ignores
    os.write(writer, b"anybody there?")
    os._exit(0)
_, status = os.waitpid(pid, 0)
print(f"the child was killed by signal {os.WTERMSIG(status)}", flush=True)

raise RuntimeError("and this one nobody catches")
