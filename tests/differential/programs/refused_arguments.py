# SPDX-License-Identifier: BSD-2-Clause
"""What os, signal and select refuse before any call is made, and what they take for nothing."""

import os
import select
import signal


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except (TypeError, ValueError, OverflowError) as exc:
        return type(exc).__name__


print(attempt(os.putenv, "a=b", "c"), attempt(os.register_at_fork))
print(attempt(os.register_at_fork, before=7), attempt(os.register_at_fork, after_in_child="x"))
print(attempt(select.poll().poll, 1 << 64), attempt(select.poll().poll, "x"))
print(max(signal.Signals) < signal.NSIG, min(signal.Signals) == 1)
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 3"], {}, file_actions=None)
print(os.waitpid(pid, 0)[1] >> 8)
