# SPDX-License-Identifier: BSD-2-Clause
"""The families of protocols that there are.  NetBSD sys/kern/uipc_domain.c."""

from typing import TYPE_CHECKING

from kernel.sys.kernel import Kernel
from kernel.sys.module import autoload

if TYPE_CHECKING:
    from kernel.kern import uipc_usrreq, uipc_usrreq_rights
    from kernel.netinet import in_proto
else:
    uipc_usrreq = autoload("kernel.kern.uipc_usrreq")
    uipc_usrreq_rights = autoload("kernel.kern.uipc_usrreq_rights")
    in_proto = autoload("kernel.netinet.in_proto")


def domaininit(kernel: Kernel) -> None:
    """Let kernel make sockets; called once, at boot."""
    kernel.net.protosw = lambda: (*uipc_usrreq.unixsw, *in_proto.inetsw)
    kernel.net.unp_thread_kick = _kick


def _kick(kernel: Kernel) -> None:
    uipc_usrreq_rights.unp_thread_kick(kernel)
