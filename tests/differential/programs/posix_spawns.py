# SPDX-License-Identifier: BSD-2-Clause
"""os.posix_spawn: file actions, groups, masks, defaults, and errors."""

import errno
import os
import signal
import sys

sys.stdout.reconfigure(line_buffering=True)
SH = "/bin/sh"
os.environ["PATH"] = "/bin:/usr/bin"


def spawn(command, *args, **options):
    pid = os.posix_spawn(
        SH, ["sh", "-c", command, "sh", *args], {"A": "1", "PATH": "/bin:/usr/bin"}, **options
    )
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


print(spawn('echo "$A $1"; exit 3', "arg"))
print(
    spawn(
        "echo to a file",
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, "out", os.O_WRONLY | os.O_CREAT, 0o600)],
    )
)
print(open("out").read(), oct(os.stat("out").st_mode & 0o777))
rfd, wfd = os.pipe()
actions = [(os.POSIX_SPAWN_DUP2, wfd, 1), (os.POSIX_SPAWN_CLOSE, rfd), (os.POSIX_SPAWN_CLOSE, wfd)]
print(spawn("echo through; echo more", file_actions=actions))
os.close(wfd)
print(os.read(rfd, 100))
for wrong in (
    lambda: os.posix_spawn("nothing", ["x"], {}),
    lambda: os.posix_spawn(".", ["x"], {}),
    lambda: os.posix_spawn("out", ["x"], {}),
    lambda: os.posix_spawn(SH, [], {}),
    lambda: os.posix_spawn(SH, ["sh"], {"a": "b"}, setsigmask=[1000]),
    lambda: os.posix_spawn(SH, ["sh"], {"a=": "b"}),
    lambda: os.posix_spawn(SH, ["sh"], {}, file_actions=[(99, 1)]),
    lambda: os.posix_spawnp("no-such-program", ["x"], {}),
):
    try:
        print(wrong())
    except OSError as exc:
        print(errno.errorcode[exc.errno])
    except (ValueError, TypeError) as exc:
        print(type(exc).__name__, str(exc)[:20])
pid = os.posix_spawn(SH, ["sh", "-c", "kill -TERM $$; exit 1"], {}, setsigmask=[signal.SIGTERM])
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(spawn("kill -TERM $$; exit 1"), spawn("kill -TERM $$; exit 1", setsigdef=[signal.SIGTERM]))
pid = os.posix_spawn("/bin/sleep", ["sleep", "30"], {}, setpgroup=0)
print(os.getpgid(pid) == pid)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
pid = os.posix_spawnp("sh", ["sh", "-c", "exit 7"], os.environ)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
