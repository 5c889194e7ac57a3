# SPDX-License-Identifier: BSD-2-Clause
"""Loads, stores and atomic instructions of a program, and what they do wrong: page faults.

NetBSD sys/arch/amd64/amd64/trap.c.

A fork's replay does them again.  Memory that others can change too is left
alone then: what was loaded from it is in the history, and what fork(2) has set
aside of it takes its place in the end.
"""

from collections.abc import Callable
from typing import TypeVar

from kernel.arch.python.copy import copyin, copyout, useracc
from kernel.arch.python.history import FAULTED, Loaded
from kernel.arch.python.replay import deliver_again, diverged, store_again
from kernel.arch.python.switch import curlwp
from kernel.arch.python.trap import userret
from kernel.kern.kern_sig import trapsignal
from kernel.sys.errno import KernelError
from kernel.sys.proc import Lwp
from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from kernel.uvm.uvm_fault import uvm_fault_signal
from kernel.uvm.uvm_map import uvm_map_object

_T_PAGEFLT = 6  # trap number of a page fault, amd64
T = TypeVar("T")


def load(uaddr: int, size: int) -> bytes:
    """Read the process's own memory; SIGSEGV or SIGBUS where there is none."""
    lwp = curlwp()
    vm = lwp.l_proc.p_vmspace
    while True:
        try:
            if vm.vm_objects and uvm_map_object(vm, uaddr, size):
                return _observe(lwp, lambda: copyin(vm, uaddr, size))
            return copyin(vm, uaddr, size)
        except KernelError:
            _fault(lwp, uaddr, size, VM_PROT_READ)


def store(uaddr: int, data: bytes | bytearray | memoryview) -> None:
    """Write the process's own memory; SIGSEGV or SIGBUS where that cannot be."""
    lwp = curlwp()
    vm = lwp.l_proc.p_vmspace

    def put() -> None:
        log, vm.vm_log = vm.vm_log, None
        try:
            copyout(vm, data, uaddr)
        finally:
            vm.vm_log = log

    while True:
        try:
            if not vm.vm_objects or not uvm_map_object(vm, uaddr, len(data)):
                put()
            else:
                _observe(lwp, put)
                if vm.vm_forked is not None:
                    store_again(vm, uaddr, data)
            return
        except KernelError:
            _fault(lwp, uaddr, len(data), VM_PROT_WRITE)


def atomic(uaddr: int, size: int, change: Callable[[int], int]) -> int:
    """Replace the unsigned integer at uaddr by change of it, as one; return what it was.

    Args:
        uaddr: a multiple of size.
        size: bytes.
        change: from the old value to the new one, cut to size.
    """
    lwp = curlwp()
    vm = lwp.l_proc.p_vmspace
    prot = VM_PROT_READ | VM_PROT_WRITE

    def exchange() -> int:
        where = useracc(vm, uaddr, size, prot)
        old = int.from_bytes(where, "little")
        where[:] = (change(old) & (1 << 8 * size) - 1).to_bytes(size, "little")
        return old

    while True:
        try:
            if vm.vm_objects and uvm_map_object(vm, uaddr, size):
                return _observe(lwp, exchange)
            return exchange()
        except KernelError:
            _fault(lwp, uaddr, size, prot)


def _observe(lwp: Lwp, access: Callable[[], T]) -> T:
    """Access memory that others can change: note what came of it, or in a replay look it up."""
    md = lwp.l_proc.p_md
    if lwp.l_proc.p_vmspace.vm_forked is None or not deliver_again(lwp):
        value = access()
        if md.md_history is not None:
            md.md_history.append(Loaded(value))
        return value
    history = md.md_history
    entry = history[md.md_replay] if history and md.md_replay < len(history) else None
    if not isinstance(entry, Loaded):
        diverged(lwp, "a call", "a load")
    md.md_replay += 1
    value = entry.value
    return value


def _fault(lwp: Lwp, uaddr: int, size: int, prot: int) -> None:
    """An access has failed: send the signal; its handler may mend what was wrong."""
    md = lwp.l_proc.p_md
    vm = lwp.l_proc.p_vmspace
    if vm.vm_forked is not None:
        history = md.md_history
        if not history or md.md_replay >= len(history) or history[md.md_replay] is not FAULTED:
            diverged(lwp, "none", "a page fault")
        md.md_replay += 1
        deliver_again(lwp)
        return
    if md.md_history is not None:
        md.md_history.append(FAULTED)
    trapsignal(lwp, uvm_fault_signal(vm, uaddr, size, prot)._replace(ksi_trap=_T_PAGEFLT))
    userret(lwp)
