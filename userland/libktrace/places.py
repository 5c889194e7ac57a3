# SPDX-License-Identifier: BSD-2-Clause
"""Where the fields of a record's header are, for those who read it in C."""

from typing import Final

from kernel.sys.cdefs import BIG, offsetof, sizeof
from kernel.sys.ktrace import MAXCOMLEN, KtrTimespec, KtrTimespec32, KtrTimeval
from userland.libktrace.detect import MAX_PAYLOAD
from userland.libktrace.records import HEADERS, TraceFormat

_TIMES: Final[tuple[type, ...]] = (KtrTimeval, KtrTimespec32, KtrTimespec)  # by version


def places(format: TraceFormat) -> dict[str, int]:
    """Return where the fields of a record are, in the words of native/layout.h."""
    version, abi = format
    header, time = HEADERS[version], _TIMES[version]
    sec, fraction = abi.layouts[time].offsets.values()
    time_at = offsetof(header, "ktr_time", abi)
    return {
        "bigendian": abi.byteorder == BIG,
        "word": abi.word,
        "header": sizeof(header, abi),
        "type_size": 2 if version == 0 and abi.byteorder == BIG else 4,
        "pid_at": offsetof(header, "ktr_pid", abi),
        "comm_at": offsetof(header, "ktr_comm", abi),
        "comm_len": MAXCOMLEN,
        "sec_at": time_at + sec,
        "sec_size": fraction - sec,
        "frac_at": time_at + fraction,
        "frac_size": abi.word,
        "lid_at": offsetof(header, "ktr_lid", abi) if version else 0,
        "stamp": version << 16,
        "longest": MAX_PAYLOAD,
        "unit": 1 if version else 1000,
    }
