# SPDX-License-Identifier: BSD-2-Clause
"""sockstat: who has which sockets open.  NetBSD usr.bin/sockstat/sockstat.c."""

import sys
from typing import Final

from kernel.sys.cdefs import sizeof, unpack_from
from kernel.sys.file import DTYPE_SOCKET
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SOCK_DGRAM,
    SOCK_SEQPACKET,
    SOCK_STREAM,
)
from kernel.sys.socketvar import SS_ISCONNECTED
from kernel.sys.sysctl import (
    CTL_KERN,
    INP_CONNECTED,
    KERN_FILE2,
    KERN_FILE_BYPID,
    KERN_PROC2,
    KERN_PROC_ALL,
    KinfoFile,
    KinfoPcb,
    KinfoProc2,
)
from kernel.sys.tcp_fsm import (
    TCPS_LISTEN,
)
from userland.libc import (
    EINVAL,
    Writer,
    errx,
    exit,
    getopt,
    getservbyname,
    strerror,
    strtoi,
    sysctl,
)
from userland.libc.pcblist import INET6_LISTS, INET_LISTS, LOCAL_LISTS, addr, pcbs
from userland.libc.pwcache import NameCache

HEADER: Final = "USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS"
LISTS: Final = {AF_INET: INET_LISTS, AF_INET6: INET6_LISTS, AF_LOCAL: LOCAL_LISTS}
FAMILIES: Final = {"inet": AF_INET, "inet6": AF_INET6, "local": AF_LOCAL, "unix": AF_LOCAL}
PROTOCOLS: Final = {
    (AF_INET, SOCK_STREAM): "tcp",
    (AF_INET, SOCK_DGRAM): "udp",
    (AF_INET6, SOCK_STREAM): "tcp6",
    (AF_INET6, SOCK_DGRAM): "udp6",
    (AF_LOCAL, SOCK_STREAM): "stream",
    (AF_LOCAL, SOCK_DGRAM): "dgram",
    (AF_LOCAL, SOCK_SEQPACKET): "seq",
}
PORT_MAX: Final = 65535


def parse_ports(text: str) -> set[str]:
    """Return the ports of a list like 22,80-90, or of a service; say so and end if it is none."""
    service = getservbyname(text)
    if service is not None:
        return {str(service.s_port)}
    ports: set[str] = set()
    for part in text.split(","):
        low, dash, high = part.partition("-")
        last = high if dash else low
        try:
            ends = [strtoi(port, 0, PORT_MAX) for port in (low, last)]
        except ValueError:
            errx(1, f"{text}: {strerror(EINVAL)}")
        ports |= set(map(str, range(ends[0], ends[1] + 1)))
    return ports


def isconnected(pcb: KinfoPcb) -> bool:
    return bool(
        pcb.ki_sostate & SS_ISCONNECTED
        or pcb.ki_prstate >= INP_CONNECTED
        or pcb.ki_tstate > TCPS_LISTEN
        or pcb.ki_conn
    )


def islistening(pcb: KinfoPcb) -> bool:
    """Whether a socket that is not connected waits for somebody."""
    if pcb.ki_tstate == TCPS_LISTEN:
        return True
    if pcb.ki_family == AF_LOCAL:
        return addr(pcb, pcb.ki_src, True) not in {None, ("", "")}
    return pcb.ki_type == SOCK_DGRAM and pcb.ki_prstate > 0


class Chooser:
    """Which sockets are asked for."""

    def __init__(self) -> None:
        self.families: set[int] = set()
        self.only: set[str] = set()  # c, l
        self.ports: set[str] = set()
        self.numeric = False

    def wants(self, pcb: KinfoPcb) -> bool:
        """Whether a socket is one of those."""
        if self.only:
            if isconnected(pcb):
                state = "c"
            elif islistening(pcb):
                state = "l"
            else:
                return False
            if state not in self.only:
                return False
        if not self.ports:
            return True
        ends = [addr(pcb, data, True) for data in (pcb.ki_src, pcb.ki_dst)]
        return any(end is not None and end[1] in self.ports for end in ends)

    def text(self, pcb: KinfoPcb, data: bytes) -> str:
        """Return an address as a line has it."""
        end = addr(pcb, data, self.numeric)
        if end is None:
            return "(PF_UNSPEC)"
        if pcb.ki_family == AF_LOCAL:
            return end[0] or "-"
        return f"{end[0]}.{end[1]}"

    def ends(self, pcb: KinfoPcb) -> str:
        """Return both addresses."""
        if isconnected(pcb):
            foreign = self.text(pcb, pcb.ki_dst)
        else:
            foreign = "-" if pcb.ki_family == AF_LOCAL else "*.*"
        return f"{self.text(pcb, pcb.ki_src):<21s} {foreign}"


def main(argv: list[str]) -> int:
    """Run sockstat(1)."""
    chooser = Chooser()
    options, _ = getopt(argv, "46cf:lnp:u")
    for option, value in options:
        if option == "?":
            exit(1)
        elif option in "46u":
            chooser.families.add({"4": AF_INET, "6": AF_INET6, "u": AF_LOCAL}[option])
        elif option == "f":
            if value.lower() not in FAMILIES:
                errx(1, f"{value}: unsupported protocol family")
            chooser.families.add(FAMILIES[value.lower()])
        elif option in "cl":
            chooser.only.add(option)
        elif option == "n":
            chooser.numeric = True
        else:
            chooser.ports |= parse_ports(value)
    if not chooser.families:
        chooser.families = {AF_INET, AF_INET6} if chooser.ports else set(LISTS)
    if chooser.ports and AF_LOCAL in chooser.families:
        errx(1, "local domain sockets do not have ports")
    sockets = pcbs(*(name for family in chooser.families for name in LISTS[family]))
    size = sizeof(KinfoProc2)
    data = sysctl((CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, size, 1 << 20))
    processes = [unpack_from(KinfoProc2, data, at) for at in range(0, len(data), size)]
    by_pid = {p.p_pid: p for p in processes}
    size = sizeof(KinfoFile)
    data = sysctl((CTL_KERN, KERN_FILE2, KERN_FILE_BYPID, -1, size, 1 << 20))
    files = [unpack_from(KinfoFile, data, at) for at in range(0, len(data), size)]
    names = NameCache()
    header = HEADER
    with Writer(1) as out:
        for file in sorted(files, key=lambda each: (each.ki_pid, each.ki_fd)):
            found = sockets.get(file.ki_fdata) if file.ki_ftype == DTYPE_SOCKET else None
            p = by_pid.get(file.ki_pid)
            if found is None or p is None or not chooser.wants(found):
                continue
            if header:
                out.print(header)
                header = ""
            comm = p.p_comm.split(b"\0")[0].decode("utf-8", "replace")
            kind = PROTOCOLS.get((found.ki_family, found.ki_type), "?")
            out.print(
                f"{names.user_from_uid(p.p_uid):<8s} {comm:<10.10s} {p.p_pid:<5d} {file.ki_fd:2d}"
                f" {kind:<6s} {chooser.ends(found)}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
