# SPDX-License-Identifier: BSD-2-Clause
"""Records put together from forms, one at a time, in C or in Python: record.c, record_py.

What a form looks like and what the values mean is the caller's: kern_ktrace.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from native import helper, record_py
from native.record_py import Place, Places

__all__ = ["CLOSED", "Form", "Outlet", "Place", "Places", "Window", "recorder"]

_Recorder = TypeVar("_Recorder", bound=Callable[..., None])
Field = tuple[type, str]  # an attribute of the objects of a class

_helper: Final[Any] = helper("_record")

if TYPE_CHECKING:
    from native.record_py import Form, Outlet, Window
else:
    _made_in = _helper or record_py
    Form, Outlet, Window = _made_in.Form, _made_in.Outlet, _made_in.Window

CLOSED = Window(0)  # takes nothing


def recorder(twin: _Recorder, returns: bool, fields: tuple[Field, ...]) -> _Recorder:
    """Return what records a call, or what it returns, if the window of its trace has room.

    Args:
        twin: the same in Python, which serves in all other cases: takes the LWP and the call's
            number, then its registers, or error and register (None: 0).
        returns: twin records what calls return.
        fields: the LWP's kernel, its clock; whether that is real, then the twin serves; its time;
            what is added to that; the LWP's process; its trace's file, or None; that one's
            window; the process's number; its name; the LWP's number; the process's forms;
            theirs of calls, a list by number with None for those that are not made; theirs of
            returns.
    """
    if _helper is None:
        return twin
    made: _Recorder = _helper.Recorder(twin, returns, fields)
    return made
