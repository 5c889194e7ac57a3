# SPDX-License-Identifier: BSD-2-Clause
"""What the records of a trace look like.  NetBSD sys/kern/kern_ktrace.c, ktrinitheader.

Every record is made from a form, by native.record; a form is made when the first
record of its kind is.
"""

from functools import cache
from typing import Final

from kernel.sys.cdefs import BIG, Abi, Layout, sizeof
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_GENIO,
    KTR_SYSCALL,
    KTR_SYSRET,
    KtrCsw,
    KtrGenio,
    KtrHeaderV0,
    KtrHeaderV1,
    KtrHeaderV2,
    KtrSyscall,
    KtrSysret,
    ktr_vertype,
)
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.systm import SY_PAD, SY_QUAD, SYS_NSYSENT, Sysent
from native.record import Form, Place, Places

_HEADERS: Final = (KtrHeaderV0, KtrHeaderV1, KtrHeaderV2)
# What is known of a record's payload but for what comes after it: its type, and those of
# its fields whose values change.
_PAYLOADS: Final[dict[int, tuple[type[NamedTuple], tuple[str, ...]]]] = {
    KTR_SYSRET: (KtrSysret, ("ktr_code", "ktr_error", "ktr_retval", "ktr_retval_1")),
    KTR_GENIO: (KtrGenio, KtrGenio._fields),
    KTR_CSW: (KtrCsw, KtrCsw._fields),
}


class Forms:
    """The forms of one version on one ABI.

    Attributes:
        calls: those of KTR_SYSCALL, by call; None: not made yet.
        sysret: that of KTR_SYSRET.
        types: all the others that are made, by type.
    """

    __slots__ = ("_abi", "_version", "calls", "sysret", "types")

    def __init__(self, abi: Abi, version: int) -> None:
        self._abi = abi
        self._version = version
        self.types: dict[int, Form] = {}
        self.calls: list[Form | None] = [None] * SYS_NSYSENT
        self.sysret = self.make(KTR_SYSRET)

    def make(self, record_type: int) -> Form:
        """Make the form of a type: its values, if it has any, then what else the record holds."""
        struct, fields = _PAYLOADS.get(record_type, (None, ()))
        if struct is None:
            made = self._form(record_type, b"", ())
        else:
            layout = self._abi.layouts[struct]
            sizes = dict(zip(layout.offsets, layout.sizes, strict=True))
            places = tuple(Place(layout.offsets[name], sizes[name]) for name in fields)
            made = self._form(record_type, bytes(layout.codec.size), places)
        self.types[record_type] = made
        return made

    def call(self, code: int, entry: Sysent) -> Form:
        """Make the form of a call's record: its registers as the ABI passes them, pads as 0.

        That of no call is not kept: a module may bring one of this number.
        """
        abi, at = self._abi, sizeof(KtrSyscall, self._abi)
        places = []
        for kind, mask in zip(entry.sy_kinds, entry.sy_masks, strict=True):
            size = abi.word * 2 if kind == SY_QUAD and abi.word == 4 else abi.word
            held = min(mask.bit_length() // 8, size)
            if kind != SY_PAD:
                places.append(Place(at + (size - held if abi.byteorder == BIG else 0), held))
            at += size
        size = at - sizeof(KtrSyscall, abi)
        head = abi.layouts[KtrSyscall].codec.pack(code, size)
        made = self._form(KTR_SYSCALL, head + bytes(size), tuple(places))
        if entry.sy_name:
            self.calls[code] = made
        return made

    def _form(self, record_type: int, payload: bytes, values: tuple[Place, ...]) -> Form:
        """Make a form: a header, and behind it payload with the values."""
        header = _HEADERS[self._version]
        layout = self._abi.layouts[header]
        names = list(layout.offsets)
        at = dict(zip(names, map(Place, layout.offsets.values(), layout.sizes), strict=True))
        time = self._abi.layouts[_nested(layout, names.index("ktr_time"))]
        second, fraction = map(
            Place, (at["ktr_time"].at + start for start in time.offsets.values()), time.sizes
        )
        size = layout.codec.size
        return Form(
            layout.codec.pack(0, ktr_vertype(self._version, record_type), 0, b"", 0, 0, 0)
            + payload,
            len(payload),
            self._abi.byteorder == BIG,
            1 if self._version else 1000,
            Places(
                at["ktr_len"], at["ktr_pid"], at["ktr_comm"], second, fraction, at.get("ktr_lid")
            ),
            tuple(Place(size + start, length) for start, length in values),
        )


def _nested(layout: Layout, index: int) -> type:
    """Return the struct that a field is."""
    found = layout.shape[index]
    assert isinstance(found, type)
    return found


@cache
def ktr_forms(abi: Abi, version: int) -> Forms:
    """Return the forms of a version, 0 to 2."""
    return Forms(abi, version)
