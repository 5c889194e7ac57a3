# SPDX-License-Identifier: BSD-2-Clause
"""What programs print, as it can be shown to people."""

from kernel.printable import printable


def test_what_is_no_text_is_escaped():
    """Escapes, bells and bytes that are no UTF-8 do not reach a terminal; lines and tabs do."""
    assert printable(b"a\tb\n\x1b[31m\x07\xff\xc3\xa9") == "a\tb\n\\x1b[31m\\x07\\xff\u00e9"
    assert printable("\udc80\u2028") == "\\udc80\\u2028"
