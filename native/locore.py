# SPDX-License-Identifier: BSD-2-Clause
"""The way into the kernel in C: locore.c.  NetBSD sys/arch/amd64/amd64/locore.S.

The twins in Python are what stands in for: the entry and the trap that are given serve
themselves where the helper is not built, and whenever the helper is not sure.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from native import helper

Entry = Callable[[Any, int, tuple[int, ...]], tuple[int, Any]]  # of an LWP, a number and registers
Field = tuple[type, str]  # an attribute of the objects of a class
Function = TypeVar("Function", bound=Callable[..., Any])

_helper: Final[Any] = helper("_locore")


def plain(
    twin: Entry,
    calls: list[Callable[..., Any]],
    cost: int,
    failed: Callable[..., tuple[int, Any]],
    fields: tuple[Field, ...],
) -> Entry:
    """Return the entry that makes calls and records nothing.

    Args:
        twin: the same in Python.
        calls: the handlers by number, as they are when a call is made.
        cost: what is added to the time after each.
        failed: takes the LWP, number, registers and the exception of a handler; returns (error,
            register).  What is not an Exception goes through.
        fields: the LWP's kernel, its clock; the clock's time; when the next thing is due; the
            LWP's process, its machine, that one's history, a list or None, which a call that
            goes well is put into: number, registers, 0, result; whether the LWP has something to
            do before user mode.
    """
    if _helper is None:
        return twin
    entry: Entry = _helper.Plain(twin, calls, cost, failed, fields)
    return entry


def trap(
    twin: Callable[..., tuple[int, Any]],
    current: Callable[[], Any],
    plain: Entry,
    replay: Entry,
    again: Callable[..., tuple[int, Any]],
    userret: Callable[[Any], None],
    fields: tuple[Field, ...],
) -> Callable[..., tuple[int, Any]]:
    """Return what makes a system call as the process whose stack this is.

    Args:
        twin: the same in Python.
        current: returns the context that runs.
        plain: what plain() returned: made at once for whom has its twin as an entry.
        replay: an entry: whom it serves gets a call's answer from the history if it is next there.
        again: takes the LWP, number, registers and a negative error; returns (error, register).
        userret: does what the LWP has to do before user mode.
        fields: the context's LWP; its process, that one's machine; the machine's entry, its
            history, the index in it of what comes next; whether the LWP has something to do
            before user mode.
    """
    if _helper is None:
        return twin
    entry: Callable[..., tuple[int, Any]] = _helper.Trap(
        twin, current, plain, replay, again, userret, fields
    )
    return entry


def stub(
    trap: Callable[..., tuple[int, Any]],
    code: int,
    twin: Function,
    cerror: Callable[[int], Any] | None,
) -> Function:
    """Return a builtin function that makes call code, with its arguments as registers.

    Args:
        trap: what trap() returned.
        code: the call's number.
        twin: the same in Python, with the name, arguments and docstring.
        cerror: takes an error and raises; None: the call never fails, and of its two registers
            the first is returned.
    """
    if _helper is None:
        return twin
    names = twin.__code__.co_varnames[: twin.__code__.co_argcount]
    defaults = twin.__defaults__ or ()
    given = [f"={value!r}" for value in defaults]
    ends = [""] * (len(names) - len(given)) + given
    signature = ", ".join(map(str.__add__, names, ends))
    doc = f"{twin.__name__}({signature})\n--\n\n{twin.__doc__ or ''}"
    function: Function = _helper.Stub(
        trap, code, twin, cerror, len(names), twin.__name__, doc, twin.__module__
    )
    return function
