# SPDX-License-Identifier: BSD-2-Clause
"""What a fresh system has on its root: directories, /etc, programs.  NetBSD distrib/sets."""

import marshal
import os
from collections.abc import Iterator
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source
from struct import Struct
from typing import Final

from kernel.sys.namedtuple import NamedTuple
from userland.libc.netdb_base import HOSTS, PROTOCOLS, SERVICES


class Entry(NamedTuple):
    """A directory (data None) or a file to be made at boot."""

    path: bytes
    mode: int
    data: bytes | None = None
    uid: int = 0
    gid: int = 0


_PASSWD: Final = b"""\
root:*:0:0:Charlie &:/root:/bin/sh
daemon:*:1:1:The devil himself:/:/sbin/nologin
operator:*:2:5:System &:/usr/guest/operator:/sbin/nologin
nobody:*:32767:39:Unprivileged user:/nonexistent:/sbin/nologin
user:*:1000:100:A user:/home/user:/bin/sh
"""
_GROUP: Final = b"""\
wheel:*:0:root
daemon:*:1:daemon
operator:*:5:root
nobody:*:39:
users:*:100:
"""

DIRECTORIES: Final = (
    *(Entry(path, 0o755) for path in (b"/bin", b"/sbin", b"/etc", b"/home", b"/mnt")),
    *(Entry(path, 0o755) for path in (b"/root", b"/usr", b"/usr/bin", b"/usr/sbin", b"/var")),
    *(Entry(path, 0o1777) for path in (b"/tmp", b"/var/shm", b"/var/tmp")),
    *(Entry(path, 0o755) for path in (b"/usr/lib", b"/var/log", b"/var/run")),
    Entry(b"/home/user", 0o755, None, 1000, 100),
)

# Where a program is not in /bin, as on NetBSD.
_USR_BIN: Final = (
    "cut env false head id kdump ktrace ktruss mkfifo printenv printf sort tail tee touch tr true"
    " tty uniq uname wc yes"
)
_USR_BIN_SYSTEM: Final = """
    fstat groups ipcrm ipcs logger nc netstat nice python python3 renice sockstat top uptime whoami
"""
_SBIN: Final = "chown dmesg halt mknod mount poweroff reboot shutdown sysctl umount"
_USR_BIN_TEXT: Final = """
    basename chgrp cksum cmp comm diff dirname du egrep expand fgrep find fold getconf grep hd
    hexdump install join link logname md5 mktemp nl nohup od paste pathchk pr readlink rev
    sed seq sha1 sha256 sha384 sha512 split stat strings sum time timeout tsort unexpand unlink
    unvis uudecode uuencode vis which xargs
"""
# Programs by another name: links, on NetBSD.
_LINKS: Final = {
    "groups": "id",
    "python": "python3",
    "halt": "reboot",
    "poweroff": "reboot",
    "whoami": "id",
    "chgrp": "chown",
    "egrep": "grep",
    "fgrep": "grep",
    "hd": "hexdump",
    "md5": "cksum",
    **dict.fromkeys(("sha1", "sha256", "sha384", "sha512"), "cksum"),
    "sum": "cksum",
}
_PLACES: Final = dict.fromkeys((_USR_BIN + _USR_BIN_SYSTEM + _USR_BIN_TEXT).split(), "/usr/bin")
_PLACES.update(dict.fromkeys(_SBIN.split(), "/sbin"))
_BIN: Final = os.path.join(os.path.dirname(__file__), "bin")
_PYC_START: Final = Struct("<4sIII")  # of a .pyc: magic, flags, time and size of the source


@cache
def distribution() -> tuple[Entry, ...]:
    """Return all that boot makes, directories first."""
    etc = (
        Entry(b"/etc/passwd", 0o644, _PASSWD),
        Entry(b"/etc/group", 0o644, _GROUP),
        Entry(b"/etc/hosts", 0o644, HOSTS.encode()),
        Entry(b"/etc/protocols", 0o644, PROTOCOLS.encode()),
        Entry(b"/etc/services", 0o644, SERVICES.encode()),
        Entry(b"/var/log/messages", 0o666, b""),  # everybody's: there is no syslogd
    )
    return (*DIRECTORIES, *etc, *_programs())


def _programs() -> Iterator[Entry]:
    """Yield the programs of userland/bin, compiled, each at its NetBSD place."""
    names = sorted(name for name in os.listdir(_BIN) if name.endswith(".py"))
    sources = {name.removesuffix(".py").rstrip("_"): f"{_BIN}/{name}" for name in names}
    del sources["__init"]
    sources["["] = sources.pop("lbracket")
    code = {name: compiled(source) for name, source in sources.items()}
    code.update((name, code[program]) for name, program in _LINKS.items())
    for name, data in code.items():
        place = _PLACES.get(name, "/bin")
        yield Entry(f"{place}/{name}".encode(), 0o555, data)


def compiled(source: str) -> bytes:
    """Return a Python source as an executable: the magic number and the marshalled code.

    The interpreter's cache is used, and filled where it may be written; not as it is if it came
    with a copy of the tree, and names the first one's files.

    Raises:
        SyntaxError: it does not compile. OSError: it cannot be read.
    """
    stat = os.stat(source)
    try:
        fd = os.open(cache_from_source(source), os.O_RDONLY)
    except OSError:
        data = b""
    else:
        data = os.read(fd, os.fstat(fd).st_size)
        os.close(fd)
    fresh = _PYC_START.pack(MAGIC_NUMBER, 0, int(stat.st_mtime) & 0xFFFFFFFF, stat.st_size)
    if data.startswith(fresh) and os.fsencode(source) in data:
        return b"".join((MAGIC_NUMBER, memoryview(data)[len(fresh) :]))
    name = f"userland.bin.{os.path.basename(source).removesuffix('.py')}"
    return MAGIC_NUMBER + marshal.dumps(SourceFileLoader(name, source).get_code(name))
