# SPDX-License-Identifier: BSD-2-Clause
"""Pages of host files, for mmap(2).

A page that may be stored into is kept until the file is used again, in
whatever way; then the host gets it.  So at most one is under way, and what
others of the host write is seen.
"""

import os

from kernel.fs.hostfs.hostfs import HostNode
from kernel.fs.hostfs.hostfs_subr import host_errors, host_fd
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.param import PAGE_SIZE
from kernel.sys.vnode import Vnode


def hostfs_getpages(vp: Vnode, offset: int, write: bool) -> memoryview | None:
    """Return the page at offset; None behind the end.

    Raises:
        KernelError: as the host says.
    """
    hostfs_flush(vp)
    node: HostNode = vp.v_data
    with host_errors():
        data = os.pread(host_fd(vp, FREAD), PAGE_SIZE, offset)
    if not data:
        return None
    page = bytearray(data.ljust(PAGE_SIZE, b"\0"))
    if write:
        node.hn_page = (offset, len(data), page)
    return memoryview(page)


def hostfs_flush(vp: Vnode) -> None:
    """Give the host the page that was last stored into.

    Raises:
        KernelError: as the host says.
    """
    node: HostNode = vp.v_data
    if node.hn_page is None:
        return
    (offset, size, page), node.hn_page = node.hn_page, None
    with host_errors():
        os.pwrite(host_fd(vp, FWRITE), page[:size], offset)


def hostfs_putpages(vp: Vnode, _offlo: int, _offhi: int) -> None:
    """Flush; with the last mapping of a file that is closed, the host's file is closed too.

    Raises:
        KernelError: as the host says.
    """
    hostfs_flush(vp)
    if not hostfs_inuse(vp):
        vp.v_data.release()


def hostfs_inuse(vp: Vnode) -> bool:
    """Whether vp's data must stay in reach: it is open, or mapped."""
    return bool(vp.v_data.hn_opencnt or (vp.v_uobj is not None and vp.v_uobj.uo_refs))
