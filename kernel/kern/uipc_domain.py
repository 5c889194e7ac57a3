# SPDX-License-Identifier: BSD-2-Clause
"""The families of protocols that there are.  NetBSD sys/kern/uipc_domain.c."""

from kernel.kern.uipc_usrreq import unixsw
from kernel.kern.uipc_usrreq_rights import unp_thread_kick
from kernel.netinet.in_proto import inetsw
from kernel.sys.kernel import Kernel


def domaininit(kernel: Kernel) -> None:
    """Let kernel make sockets; called once, at boot."""
    kernel.net.protosw = (*unixsw, *inetsw)
    kernel.net.unp_thread_kick = unp_thread_kick
