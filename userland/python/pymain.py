# SPDX-License-Identifier: BSD-2-Clause
"""python3's way from its command line to the program.  CPython Modules/main.c."""

import marshal
import posixpath as host_path
import sys as host_sys
from collections.abc import Callable
from contextlib import suppress
from importlib.machinery import BuiltinImporter
from importlib.util import MAGIC_NUMBER
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.exec import ExecImage
from kernel.sys.module import autoload
from userland.libc import include as libc
from userland.libc.data import curdata
from userland.libc.machine import cpu_setframes, curlwp
from userland.libc.realpath import realpath
from userland.python import signal
from userland.python.initconfig import Config, FatalError, UsageError, read
from userland.python.instrument import compile_program, may_wait
from userland.python.runtime import Runtime
from userland.python.sysmodule import EXECUTABLE

if TYPE_CHECKING:
    from userland.python import interactive
else:
    interactive = autoload("userland.python.interactive")

_ARCHIVE: Final = b"PK\5\6"  # what the end of a zip file begins with
_ARCHIVE_END: Final = 65_557  # bytes: how long it may be
_BLOCK: Final = 65_536
_COPYRIGHT: Final = 'Type "help", "copyright", "credits" or "license" for more information.'
_PYC_HEADER: Final = 16  # bytes before the code in a .pyc
_SHOWS_COMMANDS: Final = host_sys.version_info >= (3, 13)  # tracebacks have -c's own lines
_VARIABLES: Final = b"PYTHON"  # what their names begin with
_USAGE: Final = "usage: {} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
_HELP: Final = """\
Options that every Python has, and what they do here:
-b     : warn of bytes compared with str; -bb: that is an error
-B     : write no .pyc files; also PYTHONDONTWRITEBYTECODE=x
-c cmd : the program is this string
-d     : debug the parser: nothing here; also PYTHONDEBUG=x
-E     : ignore the PYTHON* variables
-h     : this help; also -?, --help
-i     : ask for more after the program; also PYTHONINSPECT=x
-I     : isolate from the environment and the user: -E, -P and -s
-m mod : the program is this module
-O     : no asserts; -OO: no docstrings; also PYTHONOPTIMIZE=x
-P     : do not look for modules beside the program; also PYTHONSAFEPATH
-q     : no words at the start of an interactive session
-s     : no user's site directory; also PYTHONNOUSERSITE=x
-S     : no 'import site'
-u     : stdout and stderr without buffers; also PYTHONUNBUFFERED=x
-v     : tell of imports; also PYTHONVERBOSE=x
-V     : the version; -VV: more of it; also --version
-W arg : a filter of warnings, as action:message:category:module:line; also PYTHONWARNINGS=arg
-x     : skip the first line of the program
-X opt : an option of this implementation: dev, utf8, int_max_str_digits=number, ...
file   : the program; -, or nothing: read from the standard input
"""
_HELP_XOPTIONS: Final = """\
Options of this implementation; all can be given, those not named here do nothing:
-X dev : more checks: warnings are shown, faults say where
-X faulthandler: say where the program is when a signal ends it
-X frozen_modules=[on|off]: where the first modules come from
-X int_max_str_digits=number: digits of an integer in a string; 0: any number
-X pycache_prefix=path: sys.pycache_prefix
-X utf8[=0|1]: UTF-8 mode
-X warn_default_encoding: warn of files opened without an encoding
"""
_HELP_ENV: Final = """\
Variables that change what python3 does:
PYTHONBREAKPOINT: what breakpoint() calls; 0: nothing
PYTHONDEVMODE   : as -X dev
PYTHONFAULTHANDLER: as -X faulthandler
PYTHONHASHSEED  : checked, but hashes are the same on each run
PYTHONHOME      : not looked at: the library is where it is
PYTHONINTMAXSTRDIGITS: as -X int_max_str_digits
PYTHONIOENCODING: encoding[:errors] of the standard streams
PYTHONPATH      : directories to import from, a colon between them
PYTHONPYCACHEPREFIX: as -X pycache_prefix
PYTHONSTARTUP   : a file that an interactive session runs first
PYTHONUTF8      : as -X utf8
PYTHONWARNDEFAULTENCODING: as -X warn_default_encoding
and those that are named with the options: PYTHONDEBUG, PYTHONDONTWRITEBYTECODE, PYTHONINSPECT,
PYTHONNOUSERSITE, PYTHONOPTIMIZE, PYTHONSAFEPATH, PYTHONUNBUFFERED, PYTHONVERBOSE, PYTHONWARNINGS
"""


