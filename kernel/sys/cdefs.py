# SPDX-License-Identifier: BSD-2-Clause
"""C types as annotations: a NamedTuple is a struct.  NetBSD sys/sys/cdefs.h, types.h.

A record is declared once, as a NamedTuple whose annotations are C types; its
size, its offsets and its codec follow for every ABI:

    class KtrGenio(NamedTuple):
        ktr_fd: Int
        ktr_rw: Int

    sizeof(KtrGenio) == 8; pack(KtrGenio(1, UIO_WRITE)); unpack_from(KtrGenio, payload)

A struct may hold another one, and arrays of integers.  Padding is zero.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final, TypeAlias, TypeVar, get_type_hints

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple

LITTLE: Final = "<"
BIG: Final = ">"


@dataclass(frozen=True, slots=True)
class CType:
    """A scalar: struct letter per word size, and for arrays how many of them."""

    ilp32: str  # format letter where a word is 4 bytes
    lp64: str  # format letter where a word is 8 bytes
    count: int = 0  # 0 is a scalar; CharArray and arrays of integers say how many


Char: TypeAlias = Annotated[int, CType("b", "b")]
UChar: TypeAlias = Annotated[int, CType("B", "B")]
Short: TypeAlias = Annotated[int, CType("h", "h")]
UShort: TypeAlias = Annotated[int, CType("H", "H")]
Int: TypeAlias = Annotated[int, CType("i", "i")]
UInt: TypeAlias = Annotated[int, CType("I", "I")]
Int64: TypeAlias = Annotated[int, CType("q", "q")]
UInt64: TypeAlias = Annotated[int, CType("Q", "Q")]
Long: TypeAlias = Annotated[int, CType("i", "q")]
ULong: TypeAlias = Annotated[int, CType("I", "Q")]
Pointer: TypeAlias = Annotated[int, CType("I", "Q")]
Register: TypeAlias = Annotated[int, CType("i", "q")]  # register_t, as wide as a word


def CharArray(size: int) -> CType:
    """Annotate bytes as char[size]: Annotated[bytes, CharArray(20)]."""
    return CType("s", "s", size)


def UIntArray(size: int) -> CType:
    """Annotate a tuple of integers as u_int[size]."""
    return CType("I", "I", size)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of one struct are on one ABI."""

    codec: struct.Struct  # over the scalars, nested structs and arrays flattened
    offsets: dict[str, int]  # bytes from the start of the struct
    sizes: tuple[int, ...]  # bytes of each field
    align: int
    shape: tuple[type | int | None, ...]  # per field: nested struct, array length, scalar
    flat: bool  # every field is one value of the codec


class _Layouts(dict[type, Layout]):
    """The layouts of one ABI, each computed when it is first asked for."""

    def __init__(self, abi: "Abi") -> None:
        super().__init__()
        self.abi = abi

    def __missing__(self, cls: type) -> Layout:
        layout = self[cls] = _measure(cls, self.abi)
        return layout


@dataclass(frozen=True)
class Abi:
    """What the layout of a struct depends on.

    Attributes:
        word: bytes of a long, a pointer and a register_t, 4 or 8.
        byteorder: LITTLE or BIG.
        max_align: no scalar is aligned to more bytes: 8, on i386 4, on m68k 2.
    """

    word: int
    byteorder: str
    max_align: int
    layouts: _Layouts = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layouts", _Layouts(self))


LP64: Final = Abi(8, LITTLE, 8)  # amd64
LP64_BE: Final = Abi(8, BIG, 8)  # sparc64
I386: Final = Abi(4, LITTLE, 4)
ILP32: Final = Abi(4, LITTLE, 8)  # arm, mipsel
ILP32_BE: Final = Abi(4, BIG, 8)  # powerpc, sparc
M68K: Final = Abi(4, BIG, 2)

_Record = TypeVar("_Record", bound=NamedTuple)


def _round_up(offset: int, align: int) -> int:
    return -(-offset // align) * align


def _measure(cls: type, abi: Abi) -> Layout:
    """Lay out the struct as the psABI does: each field at a multiple of its alignment."""
    layout_format, at, struct_align = "", 0, 1
    offsets: dict[str, int] = {}
    sizes: list[int] = []
    shape: list[type | int | None] = []
    for name, hint in get_type_hints(cls, include_extras=True).items():
        if hasattr(hint, "_fields"):
            inner = abi.layouts[hint]
            text, size, align = inner.codec.format[1:], inner.codec.size, inner.align
            shape.append(hint)
        else:
            ctype: CType = hint.__metadata__[0]
            letter = ctype.lp64 if abi.word == 8 else ctype.ilp32
            text = f"{ctype.count or ''}{letter}"
            size = struct.calcsize("=" + text)
            align = min(struct.calcsize("=" + letter), abi.max_align)
            shape.append(ctype.count if ctype.count and letter != "s" else None)
        start = _round_up(at, align)
        layout_format += "x" * (start - at) + text
        offsets[name] = start
        sizes.append(size)
        at = start + size
        struct_align = max(struct_align, align)
    layout_format += "x" * (_round_up(at, struct_align) - at)
    codec = struct.Struct(abi.byteorder + layout_format)
    return Layout(codec, offsets, tuple(sizes), struct_align, tuple(shape), not any(shape))


def _flatten(values: Sequence[Any], layout: Layout, abi: Abi) -> Iterator[Any]:
    """Yield the codec's values of a record that holds structs or arrays."""
    for value, part in zip(values, layout.shape, strict=True):
        if part is None:
            yield value
        elif isinstance(part, int):
            yield from value
        else:
            yield from _flatten(value, abi.layouts[part], abi)


def _gather(values: Iterator[Any], cls: type[_Record], abi: Abi) -> _Record:
    """Build the record whose flattened values are next in values."""
    fields: list[Any] = []
    for part in abi.layouts[cls].shape:
        if part is None:
            fields.append(next(values))
        elif isinstance(part, int):
            fields.append(tuple(next(values) for _ in range(part)))
        else:
            fields.append(_gather(values, part, abi))
    return cls(*fields)


def sizeof(cls: type, abi: Abi = LP64) -> int:
    """Return the bytes the struct takes, trailing padding included."""
    return abi.layouts[cls].codec.size


def offsetof(cls: type, name: str, abi: Abi = LP64) -> int:
    """Return the bytes before the field; KeyError if there is no such field."""
    return abi.layouts[cls].offsets[name]


def codec(cls: type, abi: Abi = LP64) -> struct.Struct:
    """Return the compiled codec over the flattened fields, for loops that are hot."""
    return abi.layouts[cls].codec


def pack(record: NamedTuple, abi: Abi = LP64) -> bytes:
    """Return the record as the ABI's bytes.

    Raises:
        struct.error: a value does not fit its field.
    """
    layout = abi.layouts[type(record)]
    if layout.flat:
        return layout.codec.pack(*record)
    return layout.codec.pack(*_flatten(record, layout, abi))


def unpack_from(
    cls: type[_Record],
    payload: bytes | bytearray | memoryview,
    offset: int = 0,
    abi: Abi = LP64,
) -> _Record:
    """Return the record that starts at offset (bytes) of payload.

    Raises:
        struct.error: payload ends before the record does.
    """
    layout = abi.layouts[cls]
    values = layout.codec.unpack_from(payload, offset)
    if layout.flat:
        return cls(*values)
    return _gather(iter(values), cls, abi)
