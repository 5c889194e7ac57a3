# SPDX-License-Identifier: BSD-2-Clause
"""What execve has loaded.  NetBSD sys/sys/exec.h."""

from types import CodeType

from kernel.sys.namedtuple import NamedTuple


class ExecImage(NamedTuple):
    """A program ready to start, and to be started again by a fork's replay."""

    code: CodeType | None  # None: source holds a program that does not compile
    path: bytes  # of the program, as namei was given it
    argv: tuple[bytes, ...]
    envp: tuple[bytes, ...]
    source: bytes  # the file's bytes, for tracebacks; b"" for compiled programs
    ps_strings: int  # user address of the argument block
