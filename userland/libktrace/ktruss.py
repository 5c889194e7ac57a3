# SPDX-License-Identifier: BSD-2-Clause
"""What ktruss prints: a call when it returns, in one line.  NetBSD usr.bin/ktruss/dump.c 1.47.

One thing is done otherwise: a return drops what waits of its own LWP only; NetBSD's drops that of
every LWP of the process and of every LWP with the same number.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kernel.sys.cdefs import Abi
from kernel.sys.dataclasses import dataclass
from kernel.sys.errno import Errno
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KtrCsw,
    KtrPsig,
    KtrSyscall,
)
from kernel.sys.signal import NSIG, SIG_DFL
from kernel.sys.syscall import SYSCALLS
from userland.libktrace.emul import Emulations
from userland.libktrace.names import ioctl_names, signame
from userland.libktrace.points import DEF_POINTS
from userland.libktrace.ptrace import (
    MACHINE_AMD64,
    MACHINE_I386,
    PT_FIRSTMACH,
    PTRACE_10,
    request_name,
)
from userland.libktrace.reader import Reader, Sink
from userland.libktrace.records import NSEC_PER_SEC, Record, text_of
from userland.libktrace.vis import vis_line

_RESULT: Final = 50  # the column of results
_DATA: Final = 7  # blanks before data
# Calls whose first argument is a path.
_PATHS: Final = frozenset(
    """open link unlink chdir __mknod50 chmod chown unmount access chflags acct revoke symlink
    readlink execve chroot rename mkfifo mkdir rmdir __utimes50 compat_50_quotactl __quotactl
    __statvfs190 compat_30_getfh pathconf truncate undelete __posix_rename lchmod lchown
    __lutimes50 __stat50 __lstat50 __posix_chown __posix_lchown lchflags __getfh30""".split()
)
_TWO_PATHS: Final = frozenset(("link", "rename", "__posix_rename"))
_ADDRESSES: Final = frozenset(("mmap", "mremap"))
_SIGACTION: Final = "compat_16___sigaction14"
_ERRORS: Final = {int(error): error.name for error in Errno if error > 0}
_IOC_VOID, _IOC_OUT, _IOC_IN = 0x20000000, 0x40000000, 0x80000000


@dataclass(slots=True)
class TrussOptions:
    """What ktruss is asked to print, and how."""

    emulation: str = "netbsd"  # -e
    maxdata: int = 0  # -m: bytes of data; 0 is what a line holds
    relative: bool = False  # -R
    absolute: bool = False  # -T
    points: int = DEF_POINTS  # -t
    screen: int = 80  # columns


def dump(
    reader: Reader, options: TrussOptions, out: Sink, warn: Callable[[str], None], *, at_once: bool
) -> None:
    """Print a trace to its end; at_once: each line as soon as it is known.

    Raises:
        TornTrace: it cannot be read to its end; what came before is printed.
    """
    try:
        if reader.format is None:
            return
        for line in Truss(options, reader.format.abi, warn).show(reader):
            out.write(line.encode("latin-1", "replace"))
            if at_once:
                out.flush()
    finally:
        out.flush()


class Truss:
    """Prints the records of one trace."""

    def __init__(self, options: TrussOptions, abi: Abi, warn: Callable[[str], None]) -> None:
        """Print records of the ABI; warn is told of emulations that are not known."""
        self._options = options
        self._abi = abi
        self._emulations = Emulations("10", abi.word, warn)
        self._emulations.start(options.emulation)
        self._waiting: dict[tuple[int, int], list[Record]] = {}
        self._last: int | None = None

    def show(self, records: Iterable[Record]) -> Iterator[str]:
        """Yield lines, newlines included.

        Raises:
            TornTrace: as iterating over records.
        """
        for record in records:
            if self._options.points >> record.type & 1:
                self._emulations.enter(record.pid)
                yield from self._record(record)

    def _record(self, record: Record) -> Iterator[str]:
        kind = record.type
        if kind == KTR_SYSCALL:
            if self._code(record) == _EXIT:
                yield f"{self._header(record)}{self._call(record, [])}\n"
            else:
                self._wait(record)
        elif kind == KTR_SYSRET:
            yield from self._return(record)
        elif kind in (KTR_NAMEI, KTR_GENIO, KTR_EMUL):
            self._wait(record)
        elif kind == KTR_PSIG:
            yield f"{self._header(record)}{_signal(record)}\n"
        elif kind == KTR_CSW:
            switch = record.body(KtrCsw)
            out, user = "stop" if switch.out else "resume", "user" if switch.user else "kernel"
            yield f"{self._header(record)}{out} {user}\n"

    def _wait(self, record: Record) -> None:
        self._waiting.setdefault((record.pid, record.lid), []).append(record)

    def _header(self, record: Record) -> str:
        lwp = f"{record.lid:6d} " if record.version else ""
        return f"{record.pid:6d} {lwp}{record.comm[:16]:8} {self._time(record)}"

    def _time(self, record: Record) -> str:
        options = self._options
        if not options.absolute and not options.relative:
            return ""
        time = record.time
        if options.relative:
            time, self._last = time - (time if self._last is None else self._last), time
        seconds, rest = divmod(time, NSEC_PER_SEC)
        return f"{seconds}.{rest:09d} " if record.version else f"{seconds}.{rest // 1000:06d} "

    def _return(self, record: Record) -> Iterator[str]:
        waiting = self._waiting.pop((record.pid, record.lid), [])
        calls = [one for one in waiting if one.type == KTR_SYSCALL]
        paths = [text_of(one.payload) for one in waiting if one.type == KTR_NAMEI]
        body = record.body()
        text = self._call(calls[0], paths) if calls else self._name(body.ktr_code)
        line = f"{self._header(record)}{text}"
        yield f"{line:{_RESULT}}{self._result(record)}\n"
        for one in waiting:
            if one.type == KTR_GENIO:
                yield self._data(one)
                break
        for one in waiting:
            if one.type == KTR_EMUL:
                name = text_of(one.payload)
                yield f"{self._header(one)}emul({name})\n"
                self._emulations.change(one.pid, name)
                break

    @staticmethod
    def _code(record: Record) -> int:
        return record.body(KtrSyscall).ktr_code

    def _name(self, code: int) -> str:
        names = self._emulations.current.syscalls
        return names[code] if 0 <= code < len(names) else f"[{code}]"

    def _call(self, record: Record, paths: list[str]) -> str:
        """Return name and arguments; as NetBSD's, by the native number whatever the emulation."""
        code, args = self._code(record), record.args
        native = SYSCALLS[code].name if code in SYSCALLS else ""
        shown = [f"{value:#x}" if value else "0" for value in args]
        if native in _PATHS:
            count = 2 if native in _TWO_PATHS else 1
            for at, path in zip(range(min(count, len(shown))), paths, strict=False):
                shown[at] = f'"{path}"'
        elif native == _SIGACTION and args:
            signal = _int(args[0])
            shown[0] = f"SIG{signame(signal)}" if 0 <= signal < NSIG else str(signal)
        elif native == "ptrace" and args:
            machine = MACHINE_AMD64 if self._abi.word == 8 else MACHINE_I386
            request = args[0] - (args[0] >> 8 * self._abi.word - 1 << 8 * self._abi.word)
            named = request_name(PTRACE_10, request)
            shown[0] = named or request_name(machine, request - PT_FIRSTMACH) or str(request)
        elif native == "ioctl" and len(args) > 1:
            names = ioctl_names("10", self._abi.word)
            shown[1] = names.get(args[1]) or _request(args[1])
        return f"{self._name(code)}({', '.join(shown)})"

    def _result(self, record: Record) -> str:
        body = record.body()
        error = body.ktr_error
        if error == Errno.EJUSTRETURN:
            return " JUSTRETURN"
        if error == Errno.ERESTART:
            return " RESTART"
        if error:
            return f" Err#{error} {_ERRORS[error]}" if error in _ERRORS else f" Err#{error}"
        native = SYSCALLS[body.ktr_code].name if body.ktr_code in SYSCALLS else ""
        if native in _ADDRESSES:
            return f" = {body.ktr_retval & (1 << 8 * self._abi.word) - 1:#x}"
        second = getattr(body, "ktr_retval_1", 0)
        return f" = {body.ktr_retval}, {second}" if second else f" = {body.ktr_retval}"

    def _data(self, record: Record) -> str:
        """Return what moved, as much as a line holds."""
        data, most = record.data, self._options.maxdata
        count = min(len(data), max(most, 0)) if most else len(data)
        start = f'{" " * _DATA}"'
        return f'{start}{vis_line(data, count, len(start), self._options.screen)}"\n'


_EXIT: Final = 1


def _request(request: int) -> str:
    """Take apart a request that has no name; W and R stand the other way round than kdump's."""
    way = ("W" if request & _IOC_OUT else "") + ("R" if request & _IOC_IN else "")
    number = request & 0xFF
    text = f"_IO{way}('{chr(request >> 8 & 0xFF)}',{f'{number:#x}' if number else '0'}"
    if not request & _IOC_VOID:
        size = request >> 16 & 0xFF
        text += f",{f'{size:#x}' if size else '0'}"
    return text + ")"


def _int(register: int) -> int:
    """Return the int in a register."""
    return (register + (1 << 31) & 0xFFFFFFFF) - (1 << 31)


def _signal(record: Record) -> str:
    psig = record.body(KtrPsig)
    if psig.action == SIG_DFL:
        return f"SIG{signame(psig.signo)} SIG_DFL"
    return (
        f"SIG{signame(psig.signo)} caught handler={psig.action:#x} mask={psig.mask[0]:#x}"
        f" code={psig.code & 0xFFFFFFFF:#x}"
    )
