# SPDX-License-Identifier: BSD-2-Clause
"""mmap(2) and the calls beside it.  NetBSD sys/uvm/uvm_mmap.c."""

from typing import Final, NoReturn

from kernel.arch.python.copy import copyout, useracc, uvm_findspace
from kernel.kern.kern_descrip import fd_getfile
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mman import (
    MADV_DONTNEED,
    MADV_FREE,
    MADV_NORMAL,
    MADV_RANDOM,
    MADV_SEQUENTIAL,
    MADV_WILLNEED,
    MAP_ALIGNMENT_MASK,
    MAP_ALIGNMENT_SHIFT,
    MAP_ANON,
    MAP_FIXED,
    MAP_PRIVATE,
    MAP_SHARED,
    MAP_TRYFIXED,
    MAP_WIRED,
    MCL_CURRENT,
    MCL_FUTURE,
    MS_ASYNC,
    MS_INVALIDATE,
    MS_SYNC,
    PROT_MPROTECT_EXTRACT,
)
from kernel.sys.param import PAGE_MASK, PAGE_SHIFT, PAGE_SIZE
from kernel.sys.proc import Lwp, Proc
from kernel.sys.resource import RLIM_INFINITY, RLIMIT_AS, RLIMIT_MEMLOCK
from kernel.sys.vm import (
    VM_MIN_ADDRESS,
    VM_PROT_ALL,
    VM_PROT_EXECUTE,
    VM_PROT_NONE,
    VM_PROT_WRITE,
    UvmObject,
    VmSpace,
)
from kernel.uvm.uvm_map import (
    round_page,
    trunc_page,
    uvm_map_advice,
    uvm_map_busy,
    uvm_map_enter,
    uvm_map_entries,
    uvm_map_free,
    uvm_map_hole,
    uvm_map_inherit,
    uvm_map_pageable,
    uvm_map_protect,
    uvm_map_size,
    uvm_map_wired,
    uvm_unmap_remove,
)

_SIZE_MAX: Final = (1 << 64) - 1
_WX: Final = VM_PROT_WRITE | VM_PROT_EXECUTE


def sys_mmap(lwp: Lwp, addr: int, len: int, prot: int, flags: int, fd: int, pos: int) -> int:
    """mmap(2): map a file, or memory without a name; return where.

    Args:
        lwp: the caller.
        addr: where it should be; with MAP_FIXED, where it is.
        len: bytes, rounded up to pages.
        prot: PROT_*, and what mprotect(2) may add as PROT_MPROTECT.
        flags: MAP_*.
        fd: the file, -1 with MAP_ANON.
        pos: offset in the file, bytes.

    Raises:
        KernelError: EINVAL, MAP_SHARED and MAP_PRIVATE together, an address that is not
            aligned as asked, or MAP_ANON with a descriptor. EACCES, the file is not open for
            that, or memory would be writable and executable. EBADF. ENODEV, nothing that can
            be mapped. EOVERFLOW, EFBIG, beyond what there is. ENOMEM, no room, or RLIMIT_AS.
            EPERM, a file that nobody may change.

    Source: sys_mmap and uvm_mmap.
    """
    p = lwp.l_proc
    extra, prot = PROT_MPROTECT_EXTRACT(prot), prot & VM_PROT_ALL
    if flags & (MAP_SHARED | MAP_PRIVATE) == MAP_SHARED | MAP_PRIVATE:
        raise KernelError(Errno.EINVAL)
    within = pos & PAGE_MASK
    pos -= within
    size = round_page(len + within)
    if not 0 <= len <= size <= _SIZE_MAX:
        raise KernelError(Errno.ENOMEM)
    if flags & MAP_FIXED:
        addr -= within
        if addr & PAGE_MASK:
            raise KernelError(Errno.EINVAL)
        _range_test(p.p_vmspace, addr, size, ismmap=True)
    uobj, maxprot = None, VM_PROT_ALL
    if flags & MAP_ANON:
        if fd != -1:
            raise KernelError(Errno.EINVAL)
        pos = 0
    else:
        fp = fd_getfile(p, fd)
        if fp.f_ops.fo_mmap is None:
            raise KernelError(Errno.ENODEV)
        uobj, maxprot = fp.f_ops.fo_mmap(lwp, fp, pos, size, prot, flags)
        if uobj is None:
            pos = 0
    if prot & _WX == _WX:
        raise KernelError(Errno.EACCES)
    maxprot &= ~((VM_PROT_WRITE if prot & VM_PROT_EXECUTE else VM_PROT_EXECUTE) & ~extra)
    return _uvm_mmap(p, addr, size, prot, maxprot, flags, uobj, pos) + within


