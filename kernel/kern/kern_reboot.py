# SPDX-License-Identifier: BSD-2-Clause
"""The end of a run, asked for.  NetBSD sys/kern/kern_reboot.c."""

from typing import NoReturn

from kernel.arch.python.copy import copyinstr
from kernel.arch.python.switch import cpu_abandon, cpu_switchto
from kernel.kern.kern_ktrace import ktrderef
from kernel.kern.kern_proc import suser
from kernel.kern.kern_runq import runq_clear
from kernel.kern.subr_log import log
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.reboot import RB_DUMP, RB_HALT, RB_NOSYNC, RB_POWERDOWN, RB_STRING

_BOOTSTR_MAX = 256  # bytes of the next boot's arguments


class Reboot(BaseException):
    """The machine is down: reboot(2) was called.  howto is its RB_*."""

    def __init__(self, howto: int) -> None:
        super().__init__(_farewell(howto))
        self.howto = howto


def _farewell(howto: int) -> str:
    if howto & RB_POWERDOWN == RB_POWERDOWN:
        return "The operating system has powered down."
    return "The operating system has halted." if howto & RB_HALT else "rebooting..."


def sys_reboot(lwp: Lwp, opt: int, bootstr: int) -> int:
    """reboot(2): halt, power down or reboot: here, all end the run; never returns.

    Args:
        lwp: the caller.
        opt: RB_*.
        bootstr: with RB_STRING, how to boot next; read, and not used.

    Raises:
        KernelError: EPERM, not root. EFAULT, ENAMETOOLONG, bootstr.
    """
    suser(lwp.l_proc)
    if opt & RB_STRING:
        copyinstr(lwp.l_proc.p_vmspace, bootstr, _BOOTSTR_MAX)
    kern_reboot(lwp.l_kernel, opt)


def kern_reboot(kernel: Kernel, howto: int) -> NoReturn:
    """Stop everybody where they are, let go of all traces, and go back to the host for good.

    File systems hold back nothing, so there is nothing to be written.  No process runs
    again, nor does what would clean up after it: the machine is down.
    """
    kernel.howto = howto
    if not howto & RB_NOSYNC:
        log(kernel, "syncing disks... done")
    if howto & RB_DUMP:
        log(kernel, "dump not possible: no dump device")
    log(kernel, _farewell(howto))
    for p in list(kernel.allproc.values()):
        ktrderef(p)
        for lwp in p.p_lwps:
            if lwp.l_pcb is not None and kernel.deadlwp is not None:
                cpu_abandon(lwp.l_pcb, kernel.deadlwp)
    runq_clear(kernel)
    kernel.callouts.clear()
    kernel.inputs.clear()
    kernel.hostdone = lambda: True
    kernel.curlwp = None
    while True:
        cpu_switchto(kernel.idle)
