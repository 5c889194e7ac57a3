# SPDX-License-Identifier: BSD-2-Clause
"""Printing blocks of input by the formats of hexdump(1).  NetBSD usr.bin/hexdump/display.c."""

import struct
from collections.abc import Callable, Iterator
from typing import Final

from userland.hexdump.parse import OD_NAMES, Format, Print, Unit, rewrite
from userland.libc.include import Writer, errx
from userland.libc.inputs import Inputs

_C_NAMES: Final = {
    0: "\\0",
    7: "\\a",
    8: "\\b",
    9: "\\t",
    10: "\\n",
    11: "\\v",
    12: "\\f",
    13: "\\r",
}
_U_NAMES: Final = (
    "nul soh stx etx eot enq ack bel bs ht lf vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em"
    " sub esc fs gs rs us"
).split()
_FLOATS: Final = {4: "<f", 8: "<d"}


def _graphic(byte: int) -> bool:
    return 0x20 <= byte < 0x7F


def _as_c(byte: int) -> str:
    if byte in _C_NAMES:
        return _C_NAMES[byte]
    return chr(byte) if _graphic(byte) else f"{byte:03o}"


def _as_u(byte: int) -> str:
    if byte < 0x20:
        return _U_NAMES[byte]
    if byte == 0x7F:
        return "del"
    return chr(byte) if _graphic(byte) else f"{byte:02x}"


def _as_od(byte: int) -> str:
    return {0x0A: "nl", 0x20: "sp"}.get(byte) or _as_u(byte)


def _as_p(byte: int) -> str:
    return chr(byte) if _graphic(byte) else "."


_CHARACTERS: Final[dict[str, Callable[[int], str]]] = {
    "_c": _as_c,
    "_p": _as_p,
    "_u": _as_u,
    OD_NAMES: _as_od,
    "c": chr,
}


def shown(piece: Print, data: bytes, address: int) -> str:
    """Return a conversion applied to bytes, or to an address."""
    what = piece.what
    spec = f"%{piece.flags}{piece.width}"
    if what[0] == "_" and what[1] in "Aa":
        return f"{spec}{piece.precision}{what[2]}" % address
    if what in _CHARACTERS:
        return f"{spec.replace('0', '', 1) if piece.flags else spec}s" % _CHARACTERS[what](data[0])
    if what == "s":
        return f"{spec}{piece.precision}s" % data.partition(b"\0")[0].decode("latin-1")
    if what in "eEfgG":
        number: float = struct.unpack(_FLOATS[piece.size], data)[0]
        return f"{spec}{piece.precision}{what}" % number
    value = int.from_bytes(data, "little", signed=what in "di")
    letter = "d" if what in "diu" else what
    if what == "o" and "#" in piece.flags:
        return f"%{piece.flags.replace('#', '')}{piece.width}s" % f"0{value:o}"
    return f"{spec}{piece.precision}{letter}" % value


def blank(piece: Print) -> str:
    """Return the blanks that stand where there is no data."""
    return " " * int(piece.width or 0)


class Display:
    """Prints input by formats."""

    def __init__(self, formats: list[Format], out: Writer, all: bool) -> None:
        """Print by formats; all: also the blocks that repeat the one before."""
        self.formats = formats
        self.out = out
        self.all = all
        self.blocksize = rewrite(formats)
        self.address = 0

    def run(self, names: list[str], skip: int, length: int | None) -> int:
        """Print the files as one; return the exit status."""
        inputs = Inputs(names)
        data = _limited(_skipped(inputs, skip), length)
        self.address = skip
        saved: bytes | None = None
        starred = False
        if not self.blocksize:
            return inputs.status
        for block in _blocks(data, self.blocksize):
            if not self.all and saved == block:
                if not starred:
                    self.out.write(b"*\n")
                starred = True
            else:
                starred = False
                self.block(block)
                saved = block
            self.address += len(block)
        if self.address > skip or skip:
            self.finish()
        return inputs.status

    def block(self, block: bytes) -> None:
        """Print one block; it is shorter than others only at the end of the input."""
        text: list[str] = []
        for form in self.formats:
            at = 0
            for unit in form.units:
                if unit.end:
                    break
                at = self.unit(unit, block, at, text)
        self.out.write("".join(text).encode("latin-1"))

    def unit(self, unit: Unit, block: bytes, at: int, text: list[str]) -> int:
        """Append what a unit prints from block[at] on; return where it stops."""
        for left in range(unit.reps, 0, -1):
            for piece in unit.prints:
                after = piece.after
                before = piece.before
                if left == 1 and piece.trims:
                    if after:
                        after = after[:-1]
                    else:
                        before = before[:-1]
                text.append(before)
                if piece.what:
                    if at >= len(block) and piece.size:
                        text.append(blank(piece))
                    else:
                        data = block[at : at + piece.size].ljust(piece.size, b"\0")
                        text.append(shown(piece, data, self.address + at))
                text.append(after)
                at += piece.size
        return at

    def finish(self) -> None:
        """Print the address where the data ends, by the last format that has it."""
        ends = [unit for form in self.formats for unit in form.units if unit.end]
        for piece in ends[-1].prints if ends else ():
            text = shown(piece, b"", self.address) if piece.what else ""
            self.out.write(f"{piece.before}{text}{piece.after}".encode("latin-1"))


def _skipped(inputs: Inputs, skip: int) -> Iterator[bytes]:
    """Yield what is in the files after so many bytes."""
    left = skip
    for data in inputs.lines():
        if left >= len(data):
            left -= len(data)
            continue
        yield data[left:]
        left = 0
    if left:
        errx(1, "cannot skip past end of input")


def _limited(pieces: Iterator[bytes], length: int | None) -> Iterator[bytes]:
    if length is None:
        yield from pieces
        return
    while length > 0:
        data = next(pieces, b"")[:length]
        if not data:
            return
        length -= len(data)
        yield data


def _blocks(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield the data in blocks of a size, the last one perhaps shorter."""
    rest = bytearray()
    for data in pieces:
        rest += data
        whole = len(rest) - len(rest) % size
        for at in range(0, whole, size):
            yield bytes(rest[at : at + size])
        del rest[:whole]
    if rest:
        yield bytes(rest)
