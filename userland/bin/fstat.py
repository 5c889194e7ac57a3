# SPDX-License-Identifier: BSD-2-Clause
"""fstat: who has which files open.  NetBSD usr.bin/fstat/fstat.c.

It asks kern.file2 of sysctl(3), which tells of files, and /proc for modes.
"""

import sys
from typing import Final, NamedTuple, NoReturn

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.file import (
    DTYPE_KQUEUE,
    DTYPE_MISC,
    DTYPE_PIPE,
    DTYPE_SOCKET,
    DTYPE_VNODE,
)
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SOCK_DGRAM,
    SOCK_SEQPACKET,
    SOCK_STREAM,
)
from kernel.sys.socketvar import SS_CANTRCVMORE, SS_CANTSENDMORE
from kernel.sys.sysctl import (
    CTL_KERN,
    KERN_FILE2,
    KERN_FILE_BYPID,
    KERN_PROC2,
    KERN_PROC_ALL,
    KERN_PROC_ARGS,
    KERN_PROC_CWD,
    KERN_PROC_PATHNAME,
    KERN_PROC_PID,
    KERN_PROC_UID,
    KinfoFile,
    KinfoPcb,
    KinfoProc2,
)
from kernel.sys.types import major, minor
from kernel.sys.vnode import VBLK, VCHR
from userland.libc import (
    Stat,
    Writer,
    atoi,
    errx,
    exit,
    getopt,
    getpwnam,
    getvfsstat,
    listdir,
    lstat,
    stat,
    sysctl,
    warn,
    write,
)
from userland.libc.pcblist import INET6_LISTS, INET_LISTS, LOCAL_LISTS, addr, pcbs
from userland.libc.pwcache import NameCache
from userland.libc.strmode import strmode

HEADER: Final = "USER     CMD          PID   FD  MOUNT       INUM MODE         SZ|DV R/W"
KINDS: Final = {
    DTYPE_KQUEUE: "kqueue", DTYPE_MISC: "misc", DTYPE_PIPE: "pipe", 6: "crypto", 7: "mqueue",
    8: "semaphore", 9: "eventfd", 10: "timerfd",
}  # fmt: skip
FAMILIES: Final = {AF_LOCAL: "local", AF_INET: "internet", AF_INET6: "internet6"}
TYPES: Final = {SOCK_STREAM: "stream", SOCK_DGRAM: "dgram", SOCK_SEQPACKET: "seqpak"}
PROTOCOLS: Final = {6: "tcp", 17: "udp"}


def usage() -> NoReturn:
    write(2, b"usage: fstat [-Afnv] [-M core] [-N system] [-p pid] [-u user] [file ...]\n")
    exit(1)


class File(NamedTuple):
    """An open file as a line tells of it; what is no file in a file system has only a kind."""

    fd: str
    rw: str
    dev: int = 0
    ino: int = 0
    mode: int = 0
    size: int = 0
    rdev: int | None = None
    kind: str = ""


class Lister:
    """The options, and what lines need besides."""

    def __init__(self) -> None:
        self.names = NameCache()
        self.numeric = False
        self.wanted: list[tuple[str, int, int]] = []  # files: name, device, number (0: any, -f)
        self.mounts: dict[int, str] = {}
        for each in getvfsstat():
            try:
                where = each.f_mntonname.decode("utf-8", "surrogateescape")
                self.mounts[stat(where).st_dev] = where
            except OSError:
                continue
        self.devices: dict[int, str] | None = None

    def device(self, rdev: int) -> str:
        """Return the name of a device in /dev, or its two numbers."""
        if self.devices is None:
            self.devices = {}
            for name in listdir("/dev"):
                status = lstat(f"/dev/{name}")
                self.devices.setdefault(status.st_rdev, name)
        if self.numeric or rdev not in self.devices:
            return f"{major(rdev)},{minor(rdev)}"
        return self.devices[rdev]

    def line(self, p: KinfoProc2, each: File) -> str | None:
        """Return the line of an open file; None if it is none of those asked for."""
        name = ""
        if self.wanted:
            match = [n for n, dev, ino in self.wanted if each.dev == dev and ino in {0, each.ino}]
            if not match or each.kind:
                return None
            name = f" {match[0]}"
        comm = p.p_comm.split(b"\0")[0].decode("utf-8", "replace")
        text = (
            f"{self.names.user_from_uid(p.p_uid):<8.8s} {comm:<10.10s} {p.p_pid:5d} {each.fd:>4s}"
        )
        if each.kind:
            return f"{text}* {each.kind} {each.rw}".rstrip()
        where = str(each.dev) if self.numeric else self.mounts.get(each.dev, "-")
        mode = f"{each.mode:o}" if self.numeric else strmode(each.mode).rstrip()
        size = f"{each.size:8d}" if each.rdev is None else f"{self.device(each.rdev):>8s}"
        return (
            f"{text}  {where:<8.8s} {each.ino:7d} {mode:>11s} {size} {each.rw:<2s}{name}".rstrip()
        )


def found(fd: str, status: Stat, rw: str) -> File:
    """Return the file of a path."""
    return File(fd, rw, status.st_dev, status.st_ino, status.st_mode, status.st_size)


