# SPDX-License-Identifier: BSD-2-Clause
"""What is injected into system calls: errors, results, signals, delays.  strace(1), --inject."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kernel.sys.dataclasses import dataclass

if TYPE_CHECKING:
    from kernel.sys.proc import Lwp


@dataclass(slots=True, eq=False)
class Injection:
    """What happens to some calls; which of them is counted for each call of each LWP."""

    in_codes: frozenset[int]  # which calls
    in_error: int = 0  # not made, fails so; 0: no
    in_retval: int | None = None  # not made, returns that
    in_signo: int = 0  # posted as the call begins
    in_enter: int = 0  # ns that pass before the call
    in_exit: int = 0  # ns that pass after it
    in_poke: tuple[tuple[int, bytes], ...] = ()  # stored before it where registers point to
    in_poke_exit: tuple[tuple[int, bytes], ...] = ()  # and after it; registers from 0 on
    in_crash: bool = False  # the machine stops before the call
    in_first: int = 1  # which of the calls, counted from 1
    in_last: int = 1 << 62
    in_step: int = 1  # 0: in_first only
    in_match: "Callable[[Lwp, int, tuple[int, ...]], bool] | None" = None  # else not counted
    in_seen: int | None = None  # calls counted, if all processes' are counted together
    in_hits: int = 0  # how often it has happened, all processes together

    def fires(self, count: int) -> bool:
        """Return whether it happens to the call that is number count."""
        if not self.in_first <= count <= self.in_last:
            return False
        past = count - self.in_first
        return past % self.in_step == 0 if self.in_step else past == 0
