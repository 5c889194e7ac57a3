# SPDX-License-Identifier: BSD-2-Clause
"""When a program makes what its handlers have left to be done, other than at a return to user mode.

While l_uphold of an LWP is not 0, its upcalls wait.
"""

from kernel.arch.python.replay import deliver_again
from kernel.arch.python.trap import UPCALL, upcall
from kernel.sys.proc import Lwp


def upcalls(lwp: Lwp) -> None:
    """Make the upcalls that wait, unless they are to go on waiting; in a replay those made here.

    What one raises goes through; then the others have been made, too.
    """
    while lwp.l_upcalls and not lwp.l_uphold:
        p = lwp.l_proc
        if p.p_vmspace.vm_forked is not None:
            if deliver_again(lwp):
                return
            continue
        if p.p_md.md_history is not None:
            p.p_md.md_history.append(UPCALL)
        upcall(lwp)
