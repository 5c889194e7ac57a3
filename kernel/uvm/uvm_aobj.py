# SPDX-License-Identifier: BSD-2-Clause
"""Memory without a name that several processes share.  NetBSD sys/uvm/uvm_aobj.c."""

from kernel.sys.param import PAGE_MASK, PAGE_SHIFT, PAGE_SIZE
from kernel.sys.vm import UvmObject, UvmPagerops


def uao_create(size: int) -> UvmObject:
    """Return an object of size bytes, all 0, with one reference."""
    return UvmObject(aobj_pager, 1, size)


def uao_reference(uobj: UvmObject) -> None:
    """One more map, or a System V segment, holds uobj."""
    uobj.uo_refs += 1


def uao_detach(uobj: UvmObject) -> None:
    """One holder less; the last one frees the pages."""
    uobj.uo_refs -= 1
    if not uobj.uo_refs:
        uobj.uo_pages = {}


def _get(uobj: UvmObject, offset: int, _write: bool) -> memoryview | None:
    number = offset >> PAGE_SHIFT
    page = uobj.uo_pages.get(number)
    if page is None:
        if offset >= uobj.uo_size + PAGE_MASK & ~PAGE_MASK:
            return None
        page = uobj.uo_pages[number] = bytearray(PAGE_SIZE)
    return memoryview(page)


def _put(_uobj: UvmObject, _start: int, _end: int) -> None:
    """There is nowhere else for it to be."""


def _incore(uobj: UvmObject, offset: int) -> bool:
    return offset >> PAGE_SHIFT in uobj.uo_pages


aobj_pager = UvmPagerops(uao_reference, uao_detach, _get, _put, _incore)
