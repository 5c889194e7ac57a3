# SPDX-License-Identifier: BSD-2-Clause
"""A trace file outside: records go to a file of the host, or to a buffer of a test."""

import errno
from dataclasses import replace
from typing import BinaryIO

from kernel.kern.kern_descrip import badfileops
from kernel.kern.kern_subr import uiogather
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FAPPEND, FWRITE
from kernel.sys.file import DTYPE_MISC, File
from kernel.sys.ioccom import FIONSPACE
from kernel.sys.proc import Lwp
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.uio import Uio

# What the host may say of a full disk, by its numbers.
_NAMES = {getattr(errno, name): name for name in ("ENOSPC", "EDQUOT", "EFBIG")}
_ROOM = (0x7FFF_FFFF).to_bytes(4, "little")  # what a write takes without waiting: anything


def _sink_write(_lwp: Lwp, fp: File, uio: Uio, _flags: int) -> None:
    """Hand the bytes to the host.

    Raises:
        KernelError: ENOSPC, EDQUOT, EFBIG or EIO, what the host says.
    """
    sink: BinaryIO = fp.f_data
    try:
        sink.write(uiogather(uio, uio.uio_resid))
    except OSError as exc:
        name = _NAMES.get(exc.errno or 0, "EIO")
        raise KernelError(Errno[name]) from exc


def _sink_ioctl(_lwp: Lwp, _fp: File, com: int, _data: bytes) -> bytes:
    return _ROOM if com == FIONSPACE else b""


def _sink_close(_lwp: Lwp | None, fp: File) -> None:
    """The last process has let go: see that the host has it all."""
    try:
        fp.f_data.flush()
    except OSError as exc:
        raise KernelError(Errno.EIO) from exc


_sinkops = replace(
    badfileops,
    fo_name="sink",
    fo_write=_sink_write,
    fo_ioctl=_sink_ioctl,
    fo_close=_sink_close,
)


def tracesink(sink: BinaryIO) -> File:
    """Return an open file whose writes go to sink, for ktrace_common."""
    return File(DTYPE_MISC, _sinkops, sink, FWRITE | FAPPEND, ROOT_CRED)
