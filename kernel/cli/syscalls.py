# SPDX-License-Identifier: BSD-2-Clause
"""`syscalls`: the table as text."""

import argparse
import sys

from kernel.cli.ending import fail
from kernel.kern.init_sysent import sys_nosys, sysent
from kernel.sys.syscall import SYSCALLS, Syscall
from userland.libktrace.spelling import did_you_mean


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    parser = argparse.ArgumentParser(
        prog="python -m kernel syscalls", description="Print the system call table."
    )
    parser.add_argument("--all", action="store_true", help="calls without a handler, too")
    parser.add_argument("names", nargs="*", help="only these")
    return parser


def main(argv: list[str]) -> int:
    """Print the table; return 0."""
    options = parser().parse_args(argv)
    known = {row.name for row in SYSCALLS.values()}
    for name in options.names:
        if name not in known:
            return fail("syscalls", f"no call {name!r}{did_you_mean(name, known)}")
    rows = [
        row
        for row in SYSCALLS.values()
        if (row.name in options.names if options.names else options.all or implemented(row))
    ]
    sys.stdout.write(text(rows))
    return 0


def implemented(row: Syscall) -> bool:
    """Return whether the call has a handler."""
    return bool(row.name) and sysent[row.number].sy_call is not sys_nosys


def prototype(row: Syscall) -> str:
    """Return the call as C declares it."""
    if not row.name:
        return row.display
    args = ", ".join(
        f"{'... ' * arg.variadic}{arg.ctype}{'' if arg.ctype.endswith('*') else ' '}{arg.name}"
        for arg in row.args
        if not arg.is_pad
    )
    return f"{row.rtype} {row.name}({args or 'void'})"


def _missing(row: Syscall) -> bool:
    return bool(row.name) and not implemented(row)


def text(rows: list[Syscall]) -> str:
    """Return one line a row: number, prototype, and a mark where there is no handler."""
    return "".join(
        f"{row.number:4}  {prototype(row)}{'  [ENOSYS]' if _missing(row) else ''}\n" for row in rows
    )
