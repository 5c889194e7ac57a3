# SPDX-License-Identifier: BSD-2-Clause
"""Options that every command which boots a kernel takes."""

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

from kernel import api
from kernel.cli.console import HostConsole
from kernel.cli.keys import attend
from kernel.cli.numbers import count
from kernel.inject import parse
from kernel.sys.cdefs import I386, ILP32, ILP32_BE, LP64, LP64_BE, Abi
from kernel.sys.module import autoload

if TYPE_CHECKING:
    import argparse
else:
    argparse = autoload("argparse")

ABIS: dict[str, Abi] = {
    "amd64": LP64,
    "sparc64": LP64_BE,
    "i386": I386,
    "arm": ILP32,
    "powerpc": ILP32_BE,
}
USERS = {"root": 0, "daemon": 1, "operator": 2, "nobody": 32767, "user": 1000}
_UID_MAX = (1 << 31) - 1
_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def size(text: str) -> int:
    """Read a number of bytes: 4096, 64k, 16m, 1g.

    Raises:
        argparse.ArgumentTypeError: it is none, or negative.
    """
    unit = _UNITS.get(text[-1:].lower())
    return count(text[:-1]) * unit if unit else count(text)


def user(text: str) -> int:
    """Read a user: a name of /etc/passwd or a number.

    Raises:
        argparse.ArgumentTypeError: there is no such user.
    """
    if text in USERS:
        return USERS[text]
    if text.isdecimal() and int(text) <= _UID_MAX:
        return int(text)
    raise argparse.ArgumentTypeError(f"no user {text!r}")


def mount(text: str) -> tuple[str, bytes, bool]:
    """Read HOST:GUEST[:ro].

    Raises:
        argparse.ArgumentTypeError: it does not look so.
    """
    readonly = text.endswith(":ro")
    host, colon, guest = text.removesuffix(":ro").removesuffix(":rw").rpartition(":")
    if not colon or not host or not guest.startswith("/"):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:GUEST[:ro] with an absolute GUEST")
    return host, os.fsencode(guest), readonly


def offer(text: str) -> tuple[bytes, str, bool]:
    """Read NAME=HOST[:ro].

    Raises:
        argparse.ArgumentTypeError: it does not look so.
    """
    readonly = text.endswith(":ro")
    name, equals, host = text.removesuffix(":ro").removesuffix(":rw").partition("=")
    if not equals or not name or not host:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=HOST[:ro]")
    return os.fsencode(name), host, readonly


def inject(text: str) -> tuple[str, bool]:
    """Check an injection; return it, and that it is no fault's.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    return _injection(text, False)


def fault(text: str) -> tuple[str, bool]:
    """Check an injection of an error; return it, and that it is a fault's.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    return _injection(text, True)


