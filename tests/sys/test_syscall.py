# SPDX-License-Identifier: BSD-2-Clause
"""The system call table against NetBSD's own."""

from pathlib import Path

import pytest

from kernel.sys import syscall
from kernel.sys.syscall import SYSCALLS, Syscall, SyscallArg, read_master, sysno

TABLES = Path(__file__).parent.parent / "data" / "tables"


def table(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text().splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(
    ("number", "display"), table("syscalls_netbsd10.tsv"), ids=lambda field: field
)
def test_each_call_is_shown_as_netbsd_10_shows_it(number: str, display: str) -> None:
    """kdump's name for each number is NetBSD's."""
    assert SYSCALLS[int(number)].display == display


def test_the_table_ends_where_netbsd_10_ends() -> None:
    """No number is missing, none is invented."""
    assert sorted(SYSCALLS) == [int(row[0]) for row in table("syscalls_netbsd10.tsv")]


REPLACED_SINCE_2003 = {210}  # a loadable module's then, afssys now

ROWS_WITH_ARGUMENTS = [
    pytest.param(SYSCALLS[int(number)], int(ilp32), int(lp64), id=f"{number}-{name}")
    for number, name, ilp32, lp64, _ in table("syscalls_2003.tsv")
    if lp64 and SYSCALLS[int(number)].name and int(number) not in REPLACED_SINCE_2003
]


@pytest.mark.parametrize(("call", "ilp32", "lp64"), ROWS_WITH_ARGUMENTS)
def test_arguments_take_the_bytes_that_2003_recorded(call: Syscall, ilp32: int, lp64: int) -> None:
    """ktr_argsize of a call is what NetBSD's kernel wrote, for both word sizes."""
    assert (call.argsize_ilp32, call.argsize) == (ilp32, lp64)


def test_most_calls_of_2003_are_still_there() -> None:
    """The comparison above is of nearly the whole table, not of a handful."""
    assert len(ROWS_WITH_ARGUMENTS) > 270


def test_a_row_is_read_whole() -> None:
    """Number, type, names, types, padding and flags come from the row."""
    call = SYSCALLS[173]
    assert (call.number, call.type, call.name, call.rtype) == (173, "STD", "pread", "ssize_t")
    assert call.func == "sys_pread"
    assert call.args[1] == SyscallArg("void *", "buf")
    assert [arg.is_pad for arg in call.args] == [False, False, False, True, False]
    assert call.params == ("fd", "buf", "nbyte", "offset")
    assert (call.narg, call.rump, call.module) == (5, True, "")


def test_names_of_changed_calls_say_the_release() -> None:
    """sys|50|stat is __stat50, and a COMPAT_50 call is compat_50_ and its name."""
    assert sysno("__stat50") == 439
    assert sysno("___lwp_park60") == 478
    assert SYSCALLS[sysno("compat_50_wait4")].func == "compat_50_sys_wait4"
    assert SYSCALLS[sysno("compat_13_sigaction13")].number == 46
    assert SYSCALLS[sysno("break")].func == "sys_obreak"


def test_variable_arguments_are_marked() -> None:
    """The mode of open(2) comes after "..."."""
    assert [arg.variadic for arg in SYSCALLS[sysno("open")].args] == [False, False, True]


def test_python_keywords_get_an_underscore() -> None:
    """rename(from, to) is bound to a handler with a parameter from_."""
    assert SYSCALLS[sysno("rename")].params == ("from_", "to")
    assert SYSCALLS[sysno("__select50")].params == ("nd", "in_", "ou", "ex", "tv")


def test_no_call_passes_more_registers_than_there_are() -> None:
    """SYS_MAXSYSARGS holds for every row."""
    assert max(call.narg for call in SYSCALLS.values()) <= 8


def test_an_unknown_name_is_a_key_error() -> None:
    """sysno() does not make numbers up."""
    with pytest.raises(KeyError):
        sysno("frobnicate")


@pytest.mark.parametrize(
    "text",
    [
        "1\tSTD\t{ int|sys||exit(int rval); }",
        "0\tSTD\t{ int|sys||exit(int rval) }",
        "0\tSTD\texit",
        "0\tOBSOL\t{ int|sys||exit(int rval); }",
    ],
    ids=["out of order", "no semicolon", "no prototype", "an obsolete prototype"],
)
def test_a_bad_row_is_refused(text: str) -> None:
    """A mistake in the table stops the import, and names the row."""
    with pytest.raises(ValueError, match="bad row where 0 should be"):
        read_master(text)


def test_the_table_is_as_it_has_to_be() -> None:
    """syscalls.master passes the look at each row that its reader at start does without."""
    text = (Path(syscall.__file__).parents[1] / "kern" / "syscalls.master").read_text()
    assert dict(read_master(text)) == dict(SYSCALLS)


def test_a_row_may_go_on() -> None:
    """A backslash at the end of a line joins the next one."""
    joined = read_master("0\tSTD\t{ int|sys||kill(pid_t pid, \\\n\t\t    int signum); }\n")
    assert joined[0].params == ("pid", "signum")