def socket_kind(info: KinfoFile, pcb: KinfoPcb | None) -> str:
    """Return family, type and protocol of a socket, and its addresses or its number."""
    family = FAMILIES.get(info.ki_vtag, str(info.ki_vtag))
    kind = TYPES.get(info.ki_vtype, str(info.ki_vtype))
    protocol = f" {PROTOCOLS[info.ki_fops]}" if info.ki_fops in PROTOCOLS else ""
    words = f"{family} {kind}{protocol}"
    if pcb is None:
        return words
    if pcb.ki_family == AF_LOCAL:
        return f"{words} {local_ends(pcb)}"
    ends = [end for end in (inet_end(pcb, pcb.ki_dst), inet_end(pcb, pcb.ki_src)) if end]
    return f"{words} {' <-> '.join(ends) or f'{pcb.ki_pcbaddr:x}'}"


def local_ends(pcb: KinfoPcb) -> str:
    """Return which ways are open, and the socket's own name or its peer's number."""
    arrow = ("" if pcb.ki_sostate & SS_CANTRCVMORE else "<") + "-"
    arrow += "" if pcb.ki_sostate & SS_CANTSENDMORE else ">"
    own = addr(pcb, pcb.ki_src, True)
    if own is not None and own[0]:
        return f" {arrow} {own[0]}"
    return f" {arrow} {pcb.ki_conn:x}" if pcb.ki_conn else f"{pcb.ki_pcbaddr:x}"


def inet_end(pcb: KinfoPcb, data: bytes) -> str:
    """Return an address with its port; nothing if there is neither."""
    host, port = addr(pcb, data, True) or ("*", "*")
    if (host, port) == ("*", "*"):
        return ""
    port = "0" if port == "*" else port
    return f"[{host}]:{port}" if pcb.ki_family == AF_INET6 else f"{host}:{port}"


def path_of(pid: int, what: int) -> str | None:
    """Return the program or the current directory of a process."""
    try:
        data = sysctl((CTL_KERN, KERN_PROC_ARGS, pid, what))
    except OSError:
        return None
    return data.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def files(pid: int, sockets: dict[int, KinfoPcb]) -> list[File]:
    """Return what a process has open: its program, its directory, its descriptors."""
    result = []
    for word, what in (("text", KERN_PROC_PATHNAME), ("wd", KERN_PROC_CWD)):
        path = path_of(pid, what)
        if path:
            try:
                result.append(found(word, stat(path), "r"))
            except OSError:
                continue
    size = sizeof(KinfoFile)
    try:
        data = sysctl((CTL_KERN, KERN_FILE2, KERN_FILE_BYPID, pid, size, 1 << 16))
    except OSError:
        return result  # it has ended
    for at in range(0, len(data), size):
        info = unpack_from(KinfoFile, data, at)
        rw = ("r" if info.ki_flag & FREAD else "") + ("w" if info.ki_flag & FWRITE else "")
        fd = str(info.ki_fd)
        if info.ki_ftype == DTYPE_SOCKET:
            result.append(File(fd, "", kind=socket_kind(info, sockets.get(info.ki_fdata))))
            continue
        if info.ki_ftype != DTYPE_VNODE:
            result.append(File(fd, rw, kind=KINDS.get(info.ki_ftype, "unknown")))
            continue
        try:
            mode = stat(f"/proc/{pid}/fd/{info.ki_fd}").st_mode
        except OSError:
            mode = 0
        rdev = info.ki_fdata if info.ki_vtype in {VCHR, VBLK} else None
        result.append(File(fd, rw, info.ki_vun, info.ki_vdata, mode, info.ki_vsize, rdev))
    return result


def main(argv: list[str]) -> int:
    """Run fstat(1)."""
    options, args = getopt(argv, "AfM:N:np:u:v")
    lister = Lister()
    op, arg, whole = KERN_PROC_ALL, 0, False
    for option, value in options:
        if option == "?":
            usage()
        elif option == "f":
            whole = True
        elif option == "n":
            lister.numeric = True
        elif option == "p":
            if not value.isdecimal():
                errx(1, "-p requires a process id")
            op, arg = KERN_PROC_PID, atoi(value)
        elif option == "u":
            entry = getpwnam(value)
            if entry is None:
                errx(1, f"{value}: unknown uid")
            op, arg = KERN_PROC_UID, entry.pw_uid
    for name in args:
        try:
            status = stat(name)
        except OSError:
            warn(name)
            continue
        lister.wanted.append((name, status.st_dev, 0 if whole else status.st_ino))
    if args and not lister.wanted:
        return 1
    sockets = pcbs(*INET_LISTS, *INET6_LISTS, *LOCAL_LISTS)
    size = sizeof(KinfoProc2)
    data = sysctl((CTL_KERN, KERN_PROC2, op, arg, size, 1 << 20))
    with Writer(1) as out:
        out.print(HEADER + (" NAME" if lister.wanted else ""))
        for at in range(0, len(data), size):
            p = unpack_from(KinfoProc2, data, at)
            for each in files(p.p_pid, sockets):
                line = lister.line(p, each)
                if line is not None:
                    out.print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
