# SPDX-License-Identifier: BSD-2-Clause
"""Programs started by posix_spawn: descriptors, groups, signals, and what cannot be started."""

import os
import signal

os.environ["PATH"] = "/bin"
reader, writer = os.pipe()
actions = [(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_CLOSE, reader)]
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "echo out; exit 3"], {}, file_actions=actions)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.read(reader, 99))
opened = [(os.POSIX_SPAWN_OPEN, 1, "made", os.O_CREAT | os.O_WRONLY, 0o600)]
pid = os.posix_spawnp("sh", ["sh", "-c", "echo $GIVEN"], {"GIVEN": "x"}, file_actions=opened)
print(os.waitpid(pid, 0)[1], open("made").read().strip())
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for setsigdef in ((), (signal.SIGTERM,)):
    command = ["sh", "-c", "kill -TERM $$; exit 5"]
    pid = os.posix_spawn("/bin/sh", command, {}, setsigdef=setsigdef)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "sleep 9"], {}, setpgroup=0)
print(os.getpgid(pid) == pid)
os.killpg(pid, signal.SIGKILL)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
for function, name in ((os.posix_spawn, "/nowhere"), (os.posix_spawnp, "nowhere-at-all")):
    try:
        function(name, [name], {})
    except OSError as exc:
        print(type(exc).__name__, exc.errno, exc.filename)
print(os.system("exit 7") >> 8)
