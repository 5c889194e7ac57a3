# SPDX-License-Identifier: BSD-2-Clause
"""exec in all its ways: arguments, environment, descriptors, masks, scripts, and refusals."""

import errno
import os
import signal
import sys

sys.stdout.reconfigure(line_buffering=True)
SH = "/bin/sh"


def run(function, *args):
    """Have a child do it; say how that ended."""
    pid = os.fork()
    if pid == 0:
        try:
            function(*args)
        except OSError as exc:
            print("  ", errno.errorcode[exc.errno])
        except (ValueError, TypeError) as exc:
            print("  ", type(exc).__name__)
        os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


print(run(os.execl, SH, "sh", "-c", "exit 1"))
print(run(os.execle, SH, "sh", "-c", 'echo "$B"; exit 2', {"B": "of execle"}))
print(run(os.execlp, "sh", "sh", "-c", "exit 3"))
print(run(os.execvp, "sh", ["sh", "-c", 'echo "$#: $*"; exit 4', "zero", "a b", "", "c"]))
print(run(os.execvpe, "sh", ["sh", "-c", "exit 5"], {"PATH": "/nowhere"}))
print(run(os.execv, SH, []), run(os.execv, SH, [""]))
print(run(os.execv, "missing", ["x"]), run(os.execv, ".", ["x"]))
with open("text", "w") as text:
    text.write("echo plain\n")
print(run(os.execv, "text", ["x"]))
os.chmod("text", 0o755)
print(run(os.execv, "./text", ["x"]))
print(run(os.execv, "text/deeper", ["x"]))
with open("script", "w") as script:
    script.write('#!/bin/sh -e\necho "script $0 $1 $#"\nfalse\nexit 0\n')
os.chmod("script", 0o755)
print(run(os.execv, "./script", ["ignored", "one", "two"]))
with open("lost", "w") as lost:
    lost.write("#!/no/such/interpreter\n")
os.chmod("lost", 0o755)
print(run(os.execv, "./lost", ["x"]))
os.symlink("script", "link")
print(run(os.execv, "./link", ["x"]))
kept = os.open("script", os.O_RDONLY)
os.set_inheritable(kept, True)
closed = os.open("script", os.O_RDONLY)
check = f"(: <&{kept}) 2>/dev/null && echo kept; (: <&{closed}) 2>/dev/null || echo closed"
print(run(os.execv, SH, ["sh", "-c", check]))


def masked():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    os.execv(SH, ["sh", "-c", "kill -TERM $$; exit 8"])


def ignoring():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.execv(SH, ["sh", "-c", "kill -TERM $$; exit 9"])


def handling():
    signal.signal(signal.SIGTERM, lambda *_: None)
    os.execv(SH, ["sh", "-c", "kill -TERM $$; exit 10"])


print(run(masked), run(ignoring), run(handling))
print(run(os.execve, SH, ["sh", "-c", "exit 11"], {"A=B": "c"}))
print(run(os.execv, "a\0b", ["x"]), run(os.execv, SH, ["x\0y"]))
print(run(os.execv, SH, ["sh", "-c", "exit 12", "x" * 100000]))
