# SPDX-License-Identifier: BSD-2-Clause
"""Which devices a kernel has.  NetBSD sys/kern/subr_autoconf.c."""

from kernel.dev.cons import cnattach
from kernel.dev.filedesc import filedescattach
from kernel.dev.mem import mmattach
from kernel.dev.rnd import rndattach
from kernel.dev.tty_tty import cttyattach
from kernel.sys.kernel import Kernel


def configure(kernel: Kernel) -> None:
    """Attach every driver: called once, at boot, before a device is opened."""
    for attach in (cnattach, cttyattach, mmattach, filedescattach, rndattach):
        attach(kernel)