def _uvm_mmap(
    p: Proc,
    addr: int,
    size: int,
    prot: int,
    maxprot: int,
    flags: int,
    uobj: UvmObject | None,
    offset: int,
) -> int:
    vm = p.p_vmspace
    if not size:
        return addr
    if prot & ~maxprot:
        raise KernelError(Errno.EINVAL)
    align = uvm_alignment(vm, addr, flags)
    if flags & MAP_FIXED:
        uvm_unmap_remove(vm, addr, addr + size)
        if uvm_map_busy(vm, addr, addr + size):
            raise KernelError(Errno.ENOMEM)  # the stack, or a buffer that a call works on
    limit = p.p_limit[RLIMIT_AS][0]
    if limit != RLIM_INFINITY and uvm_map_size(vm) + size > limit:
        raise KernelError(Errno.ENOMEM)
    if not flags & MAP_FIXED:
        addr = uvm_map_findspace(vm, addr, size, align, bool(flags & MAP_TRYFIXED))
    uvm_map_enter(vm, addr, size, prot, maxprot, uobj, offset, cow=not flags & MAP_SHARED)
    if prot != VM_PROT_NONE and (flags & MAP_WIRED or vm.vm_wirefuture):
        if size + uvm_map_wired(vm) > p.p_limit[RLIMIT_MEMLOCK][0]:
            uvm_unmap_remove(vm, addr, addr + size)
            raise KernelError(Errno.ENOMEM)
        uvm_map_pageable(vm, addr, addr + size, pageable=False)
    return addr


def uvm_alignment(vm: VmSpace, addr: int, flags: int) -> int:
    """Return the alignment that flags ask for, bytes, at least a page.

    Raises:
        KernelError: EINVAL, less than a page or more than a word's bits, or a fixed address
            that has not got it. ENOMEM, more than there is memory.
    """
    shift = (flags & MAP_ALIGNMENT_MASK) >> MAP_ALIGNMENT_SHIFT
    if not shift:
        return PAGE_SIZE
    align = 1 << shift
    if shift >= 64 or align < PAGE_SIZE:
        raise KernelError(Errno.EINVAL)
    if align >= vm.vm_layout.usrstack:
        raise KernelError(Errno.ENOMEM)
    if flags & MAP_FIXED and addr & align - 1:
        raise KernelError(Errno.EINVAL)
    return align


def uvm_map_findspace(
    vm: VmSpace, hint: int, size: int, align: int = PAGE_SIZE, exact: bool = False
) -> int:
    """Return where size bytes are free: at hint if they are, else below it, else anywhere.

    With exact the hint may also be above where mappings begin.

    Raises:
        KernelError: ENOMEM.
    """
    top = vm.vm_layout.mmap_top
    hint = round_page(hint)
    if exact and hint >= VM_MIN_ADDRESS and not hint % align:
        end = hint + size
        if end <= vm.vm_layout.usrstack and not uvm_map_busy(vm, hint, end):
            return hint
    tops = (hint + size, top) if VM_MIN_ADDRESS <= hint <= top - size else (top,)
    for limit in tops:
        start = uvm_findspace(vm, size, limit, align)
        if start >= VM_MIN_ADDRESS:
            return start
    raise KernelError(Errno.ENOMEM)


def _range_test(vm: VmSpace, addr: int, size: int, ismmap: bool = False) -> None:
    """Refuse what is not user memory.

    Raises:
        KernelError: EINVAL; for mmap EFBIG or EOVERFLOW if it is too high.
    """
    if addr < VM_MIN_ADDRESS:
        raise KernelError(Errno.EINVAL)
    end = addr + size & _SIZE_MAX
    if end > vm.vm_layout.usrstack + PAGE_SIZE:
        raise KernelError(Errno.EFBIG if ismmap else Errno.EINVAL)
    if addr > end:
        raise KernelError(Errno.EOVERFLOW if ismmap else Errno.EINVAL)


