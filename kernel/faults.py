# SPDX-License-Identifier: BSD-2-Clause
"""System calls of a booted system that fail, lie, take time, or stop the machine."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kernel.arch.python.syscall import syscall_intern
from kernel.inject import Call, Faults, GuestPath, matching, parse
from kernel.sys.inject import Injection
from kernel.sys.module import autoload
from kernel.watch import Watched

if TYPE_CHECKING:
    from userland.libktrace import callset
else:
    callset = autoload("userland.libktrace.callset")


class Faulty(Watched):
    """A booted kernel whose system calls can be made to fail."""

    def inject(
        self,
        spec: str,
        *,
        path: "GuestPath | Sequence[GuestPath] | None" = None,
        predicate: Callable[[Call], object] | None = None,
    ) -> "Faults":
        """Have system calls fail, lie, take time or bring signals, of all processes from now on.

        What the host has processes do to come to be is not counted: the first call is the first
        of the program's.  Where two are for the same call, the one given last counts it.

        Args:
            spec: as strace(1)'s --inject: "open:error=ENOSPC:when=3", "write:delay_enter=5ms",
                "%network:error=ETIMEDOUT:signal=ALRM", "/^get:retval=7", "!%file:error=EIO".
            path: only calls on files whose path the glob, or one of several, matches: "/tmp/*".
            predicate: only calls for which it returns something true.

        Raises:
            ValueError: spec.
        """
        return self._faults(parse(spec), path, predicate)

    def fault(
        self,
        spec: str,
        *,
        path: "GuestPath | Sequence[GuestPath] | None" = None,
        predicate: Callable[[Call], object] | None = None,
    ) -> "Faults":
        """Have system calls fail, with ENOSYS if the text does not say: strace(1)'s --fault.

        Raises:
            ValueError: spec.
        """
        return self._faults(parse(spec, fault=True), path, predicate)

    def crash_at(
        self, calls: str = "all", when: int = 1, *, path: "GuestPath | None" = None
    ) -> "Faults":
        """Stop the machine before call number when of those, of all processes together: Reboot.

        Nobody runs again.  The files are as the calls before it have left them: there is no disk
        that could hold less than that.  boot(files=result.files) is the next boot.

        Raises:
            ValueError: there are no such calls, or when is none of their numbers, which begin at 1.
        """
        if when < 1:
            raise ValueError(f"when={when}: the first call is number 1")
        injection = Injection(
            callset.callset(calls), in_crash=True, in_first=when, in_step=0, in_seen=0
        )
        return self._faults(injection, path, None)

    def _faults(
        self,
        injection: Injection,
        path: "GuestPath | Sequence[GuestPath] | None",
        predicate: Callable[[Call], object] | None,
    ) -> "Faults":
        injection.in_match = matching(path, predicate)
        self.kernel.injections.append(injection)
        self._intern()
        return Faults(self.kernel, injection, self._intern)

    def _crashes(self) -> bool:
        """Return whether crash_at has stopped the machine."""
        return any(one.in_crash and one.in_hits for one in self.kernel.injections)

    def _intern(self) -> None:
        """Have all processes take the system call entry that what is injected asks for."""
        for proc in self.kernel.allproc.values():
            if not self.kernel.injections:
                proc.p_md.md_injected = None
            syscall_intern(proc)
