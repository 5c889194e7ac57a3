# SPDX-License-Identifier: BSD-2-Clause
"""The unwinding of a stack whose process has ended: ProcessExit goes through a program's frames.

A program may swallow it and go on, in a loop around a bare `except:`.  It makes no more calls, or
fails to as what it calls is gone, and nobody else would ever run.
"""

import sys
from opcode import opmap
from types import CodeType, FrameType
from typing import Any, Final

_BARE: Final = bytes((opmap["PUSH_EXC_INFO"], opmap["POP_TOP"]))
_LOOP: Final = opmap["JUMP_BACKWARD"]
_PATIENCE: Final = 100_000  # lines and calls, which the clearing of some thousand modules is not

_undead: Final[list[object]] = []  # stacks that stand still: collecting one would run it again


class _Watch:
    """A trace function that lets a stack stand still when it does not end."""

    def __init__(self, context: Any, before: Any) -> None:
        self.context = context
        self.before = before  # what traces who runs next
        self.events = 0

    def __call__(self, frame: FrameType, event: str, arg: object) -> "_Watch":
        del frame, event, arg
        self.events += 1
        if self.events > _PATIENCE:
            sys.settrace(self.before)
            # The interpreter does not trace while it traces: what runs next would not be.
            sys.call_tracing(stand_still, (self.context,))
        return self


def stand_still(context: Any) -> None:
    """Leave context, which runs, for ever."""
    unwound()
    _undead.append(context)
    context.parent.switch()


def watch_unwinding(context: Any, frame: FrameType | None) -> None:
    """ProcessExit will go through frame, where context is, and those that called it: see to it."""
    stack = []
    while frame is not None:
        stack.append(frame)
        frame = frame.f_back
    if any(_may_swallow(each.f_code) for each in stack):
        watch = _Watch(context, sys.gettrace())
        for each in stack:
            each.f_trace = watch
        sys.settrace(watch)


def unwound() -> None:
    """It is out, or will never be: what runs next is not watched."""
    watch = sys.gettrace()
    if isinstance(watch, _Watch):
        sys.settrace(watch.before)


def _may_swallow(code: CodeType) -> bool:
    """Whether code has a handler of all exceptions, and a loop to go on with."""
    if not code.co_exceptiontable:
        return False
    operations = code.co_code[::2]
    return _LOOP in operations and (_BARE in operations or "BaseException" in code.co_names)