def _range(vm: VmSpace, addr: int, size: int) -> tuple[int, int]:
    """Return the pages that [addr, addr + size) touches.

    Raises:
        KernelError: EINVAL.
    """
    start = trunc_page(addr)
    size = round_page(size + addr - start) & _SIZE_MAX
    _range_test(vm, start, size)
    return start, start + size


def sys_sbrk(lwp: Lwp, incr: int) -> NoReturn:
    """sbrk(2): there has never been such a call; the function of that name uses break.

    Raises:
        KernelError: ENOSYS.
    """
    del lwp, incr
    raise KernelError(Errno.ENOSYS)


def sys_sstk(lwp: Lwp, incr: int) -> NoReturn:
    """sstk(2): never made either.

    Raises:
        KernelError: ENOSYS.
    """
    del lwp, incr
    raise KernelError(Errno.ENOSYS)


def sys_munmap(lwp: Lwp, addr: int, len: int) -> int:
    """munmap(2): take the pages of a range away; that there are none is no error.

    Raises:
        KernelError: EINVAL, no user memory.
    """
    vm = lwp.l_proc.p_vmspace
    if not round_page(len + (addr & PAGE_MASK)):
        return 0
    uvm_unmap_remove(vm, *_range(vm, addr, len))
    return 0


def sys_mprotect(lwp: Lwp, addr: int, len: int, prot: int) -> int:
    """mprotect(2): set what may be done with pages.

    Raises:
        KernelError: EINVAL, no user memory. EACCES, more than their file was opened for, or
            writable and executable.
    """
    vm = lwp.l_proc.p_vmspace
    prot &= VM_PROT_ALL
    start, end = _range(vm, addr, len)
    if prot & _WX == _WX:
        raise KernelError(Errno.EACCES)
    uvm_map_protect(vm, start, end, prot)
    return 0


def sys_minherit(lwp: Lwp, addr: int, len: int, inherit: int) -> int:
    """minherit(2): set what a forked child gets of pages: MAP_INHERIT_*.

    Raises:
        KernelError: EINVAL, no user memory, or inherit.
    """
    vm = lwp.l_proc.p_vmspace
    uvm_map_inherit(vm, *_range(vm, addr, len), inherit)
    return 0


def sys_madvise(lwp: Lwp, addr: int, len: int, behav: int) -> int:
    """madvise(2): tell how pages will be used; MADV_FREE forgets what is in them.

    Raises:
        KernelError: EINVAL, behav, or no user memory. EFAULT, MADV_DONTNEED or MADV_FREE
            where nothing is mapped. EBUSY, MADV_FREE of wired pages.
    """
    vm = lwp.l_proc.p_vmspace
    start, end = _range(vm, addr, len)
    if behav in {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL}:
        uvm_map_advice(vm, start, end, behav)
    elif behav in {MADV_DONTNEED, MADV_FREE}:
        _check_clean(vm, start, end, free=behav == MADV_FREE)
        if behav == MADV_FREE:
            uvm_map_free(vm, start, end)
    elif behav != MADV_WILLNEED:
        raise KernelError(Errno.EINVAL)
    return 0


def _check_clean(vm: VmSpace, start: int, end: int, free: bool) -> None:
    """Check that all of [start, end) is mapped and, if it is to be freed, not wired.

    Raises:
        KernelError: EFAULT, EBUSY.

    Source: uvm_map_clean.
    """
    if uvm_map_hole(vm, start, end):
        raise KernelError(Errno.EFAULT)
    if free and any(segment.wired for segment in uvm_map_entries(vm, start, end)):
        raise KernelError(Errno.EBUSY)


def sys___msync13(lwp: Lwp, addr: int, len: int, flags: int) -> int:
    """msync(2): have what was stored in pages written to their file.

    A length of 0 means the whole segment that addr is in.

    Raises:
        KernelError: EINVAL, flags, or no user memory. EFAULT, some of it is not mapped.
            EBUSY, MS_INVALIDATE of wired pages.
    """
    vm = lwp.l_proc.p_vmspace
    how = flags & (MS_ASYNC | MS_SYNC)
    if not flags or flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE) or how == MS_ASYNC | MS_SYNC:
        raise KernelError(Errno.EINVAL)
    start, end = _range(vm, addr, len)
    if start == end:
        segment = next(uvm_map_entries(vm, start, start + 1), None)
        if segment is None:
            raise KernelError(Errno.EINVAL)
        start, end = segment.start, segment.end
    _check_clean(vm, start, end, free=bool(flags & MS_INVALIDATE))
    for segment in uvm_map_entries(vm, start, end):
        if segment.object is not None and segment.amap is None:
            first = segment.offset + max(start - segment.start, 0)
            last = segment.offset + min(end, segment.end) - segment.start
            segment.object.pgops.pgo_put(segment.object, first, last)
    return 0


