# SPDX-License-Identifier: BSD-2-Clause
"""A trace file outside: records go to a file of the host, or to a buffer of a test."""

import errno
from contextlib import suppress
from functools import partial
from typing import BinaryIO

from kernel.kern.kern_descrip import badfileops
from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FAPPEND, FWRITE
from kernel.sys.file import DTYPE_MISC, File
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.ucred import ROOT_CRED
from native.record import Outlet

# What the host may say of a full disk, by its numbers.
_NAMES = {getattr(errno, name): name for name in ("ENOSPC", "EDQUOT", "EFBIG")}


def _sink_append(_lwp: Lwp, fp: File, data: bytes | bytearray | memoryview) -> None:
    """Hand a record to the host.

    Raises:
        KernelError: ENOSPC, EDQUOT, EFBIG or EIO, what the host says.
    """
    try:
        fp.f_data.write(data)
    except OSError as exc:
        raise KernelError(Errno[_NAMES.get(exc.errno or 0, "EIO")]) from exc


def _flush(sink: BinaryIO) -> None:
    """See that the host has it all; who opened the file hears of errors when it closes it."""
    with suppress(OSError):
        sink.flush()


def _sink_close(kernel: Kernel, _lwp: Lwp | None, fp: File) -> None:
    """The last process has let go."""
    del kernel.behind[fp]
    _flush(fp.f_data)


_sinkops = replace(
    badfileops,
    fo_name="sink",
    fo_append=_sink_append,
    fo_ioctl=lambda _lwp, _fp, _com, _data: b"",
)


def tracesink(kernel: Kernel, sink: BinaryIO) -> File:
    """Return an open file whose writes go to sink, for ktrace_common.

    What sink holds back, the host gets when the machine has to wait for it: who follows the
    trace outside then sees what has happened.
    """
    ops = replace(_sinkops, fo_close=partial(_sink_close, kernel))
    fp = File(DTYPE_MISC, ops, sink, FWRITE | FAPPEND, ROOT_CRED, f_window=Outlet(sink.write))
    kernel.behind[fp] = partial(_flush, sink)
    return fp
