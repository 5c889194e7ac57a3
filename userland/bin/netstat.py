# SPDX-License-Identifier: BSD-2-Clause
"""netstat: connections and sockets, by family.  NetBSD usr.bin/netstat/main.c, inet.c, unix.c."""

import sys
from typing import Final, NoReturn

from kernel.sys.socket import AF_INET, AF_INET6, AF_LOCAL, SOCK_STREAM
from kernel.sys.sysctl import INP_CONNECTED, KinfoPcb
from kernel.sys.tcp_fsm import tcpstates
from userland.libc import Writer, errx, exit, getopt, write
from userland.libc.pcblist import INET6_LISTS, INET_LISTS, LOCAL_LISTS, addr, pcblist

FAMILIES: Final = {"inet": AF_INET, "inet6": AF_INET6, "local": AF_LOCAL, "unix": AF_LOCAL}
TYPES: Final = ("#0", "stream", "dgram", "raw", "rdm", "seqpacket")
WIDTH: Final = 22  # of an address
HOST_MAX: Final = 16  # characters of a host that are told


def usage() -> NoReturn:
    write(2, b"usage: netstat [-an] [-f address_family] [-p protocol]\n")
    exit(1)


class Netstat:
    """What the options ask for, and where it goes."""

    def __init__(self, out: Writer) -> None:
        self.out = out
        self.all = False
        self.numeric = False
        self.protocol: str | None = None

    def end(self, pcb: KinfoPcb, data: bytes) -> str:
        """Return an address of a line."""
        host, port = addr(pcb, data, self.numeric) or ("*", "*")
        if pcb.ki_family == AF_INET or not self.numeric:
            host = host[:HOST_MAX]
        return f"{f'{host}.{port}'[:WIDTH]:<{WIDTH}s}"

    def inet(self, lists: tuple[str, ...], heading: str) -> None:
        """Tell of connections; with -a of those who wait for some, too."""
        for name in lists:
            word = name.rpartition(".")[2]
            if self.protocol not in {None, word}:
                continue
            for pcb in pcblist(name):
                if not self.all and pcb.ki_prstate < INP_CONNECTED:
                    continue
                if heading:
                    servers = " (including servers)" if self.all else ""
                    self.out.print(f"Active {heading} connections{servers}")
                    self.out.print(
                        "Proto Recv-Q Send-Q  Local Address          Foreign Address        State"
                    )
                    heading = ""
                state = f" {tcpstates[pcb.ki_tstate]}" if pcb.ki_type == SOCK_STREAM else ""
                self.out.print(
                    f"{word:<5.5s} {pcb.ki_rcvq:6d} {pcb.ki_sndq:6d}  {self.end(pcb, pcb.ki_src)}"
                    f" {self.end(pcb, pcb.ki_dst)}{state}"
                )

    def local(self) -> None:
        """Tell of local sockets."""
        heading = True
        for name in LOCAL_LISTS:
            for pcb in pcblist(name):
                if heading:
                    self.out.print("Active UNIX domain sockets")
                    self.out.print(
                        "Address  Type   Recv-Q Send-Q    Inode     Conn     Refs  Nextref Addr"
                    )
                    heading = False
                own, peer = addr(pcb, pcb.ki_src, True), addr(pcb, pcb.ki_dst, True)
                path = f"-> {peer[0]}" if peer is not None and peer[0] else own[0] if own else ""
                self.out.print(
                    f"{pcb.ki_pcbaddr:8x} {TYPES[pcb.ki_type]:<6.6s} {pcb.ki_rcvq:6d}"
                    f" {pcb.ki_sndq:6d} {pcb.ki_vnode:8x} {pcb.ki_conn:8x} {pcb.ki_refs:8x}"
                    f" {pcb.ki_nextref:8x} {path}"
                )


def main(argv: list[str]) -> int:
    """Run netstat(1)."""
    with Writer(1) as out:
        netstat = Netstat(out)
        families = set(FAMILIES.values())
        options, args = getopt(argv, "af:np:")
        for option, value in options:
            if option == "?":
                usage()
            elif option == "a":
                netstat.all = True
            elif option == "n":
                netstat.numeric = True
            elif option == "p":
                netstat.protocol = value
                if value not in {"tcp", "udp", "tcp6", "udp6"}:
                    errx(1, f"{value}: unknown or uninstrumented protocol")
                families = {AF_INET6 if value.endswith("6") else AF_INET}
            else:
                if value not in FAMILIES:
                    errx(1, f"{value}: unknown address family")
                families = {FAMILIES[value]}
        if args:
            usage()
        if AF_INET in families:
            netstat.inet(INET_LISTS, "Internet")
        if AF_INET6 in families:
            netstat.inet(INET6_LISTS, "Internet6")
        if AF_LOCAL in families:
            netstat.local()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
