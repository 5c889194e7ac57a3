# SPDX-License-Identifier: BSD-2-Clause
"""What programs print, as it can be shown to people."""


def printable(data: bytes | str) -> str:
    """Return text that can be shown anywhere: with what is no UTF-8 or no text escaped."""
    text = data.decode("utf-8", "backslashreplace") if isinstance(data, bytes) else data
    return "".join(
        c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text
    )
