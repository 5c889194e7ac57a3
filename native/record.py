# SPDX-License-Identifier: BSD-2-Clause
"""Records put together from forms, one at a time, in C or in Python: record.c, record_py.

What a form looks like and what the values mean is the caller's: kern_ktrace.
"""

from typing import TYPE_CHECKING

from native import helper, record_py
from native.record_py import Place, Places

__all__ = ["CLOSED", "Form", "Place", "Places", "Window"]

if TYPE_CHECKING:
    from native.record_py import Form, Window
else:
    _made_in = helper("_record") or record_py
    Form, Window = _made_in.Form, _made_in.Window

CLOSED = Window(0)  # takes nothing