def main() -> None:
    """Run what the command line names; the exceptions of the program are the caller's.

    Raises:
        SystemExit: the command line, or the end of the program.
    """
    data = curdata()
    runtime: Runtime = data.runtime
    argv = [_text(arg) for arg in data.argv]
    program = argv[0] if argv else ""
    config = _config(argv, data.environ, program)
    if config.wanted:
        _tell(config, program)
        raise SystemExit(0)
    runtime.own_modules()
    signal._enter_interrupted()
    signal._install_handlers()
    _initialize(runtime, config)
    run = _runner(runtime, config)
    try:
        run()
    except BaseException as exc:
        if not _inspect(config):
            raise
        if isinstance(exc, SystemExit):
            runtime.report(exc)
        elif data.uncaught is not None:
            data.uncaught(exc)
    if _inspect(config):
        _repl(runtime)


def run_image(runtime: Runtime, image: ExecImage) -> None:
    """Run a Python source that execve(2) has loaded, as if python3 had been given it."""
    filename, compiles = _load_image(runtime, image)
    if compiles or image.code is None:
        execute(runtime, image.source, filename)
    else:
        exec(image.code, vars(runtime.main))


def _load_image(runtime: Runtime, image: ExecImage) -> tuple[str, bool]:
    """Prepare for a program; return its file's name, and whether it is to be compiled again."""
    config = _config([EXECUTABLE, "-"], runtime.data.environ, EXECUTABLE)
    argv = [EXECUTABLE, *(_text(arg) for arg in image.argv)]
    config.argv, config.orig_argv = argv[1:], argv
    path = image.path
    if not path.startswith(b"/"):
        path = curlwp().l_proc.p_path
    filename = _text(path)
    _initialize(runtime, config)
    _path0(runtime, config, host_path.dirname(filename))
    main = vars(runtime.main)
    main["__file__"], main["__cached__"] = filename, None
    main["__loader__"] = runtime.file_loader("SourceFileLoader", filename)
    runtime.sources[filename] = image.source
    again = config.optimize or path != image.path or curlwp().l_kernel.preempt
    return filename, bool(again) or may_wait(image.source)


def _config(argv: list[str], environ: dict[bytes, bytes], program: str) -> Config:
    """Read the command line, and what of the environment is Python's.

    Raises:
        SystemExit: it is wrong, as was said on stderr.
    """
    variables = {
        _text(name): _text(value) for name, value in environ.items() if name.startswith(_VARIABLES)
    }
    try:
        return read(argv, variables)
    except UsageError as exc:
        usage = _USAGE.format(program)
        _say(f"{exc}\n{usage}Try `python -h' for more information.\n")
        raise SystemExit(2) from None
    except FatalError as exc:
        state = "preinitializing" if str(exc).startswith("preconfig") else "preinitialized"
        _say(f"Fatal Python error: {exc}\nPython runtime state: {state}\n\n")
        raise SystemExit(1) from None


def _initialize(runtime: Runtime, config: Config) -> None:
    """Make a Python of the process: pylifecycle's and site's part."""
    signal._enter_interrupted()
    cpu_setframes(runtime.sys.getrecursionlimit())
    runtime.configure(config)
    main = vars(runtime.main)
    main["__loader__"] = BuiltinImporter
    if not config.no_site:
        runtime.add_site()
    if config.warnoptions:  # filters of the command line hold from the first line on
        runtime.importer.import_("warnings")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _say(text: str) -> None:
    libc.write(2, text.encode("utf-8", "backslashreplace"))


def _tell(config: Config, program: str) -> None:
    version = host_sys.version if config.versions > 1 else host_sys.version.split()[0]
    texts = {
        "V": f"Python {version}\n",
        "h": _USAGE.format(program) + _HELP,
        "help-env": _HELP_ENV,
        "help-xoptions": _HELP_XOPTIONS,
    }
    texts["help-all"] = texts["h"] + _HELP_XOPTIONS + _HELP_ENV
    libc.write(1, texts[config.wanted].encode())


def _inspect(config: Config) -> bool:
    """Whether to ask for more: the program itself may have set the variable meanwhile."""
    wanted = config.inspect or curdata().environ.get(b"PYTHONINSPECT")
    return bool(wanted and (config.interactive or libc.isatty(0)))


def _repl(runtime: Runtime) -> None:
    curdata().environ.pop(b"PYTHONINSPECT", None)
    interactive.interact(runtime)


