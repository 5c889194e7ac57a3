# SPDX-License-Identifier: BSD-2-Clause
"""The switch: rows bound to handlers, and what is refused at boot."""

from pathlib import Path

import pytest

from kernel.kern import handlers, kern_time, makesyscalls, sys_descrip
from kernel.kern.init_sysent import sy_arguments, sys_nosys, sysent
from kernel.sys.syscall import SYSCALLS, sysno
from kernel.sys.systm import SY_PAD, SYS_NSYSENT


def test_every_row_has_an_entry():
    """512 entries, a row's at its number; what has no handler is nosys."""
    assert sysent[SYS_NSYSENT - 1].sy_call is sys_nosys
    for row in SYSCALLS.values():
        entry = sysent[row.number]
        if row.name:
            assert (entry.sy_name, entry.sy_narg) == (row.name, row.narg)
        else:
            assert entry.sy_call is sys_nosys


def test_handlers_are_fresh():
    """handlers.py is what makesyscalls makes."""
    assert Path(handlers.__file__).read_text() == makesyscalls.source()


def test_a_handler_without_a_row_is_refused(monkeypatch):
    """A name that the table does not know is a mistake, found when handlers.py is made."""
    monkeypatch.setattr(kern_time, "sys_frobnicate", lambda lwp: 0, raising=False)
    with pytest.raises(TypeError, match=r"no row in syscalls.master for sys_frobnicate"):
        makesyscalls.handlers()


def test_a_handler_with_other_parameters_is_refused(monkeypatch):
    """Names and order are the prototype's."""

    def sys_close(lwp: object, descriptor: int) -> int:
        return descriptor

    monkeypatch.setattr(sys_descrip, "sys_close", sys_close)
    with pytest.raises(TypeError, match=r"sys_close.*descriptor.*its row has.*fd"):
        makesyscalls.handlers()


def test_two_handlers_of_one_name_are_refused(monkeypatch):
    """Which of them would serve?"""
    monkeypatch.setattr(kern_time, "sys_close", lambda lwp, fd: 0, raising=False)
    with pytest.raises(TypeError, match="two handlers called sys_close"):
        makesyscalls.handlers()


@pytest.mark.parametrize(
    ("name", "registers", "arguments"),
    [
        ("close", (2**32 - 1,), [-1]),
        ("close", (), [0]),
        ("close", (3, 4), [3]),
        ("umask", (-1,), [2**32 - 1]),
        ("write", (1, -1, -1), [1, 2**64 - 1, 2**64 - 1]),
        ("lseek", (1, 2**64 - 1, 0), [1, -1, 0]),
    ],
)
def test_registers_are_taken_for_what_the_types_say(name, registers, arguments):
    """Signed or not, 32 bits or 64; missing ones are 0, pads are not among them."""
    entry = sysent[sysno(name)]
    assert sy_arguments(entry, registers) == arguments
    assert len(entry.sy_kinds) - entry.sy_kinds.count(SY_PAD) == len(arguments)
