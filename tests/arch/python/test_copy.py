# SPDX-License-Identifier: BSD-2-Clause
"""User memory: its edges, its protections, and what spans two segments."""

import pytest

from kernel.arch.python.copy import (
    copyin,
    copyinstr,
    copyout,
    useracc,
    uvm_findspace,
    uvm_map,
    uvm_unmap,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.syscall import sysno
from kernel.sys.vm import VM_LAYOUT, VM_PROT_READ, VM_PROT_WRITE, VmSpace

BASE = 0x10000


@pytest.fixture
def vm() -> VmSpace:
    """Two adjoining segments, abcd and efgh, and one apart that may only be read."""
    space = VmSpace(VM_LAYOUT[8])
    uvm_map(space, BASE, memoryview(bytearray(b"abcd")), VM_PROT_READ | VM_PROT_WRITE)
    uvm_map(space, BASE + 4, memoryview(bytearray(b"efgh")), VM_PROT_READ | VM_PROT_WRITE)
    uvm_map(space, BASE + 100, memoryview(b"ro\0x"), VM_PROT_READ)
    return space


@pytest.mark.parametrize(
    ("offset", "size", "data"),
    [(0, 4, b"abcd"), (1, 2, b"bc"), (0, 8, b"abcdefgh"), (3, 2, b"de"), (7, 1, b"h")],
)
def test_copyin_returns_what_is_there(vm, offset, size, data):
    """One segment, its last byte, or the two that adjoin."""
    assert copyin(vm, BASE + offset, size) == data


@pytest.mark.parametrize(
    ("address", "size"),
    [(0, 1), (BASE - 1, 1), (BASE - 1, 4), (BASE + 8, 1), (BASE, 9), (BASE + 104, 1), (1 << 63, 1)],
)
def test_copyin_of_what_is_not_there_is_efault(vm, address, size):
    """The null page, one before, one past, and what ends too early."""
    with pytest.raises(KernelError) as caught:
        copyin(vm, address, size)
    assert caught.value.errno is Errno.EFAULT


def test_nothing_can_be_copied_from_anywhere(vm):
    """0 bytes never fault."""
    assert copyin(vm, 0, 0) == b""
    copyout(vm, b"", 0)


def test_copyout_stores_across_segments(vm):
    """What adjoins is one memory."""
    copyout(vm, b"12345", BASE + 2)
    assert copyin(vm, BASE, 8) == b"ab12345h"


def test_copyout_past_the_end_stores_what_fits(vm):
    """EFAULT; the bytes before the hole are there, as on a machine."""
    with pytest.raises(KernelError) as caught:
        copyout(vm, b"123456", BASE + 4)
    assert caught.value.errno is Errno.EFAULT
    assert copyin(vm, BASE + 4, 4) == b"1234"


def test_copyout_to_read_only_memory_is_efault(vm):
    """A bytes object of the program's stays what it is."""
    with pytest.raises(KernelError) as caught:
        copyout(vm, b"x", BASE + 100)
    assert caught.value.errno is Errno.EFAULT
    assert copyin(vm, BASE + 100, 2) == b"ro"


def test_copyinstr_ends_at_the_nul(vm):
    """The NUL is not returned, and counts."""
    assert copyinstr(vm, BASE + 100, 3) == b"ro"
    with pytest.raises(KernelError) as caught:
        copyinstr(vm, BASE + 100, 2)
    assert caught.value.errno is Errno.ENAMETOOLONG


def test_copyinstr_goes_on_in_the_next_segment(vm):
    """And faults where there is none: EFAULT, unless maxlen ends first."""
    copyout(vm, b"\0", BASE + 6)
    assert copyinstr(vm, BASE, 64) == b"abcdef"
    copyout(vm, b"g", BASE + 6)
    with pytest.raises(KernelError) as caught:
        copyinstr(vm, BASE, 64)
    assert caught.value.errno is Errno.EFAULT
    with pytest.raises(KernelError) as caught:
        copyinstr(vm, BASE, 8)
    assert caught.value.errno is Errno.ENAMETOOLONG


def test_useracc_is_the_memory_itself(vm):
    """No copy: what is stored there is seen; a protection that is not given is EFAULT."""
    useracc(vm, BASE, 4, VM_PROT_WRITE)[0:1] = b"Z"
    assert copyin(vm, BASE, 1) == b"Z"
    with pytest.raises(KernelError):
        useracc(vm, BASE + 100, 1, VM_PROT_WRITE)


def test_findspace_is_page_aligned_and_free(vm):
    """Mappings grow down from mmap_top; a hole that is large enough is used again."""
    first = uvm_findspace(vm, 1)
    uvm_map(vm, first, memoryview(bytearray(1)), VM_PROT_READ)
    second = uvm_findspace(vm, 5000)
    uvm_map(vm, second, memoryview(bytearray(5000)), VM_PROT_READ)
    assert first % 4096 == second % 4096 == 0
    assert second + 5000 <= first < vm.vm_layout.mmap_top
    uvm_unmap(vm, first)
    assert uvm_findspace(vm, 4096) == first


def test_copyouts_are_logged_for_replay(vm):
    """vm_log gets (address, bytes) of each copyout."""
    vm.vm_log = []
    copyout(vm, bytearray(b"xy"), BASE)
    assert vm.vm_log == [(BASE, b"xy")]


def test_calls_with_bad_pointers_are_efault(k):
    """Seen from a program: no call panics on an address."""
    p = k.root()
    zero = p.open("/dev/zero", 2)
    for name, args in (
        ("open", (0, 0)),
        ("read", (zero, 12, 5)),
        ("pipe2", (8, 0)),
        ("__stat50", (8, 8)),
        ("execve", (8, 8, 8)),
    ):
        with pytest.raises(OSError, match="Bad address"):
            p.syscall(sysno(name), *args)


def test_the_stack_grows_when_it_is_touched():
    """All the way, once: what was on it stays, by the addresses it had; below is nothing."""
    vm = VmSpace(VM_LAYOUT[8])
    top = vm.vm_layout.usrstack
    vm.vm_stack = uvm_map(vm, top - 16, memoryview(bytearray(b"0123456789abcdef")), 3)
    vm.vm_maxsaddr = top - 8192
    assert (vm.vm_ssize, len(vm.vm_stack.mem)) == (8192, 16)
    with pytest.raises(KernelError):
        copyin(vm, vm.vm_maxsaddr - 1, 1)
    copyout(vm, b"low", top - 8000)
    assert copyin(vm, top - 16, 16) == b"0123456789abcdef"
    assert copyin(vm, top - 8000, 4) == b"low\0"
    assert (vm.vm_ssize, len(vm.vm_stack.mem), list(vm.vm_map)) == (8192, 8192, [top - 8192])
    with pytest.raises(KernelError):
        copyout(vm, b"x", vm.vm_maxsaddr - 1)
