# SPDX-License-Identifier: BSD-2-Clause
"""What os and fcntl tell audit hooks of, in which order and with what."""

import fcntl
import os
import resource
import sys


def hook(event, told):
    if event.startswith(("os.", "fcntl.fl", "resource.")):
        print(event, *[repr(one) for one in told])


sys.addaudithook(hook)
fd = os.open("file", os.O_CREAT | os.O_WRONLY)
os.mkdir("d")
os.chmod("d", 0o700)
os.rename("d", "e")
print(sorted(os.listdir("e")), [entry.name for entry in os.scandir("e")])
os.rmdir("e")
os.ftruncate(fd, 3)
os.truncate("file", 2)
os.link("file", "other")
os.symlink("file", "link")
os.unlink("other")
os.remove("link")
os.putenv("NAME", "value")
os.unsetenv("NAME")
os.system("true")
fcntl.flock(fd, fcntl.LOCK_UN)
os.chown("file", -1, -1)
for run in (lambda: os.execv("/no", ["a"]), lambda: os.posix_spawn("/no", ["a"], {"b": "c"})):
    try:
        run()
    except OSError as exc:
        print(exc.strerror)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