def sys_mincore(lwp: Lwp, addr: int, len: int, vec: int) -> int:
    """mincore(2): store at vec a byte for each page: 1 if it is in memory.

    Raises:
        KernelError: EINVAL, addr is no page's start, or len is 0. ENOMEM, some of it is not
            mapped. EFAULT, vec.
    """
    vm = lwp.l_proc.p_vmspace
    size = round_page(len)
    if addr & PAGE_MASK or size <= 0 or addr + size > _SIZE_MAX:
        raise KernelError(Errno.EINVAL)
    for byte in (0, (size >> PAGE_SHIFT) - 1):
        useracc(vm, vec + byte, 1, VM_PROT_WRITE)
    if uvm_map_hole(vm, addr, addr + size):
        raise KernelError(Errno.ENOMEM)
    answer = bytearray()
    for segment in uvm_map_entries(vm, addr, addr + size):
        for at in range(max(addr, segment.start), min(addr + size, segment.end), PAGE_SIZE):
            offset = at - segment.start + segment.offset
            uobj = segment.object
            there = segment.amap is not None and offset >> PAGE_SHIFT in segment.amap
            there = there or segment.wired
            answer.append(there or (uobj is not None and uobj.pgops.pgo_incore(uobj, offset)))
    copyout(vm, answer, vec)
    return 0


def sys_mlock(lwp: Lwp, addr: int, len: int) -> int:
    """mlock(2): keep pages in memory.

    Raises:
        KernelError: EINVAL, no user memory, or some of it is not mapped. EAGAIN,
            RLIMIT_MEMLOCK. ENOMEM, nothing is mapped at addr, or it cannot be touched.
    """
    p = lwp.l_proc
    vm = p.p_vmspace
    start, end = _range(vm, addr, len)
    if end - start + uvm_map_wired(vm) > p.p_limit[RLIMIT_MEMLOCK][0]:
        raise KernelError(Errno.EAGAIN)
    uvm_map_pageable(vm, start, end, pageable=False)
    return 0


def sys_munlock(lwp: Lwp, addr: int, len: int) -> int:
    """munlock(2): pages need not be kept in memory any more.

    Raises:
        KernelError: EINVAL, no user memory, or some of it is not mapped, or not locked.
            ENOMEM, nothing is mapped at addr.
    """
    vm = lwp.l_proc.p_vmspace
    uvm_map_pageable(vm, *_range(vm, addr, len), pageable=True)
    return 0


def sys_mlockall(lwp: Lwp, flags: int) -> int:
    """mlockall(2): mlock all there is (MCL_CURRENT), or will be (MCL_FUTURE).

    Raises:
        KernelError: EINVAL, flags. ENOMEM, RLIMIT_MEMLOCK.
    """
    p = lwp.l_proc
    vm = p.p_vmspace
    if not flags or flags & ~(MCL_CURRENT | MCL_FUTURE):
        raise KernelError(Errno.EINVAL)
    if flags & MCL_FUTURE:
        vm.vm_wirefuture = True
    if flags & MCL_CURRENT:
        todo = [s for s in uvm_map_entries(vm, 0, vm.vm_layout.usrstack) if s.prot]
        if sum(segment.size for segment in todo) > p.p_limit[RLIMIT_MEMLOCK][0]:
            raise KernelError(Errno.ENOMEM)
        for segment in todo:
            segment.wired = True
    return 0


def sys_munlockall(lwp: Lwp) -> int:
    """munlockall(2): undo mlockall and mlock."""
    vm = lwp.l_proc.p_vmspace
    vm.vm_wirefuture = False
    for segment in uvm_map_entries(vm, 0, vm.vm_layout.usrstack):
        segment.wired = False
    return 0
