# SPDX-License-Identifier: BSD-2-Clause
"""A trace's records collect at the end of its file, and are the file's as soon as anyone looks.

A window is open to the rest of the file's last page and to pages that are free: a record
that fits cannot fail, and one that does not is written.  While it is open, each of the
vnode's operations lets it settle first; so does whoever counts free memory, or takes the
last of it.  So nobody, whatever they ask of the file and however the traced process ends,
can tell it from a file that is written record by record.

NetBSD queues records for a thread that writes them: ktrace_thread, sys/kern/kern_ktrace.c.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from kernel.fs.tmpfs.tmpfs import TmpfsMount, TmpfsNode, TmpfsWindow
from kernel.fs.tmpfs.tmpfs_aobj import aobj_append
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.param import PAGE_SIZE
from kernel.sys.vnode import Vnode, VnodeOps
from native.record import Window


def tmpfs_window(vp: Vnode, window: Window) -> None:
    """Open window, as far as it goes and there is memory.

    Not if it is CLOSED, nor if somebody has the pages mapped, waits for the file to grow, or
    may not write it.
    """
    node: TmpfsNode = vp.v_data
    tmp = node.tn_mount
    ao = node.tn_aobj
    if (
        not window.capacity
        or not ao.ao_tail
        or node.tn_size != ao.ao_end
        or vp.v_klist
        or vp.v_uobj is not None
        or vp.v_mount.mnt_flag & MNT_RDONLY
    ):
        return
    free = tmp.tm_mem_limit - 1 - tmp.tm_mem_used - tmp.tm_held
    held = min(window.capacity, max(free, 0)) // PAGE_SIZE * PAGE_SIZE
    window.open(min(ao.ao_room - ao.ao_end + held, window.capacity))
    tmp.tm_held += held
    tmp.tm_windows[node] = node.tn_window = TmpfsWindow(window, vp.v_op, held)
    vp.v_op = _settling(vp.v_op)


def tmpfs_settle(vp: Vnode) -> None:
    """Let what has collected be the file's, as of the last record, and close the window."""
    node: TmpfsNode = vp.v_data
    if node.tn_window is None:
        return
    tmp = node.tn_mount
    window, vp.v_op, held = node.tn_window
    node.tn_window = None
    del tmp.tm_windows[node]
    tmp.tm_held -= held
    records = window.take()
    if records:
        ao = node.tn_aobj
        room = ao.ao_room
        node.tn_size += len(records)
        aobj_append(ao, records)
        tmp.tm_mem_used += ao.ao_room - room
        node.tn_mtime = node.tn_ctime = window.when


def tmpfs_settle_all(tmp: TmpfsMount) -> None:
    """Let all windows of a file system settle: its memory is counted."""
    for node in list(tmp.tm_windows):
        tmpfs_settle(node.tn_vnode)


@cache
def _settling(ops: VnodeOps) -> VnodeOps:
    """Return ops, each of which lets the window settle first."""
    return VnodeOps(*(_settle_before(getattr(ops, name)) for name in VnodeOps.__match_args__))


def _settle_before(operation: Callable[..., Any]) -> Callable[..., Any]:
    def settled(*args: Any) -> Any:
        tmpfs_settle(args[0] if isinstance(args[0], Vnode) else args[1])  # after the LWP
        return operation(*args)

    return settled
