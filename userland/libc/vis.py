# SPDX-License-Identifier: BSD-2-Clause
"""Bytes made visible, and back: vis(3), unvis(3).  NetBSD lib/libc/gen/vis.c, unvis.c."""

import re
from typing import Final

VIS_OCTAL: Final = 0x0001  # \ddd
VIS_CSTYLE: Final = 0x0002  # \n and the like where there is one
VIS_SP: Final = 0x0004  # blanks too
VIS_TAB: Final = 0x0008
VIS_NL: Final = 0x0010
VIS_WHITE: Final = VIS_SP | VIS_TAB | VIS_NL
VIS_SAFE: Final = 0x0020  # only what could do harm on a terminal
VIS_NOSLASH: Final = 0x0040  # no backslash before a code
VIS_HTTPSTYLE: Final = 0x0080  # %xx
VIS_MIMESTYLE: Final = 0x0100  # =XX

_C_CODES: Final = dict(zip(b"\n\r\b\a\v\t\f ", b"nrbavtfs", strict=True))
_TAKEN: Final = frozenset(b"nrbavtfs0M^$")  # letters that mean something after a backslash
_HTTP_PLAIN: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$-_.+!*'(),"
)
_MIME_SPECIAL: Final = frozenset(b'!"#$@[\\]^`{|}~=')


def _is_graphic(byte: int) -> bool:
    return 0x21 <= byte < 0x7F


def vis(byte: int, flags: int, following: int = 0, extra: bytes = b"") -> bytes:
    """Return the code of a byte.

    Args:
        flags: VIS_*.
        following: the byte after it, for the code of 0 must not run into a digit.
        extra: bytes that get a code although they could be seen.
    """
    if flags & VIS_HTTPSTYLE:
        return bytes((byte,)) if byte in _HTTP_PLAIN else b"%%%02x" % byte
    if flags & VIS_MIMESTYLE:
        plain = byte == 0x0A or (
            (byte in b" \t" or _is_graphic(byte)) and byte not in _MIME_SPECIAL and following != 10
        )
        return bytes((byte,)) if plain or _is_mime(byte) else b"=%02X" % byte
    marked = byte in extra or (byte == 0x5C and not flags & VIS_NOSLASH)
    for white, flag in ((0x20, VIS_SP), (0x09, VIS_TAB), (0x0A, VIS_NL)):
        marked = marked or (byte == white and bool(flags & flag))
    safe = bool(flags & VIS_SAFE) and byte in b"\b\a\r"
    if not marked and (_is_graphic(byte) or byte in b" \t\n" or safe):
        return bytes((byte,))
    return _code(byte, flags, following, marked)


def _is_mime(byte: int) -> bool:
    return _is_graphic(byte) and byte not in _MIME_SPECIAL


def _code(byte: int, flags: int, following: int, marked: bool) -> bytes:
    slash = b"" if flags & VIS_NOSLASH else b"\\"
    if flags & VIS_CSTYLE:
        if byte in _C_CODES:
            return b"\\" + bytes((_C_CODES[byte],))
        if byte == 0:
            return b"\\000" if 0x30 <= following <= 0x37 else b"\\0"
        if byte not in _TAKEN and _is_graphic(byte) and not 0x30 <= byte <= 0x37:
            return b"\\" + bytes((byte,))
    if marked or byte & 0x7F == 0x20 or flags & VIS_OCTAL:
        return b"\\%03o" % byte
    meta, low = byte & 0x80, byte & 0x7F
    text = slash + (b"M" if meta else b"")
    if low < 0x20 or low == 0x7F:
        return text + b"^" + (b"?" if low == 0x7F else bytes((low + 0x40,)))
    return text + b"-" + bytes((low,))


_CODE: Final = re.compile(
    rb"\\(?:(?P<octal>[0-7]{1,3})|(?P<hex>x[0-9a-fA-F]{1,2})|(?P<end>[$\n])|M-(?P<meta>[\x00-\xff])"
    rb"|(?P<control>M?\^)(?P<letter>[\x00-\xff])|(?P<name>[abefnrstv])|(?P<self>[\\\"'#&*;<>?|~`(){}\[\]!]))"
)
_NAMES: Final = dict(zip(b"abefnrstv", b"\a\b\x1b\f\n\r \t\v", strict=True))


class Undecodable(ValueError):
    """What vis does not write; at says where."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def unvis(data: bytes) -> bytes:
    """Return what vis has made data of.

    Raises:
        Undecodable: there is a code that is none.
    """
    out = bytearray()
    at = 0
    while (start := data.find(b"\\", at)) >= 0:
        out += data[at:start]
        match = _CODE.match(data, start)
        if match is None:
            raise Undecodable(start + 1)
        at = match.end()
        if match["octal"]:
            out.append(int(match["octal"], 8) & 0xFF)
        elif match["hex"]:
            out.append(int(match["hex"][1:], 16))
        elif match["meta"]:
            out.append(match["meta"][0] | 0x80)
        elif match["control"]:
            low = match["letter"][0]
            value = 0x7F if low == 0x3F else low & 0x1F
            out.append(value | (0x80 if match["control"][:1] == b"M" else 0))
        elif match["name"]:
            out.append(_NAMES[match["name"][0]])
        elif match["self"]:
            out += match["self"]
    return bytes(out + data[at:])
