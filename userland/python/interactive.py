# SPDX-License-Identifier: BSD-2-Clause
"""The interactive prompt.  CPython Python/pythonrun.c: PyRun_InteractiveLoop."""

import sys as host_sys
from codeop import CommandCompiler
from types import CodeType
from typing import Final

from kernel.sys.proc import ProcessExit
from userland.libc import include as libc
from userland.python.runtime import Runtime

_NAME: Final = "<stdin>"
_SHOWS_INPUT: Final = host_sys.version_info >= (3, 13)  # in tracebacks


def interact(runtime: Runtime) -> None:
    """Read statements, run each in __main__ and print its value, to the end of the input.

    Raises:
        SystemExit: a statement did.
    """
    members = vars(runtime.sys)
    members.setdefault("ps1", ">>> ")
    members.setdefault("ps2", "... ")
    compiler = CommandCompiler()
    while (code := _read(runtime, compiler)) is not None:
        if not isinstance(code, str):
            _run(runtime, code)
            runtime.flush()


def _read(runtime: Runtime, compiler: CommandCompiler) -> CodeType | str | None:
    """Read a statement; return its code, None at the end of the input, "" for none."""
    lines: list[str] = []
    try:
        while True:
            prompt = vars(runtime.sys).get("ps2" if lines else "ps1", "")
            libc.write(2, str(prompt).encode("utf-8", "replace"))
            line = runtime.sys.stdin.readline()
            if not line:
                libc.write(2, b"\n")
                if not lines:
                    return None
            lines.append(line.removesuffix("\n"))
            source = "\n".join(lines)
            if _SHOWS_INPUT:
                runtime.sources[_NAME] = source.encode("utf-8", "surrogateescape")
            code = compiler(source, _NAME, "single")
            if code is not None:
                return code
            if not line:
                compile(source, _NAME, "single")  # says why it is not whole
    except KeyboardInterrupt:
        libc.write(2, b"\nKeyboardInterrupt\n")
    except (SyntaxError, OverflowError, ValueError) as exc:
        exc.__context__ = None
        runtime.report(exc.with_traceback(None))
    return ""


def _run(runtime: Runtime, code: CodeType) -> None:
    try:
        exec(code, vars(runtime.main))
    except (SystemExit, ProcessExit):
        raise
    except BaseException as exc:  # noqa: BLE001 - said, and passed over
        runtime.report(exc)
