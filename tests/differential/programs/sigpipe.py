# SPDX-License-Identifier: BSD-2-Clause
"""A writer without a reader dies of SIGPIPE."""

import errno
import os
import signal


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


r, w = os.pipe()
pid = os.fork()
if pid == 0:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.close(r)
    os.write(w, b"x" * 100000)
    os._exit(0)
os.close(r)
status = os.waitpid(pid, 0)[1]
print(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPIPE)
