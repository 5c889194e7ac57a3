# SPDX-License-Identifier: BSD-2-Clause
"""What job control knows of a terminal.  NetBSD sys/sys/tty.h."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kernel.sys.proc import Pgrp, Session


class Terminal(Protocol):
    """The part of a struct tty that sessions and groups share."""

    t_session: "Session | None"  # whose controlling terminal it is
    t_pgrp: "Pgrp | None"  # the foreground process group