def _runner(runtime: Runtime, config: Config) -> Callable[[], object]:
    """Set sys.path's first entry; return what runs the program."""
    if config.command is not None:
        _path0(runtime, config, "")
        return lambda: _run_command(runtime, config)
    if config.module is not None:
        _path0(runtime, config, libc.getcwd())
        module = config.module
        return lambda: _run_module(runtime, module, True)
    if config.filename is None:
        _path0(runtime, config, "")
        return lambda: _run_stdin(runtime, config)
    filename = absolute(config.filename)
    try:
        source = read_file(filename)
    except OSError as exc:
        _say(
            f"{runtime.program}: can't open file {filename!r}: [Errno {exc.errno}] {exc.strerror}\n"
        )
        raise SystemExit(2) from None
    if source is None or _ARCHIVE in source[-_ARCHIVE_END:]:
        runtime.sys.path.insert(0, filename)
        return lambda: _run_module(runtime, "__main__", False)
    _path0(runtime, config, directory(filename))
    return lambda: _run_file(runtime, config, filename, source)


def _path0(runtime: Runtime, config: Config, path: str) -> None:
    if not config.safe_path:
        runtime.sys.path.insert(0, path)


def absolute(path: str) -> str:
    """Return path from the root on, as the program is named in __file__."""
    return path if path.startswith("/") else f"{libc.getcwd()}/{path}"


def directory(filename: str) -> str:
    """Return where a program's modules are looked for: beside the file itself."""
    with suppress(OSError):  # no link, or one that leads nowhere
        filename = realpath(filename)
    return host_path.dirname(filename)


def read_file(filename: str) -> bytes | None:
    """Return a program, None if it is a directory.

    Raises:
        OSError: it cannot be read.
    """
    fd = libc.open(filename, libc.O_RDONLY | libc.O_CLOEXEC)
    try:
        status = libc.fstat(fd)
        if libc.S_ISDIR(status.st_mode):
            return None
        return _read_all(fd)
    finally:
        libc.close(fd)


def _read_all(fd: int) -> bytes:
    data = b""
    while block := libc.read(fd, _BLOCK):
        data += block
    return data


def _run_module(runtime: Runtime, module: str, alter_argv: bool) -> None:
    runpy: Any = runtime.importer.import_("runpy")
    runpy._run_module_as_main(module, alter_argv)


def _run_file(runtime: Runtime, config: Config, filename: str, source: bytes) -> None:
    main = vars(runtime.main)
    main["__file__"], main["__cached__"] = filename, None
    loader = "SourcelessFileLoader" if filename.endswith(".pyc") else "SourceFileLoader"
    main["__loader__"] = runtime.file_loader(loader, filename)
    if filename.endswith(".pyc"):
        if source[: len(MAGIC_NUMBER)] != MAGIC_NUMBER:
            raise RuntimeError("Bad magic number in .pyc file")
        exec(marshal.loads(source[_PYC_HEADER:]), main)
        return
    if config.skip_first_line:  # its end stays, so that the lines keep their numbers
        source = source[max(source.find(b"\n"), 0) :]
    execute(runtime, source, filename)


def _run_stdin(runtime: Runtime, config: Config) -> None:
    """Run what is typed, or what the standard input has."""
    if config.interactive or libc.isatty(0):
        config.inspect = 0
        curdata().environ.pop(b"PYTHONINSPECT", None)
        if not config.quiet:
            _say(f"Python {host_sys.version} on {runtime.sys.platform}\n{_COPYRIGHT}\n")
        if config.startup:
            _run_startup(runtime, config.startup)
        interactive.interact(runtime)
        return
    execute(runtime, _read_all(0), "<stdin>")


def _run_startup(runtime: Runtime, startup: str) -> None:
    try:
        execute(runtime, read_file(startup) or b"", startup)
    except SystemExit:
        raise
    except Exception as exc:  # noqa: BLE001 - said, and passed over
        runtime.report(exc)


def _run_command(runtime: Runtime, config: Config) -> None:
    """Run -c's argument."""
    command = config.command or ""
    try:
        command.encode()
    except UnicodeEncodeError as exc:
        _say("Unable to decode the command from the command line:\n")
        runtime.report(exc.with_traceback(None))
        raise SystemExit(1) from None
    execute(runtime, command, "<string>")


def execute(runtime: Runtime, source: bytes | str, filename: str) -> None:
    """Run source as __main__; what is wrong with it is the program's to say."""
    if not filename.startswith("<") or (_SHOWS_COMMANDS and filename == "<string>"):
        runtime.sources[filename] = source.encode() if isinstance(source, str) else source
    if isinstance(source, bytes) and b"\0" in source:
        raise _null_byte(source, filename)
    code = compile_program(source, filename, runtime.optimize, main=True)
    exec(code, vars(runtime.main))


def _null_byte(source: bytes, filename: str) -> SyntaxError:
    """Return what is said of a file with a null byte; compile() names neither file nor line."""
    before = source.partition(b"\0")[0]
    text = before.rpartition(b"\n")[2].decode("utf-8", "replace")
    where = (filename, before.count(b"\n") + 1, 0, text)
    return SyntaxError("source code cannot contain null bytes", where)