def tampering(text: str) -> tuple[str, bool]:
    """Check what strace has after -e: inject=..., fault=...

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    kind, equals, rest = text.partition("=")
    if not equals or kind not in ("inject", "fault"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither inject=... nor fault=...")
    return _injection(rest, kind == "fault")


def _injection(text: str, fault: bool) -> tuple[str, bool]:
    try:
        parse(text, fault)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r}: {exc}") from None
    return text, fault


def variable(text: str) -> tuple[str, str]:
    """Read NAME=VALUE.

    Raises:
        argparse.ArgumentTypeError: there is no "=".
    """
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


class Options(SimpleNamespace):
    """What a command line says.

    Of one that says nothing argparse need not be loaded: it is told the options as an
    ArgumentParser is, and has what parse_args() would give it.
    """

    def add_argument_group(self, title: str) -> "Options":
        """Return what is told the options of a group."""
        del title
        return self

    def add_argument(
        self, *names: str, dest: str = "", default: object = None, action: str = "", **_: object
    ) -> None:
        """Note an option's value; of several with one dest it is the first one's."""
        long = [name for name in names if name.startswith("--")] or names
        value = False if action == "store_true" else default
        vars(self).setdefault(dest or long[0].lstrip("-").replace("-", "_"), value)


def add_boot_options(parser: "argparse.ArgumentParser | Options") -> None:
    """Give parser the options that boot() and the first process need."""
    group = parser.add_argument_group("the kernel")
    group.add_argument("--user", type=user, default=0, help="who runs it: a name or a uid [root]")
    group.add_argument(
        "--env", type=variable, action="append", default=[], metavar="NAME=VALUE",
        help="add to the environment; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--mount", type=mount, action="append", default=[], metavar="HOST:GUEST[:ro]",
        help="show a host directory at GUEST; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--offer", type=offer, action="append", default=[], metavar="NAME=HOST[:ro]",
        help="let `mount -t hostfs NAME ...` inside mount a host directory; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--clock", choices=("virtual", "real"), default="virtual",
        help="virtual time, or the host's [virtual]",
    )  # fmt: skip
    group.add_argument("--seed", type=int, help="shuffle the schedule by this number [round robin]")
    group.add_argument(
        "--inject", type=inject, action="append", default=[], metavar="SET[:OPTION=VALUE]...",
        help="have system calls fail (error=), lie (retval=), bring a signal= or take time"
        " (delay_enter=, delay_exit=), perhaps only some (when=FIRST[..LAST][+[STEP]]);"
        " as strace(1); may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--fault", type=fault, action="append", dest="inject", metavar="SET[:error=E][:when=WHEN]",
        help="have system calls fail, with ENOSYS if no error is said",
    )  # fmt: skip
    group.add_argument(
        "-e", type=tampering, action="append", dest="inject", metavar="inject=...|fault=...",
        help="as --inject and --fault; strace's other form of them",
    )  # fmt: skip
    group.add_argument(
        "-P", action="append", dest="paths", default=[], metavar="GLOB",
        help="inject into calls on such paths only, or on descriptors of them; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--preempt", action="store_const", const=api.PREEMPT, default=0,
        help="preempt programs at their own statements, too, not only at system calls",
    )  # fmt: skip
    group.add_argument(
        "--preempt-every", type=count, dest="preempt", metavar="N",
        help=f"at each N statements; with a seed, at as many on average [{api.PREEMPT}]",
    )  # fmt: skip
    group.add_argument(
        "--site", action="store_true", help="let programs import this Python's installed packages"
    )
    group.add_argument(
        "--site-dir", dest="site", metavar="DIR", help="or those of a directory of the host"
    )
    group.add_argument(
        "--allow-module", action="append", default=[], metavar="NAME",
        help="let programs have a C module, or a package, of the host's; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--modload", action="append", default=[], metavar="DIR",
        help="load a kernel module: system calls, rows in DIR/*.master, handlers in DIR/sys_*.py;"
        " may be repeated",
    )  # fmt: skip
    group.add_argument("--abi", choices=ABIS, default="amd64", help="layout of records [amd64]")
    group.add_argument("--fs-size", type=size, metavar="BYTES", help="of the root file system")
    group.add_argument("--fs-nodes", type=count, metavar="N", help="files on it at most")
    group.add_argument("--maxproc", type=count, metavar="N", help="processes at most")
    group.add_argument("--maxfiles", type=count, metavar="N", help="open files at most, of all")
    group.add_argument("--nofile", type=count, metavar="N", help="descriptors of a process at most")
    group.add_argument("--nproc", type=count, metavar="N", help="processes of a user at most")


class BadOption(Exception):
    """What an option names is no good; the text says why, in a line."""


def load_modules(folders: list[str]) -> None:
    """Load kernel modules.

    Raises:
        BadOption: one cannot be loaded.
    """
    from pathlib import Path

    from kernel.modload import ModuleError, modload

    try:
        for folder in folders:
            modload(Path(folder))
    except ModuleError as exc:
        raise BadOption(str(exc)) from exc


def boot(options: Options, console: HostConsole) -> api.System:
    """Boot as the options say; the console's keys signal the foreground process group.

    Raises:
        OSError: a mount or an offer; KernelError: limits without room for a root.
        BadOption: a module.
    """
    if options.modload:
        load_modules(options.modload)
    limits = api.Limits()
    for name in ("fs_size", "fs_nodes", "maxproc", "maxfiles"):
        value = getattr(options, name)
        if value is not None:
            setattr(limits, name, value)
    if options.nofile is not None:
        limits.nofile = (options.nofile, options.nofile)
    if options.nproc is not None:
        limits.nproc = (options.nproc, options.nproc)
    system = api.boot(
        seed=options.seed,
        limits=limits,
        real_clock=options.clock == "real",
        console=console,
        abi=ABIS[options.abi],
        preempt=options.preempt,
        site=options.site,
        allow_modules=options.allow_module,
    )
    for host, guest, readonly in options.mount:
        system.mount(host, guest, readonly)
    for name, host, readonly in options.offer:
        system.offer(name, host, readonly)
    for text, failing in options.inject:
        (system.fault if failing else system.inject)(text, path=options.paths)
    attend(system, console)
    return system
