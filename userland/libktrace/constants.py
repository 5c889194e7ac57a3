# SPDX-License-Identifier: BSD-2-Clause
"""Names of commands, levels, options and flags that are arguments.

NetBSD sys/sys/fcntl.h, socket.h, futex.h, mman.h, sys/netinet/in.h, tcp.h.
Only what kdump knows of them; of two names for a number the one kdump has first.
"""

from functools import lru_cache
from typing import Final

FCNTL: Final = {
    number: f"F_{name}"
    for number, name in enumerate(
        "DUPFD GETFD SETFD GETFL SETFL GETOWN SETOWN GETLK SETLK SETLKW CLOSEM MAXFD "
        "DUPFD_CLOEXEC GETNOSIGPIPE SETNOSIGPIPE".split()
    )
}

FUTEX_PRIVATE_FLAG: Final = 0x80
FUTEX_CLOCK_REALTIME: Final = 0x100
FUTEX: Final = {
    number: f"FUTEX_{name}"
    for number, name in enumerate(
        "WAIT WAKE FD REQUEUE CMP_REQUEUE WAKE_OP LOCK_PI UNLOCK_PI TRYLOCK_PI "
        "WAIT_BITSET WAKE_BITSET WAIT_REQUEUE_PI CMP_REQUEUE_PI".split()
    )
}

SOL_SOCKET: Final = 0xFFFF
IPPROTO_IP: Final = 0
IPPROTO_TCP: Final = 6
SOCKET_LEVELS: Final = {
    0: "IPPROTO_IP",
    1: "IPPROTO_ICMP",
    2: "IPPROTO_IGMP",
    3: "IPPROTO_GGP",
    4: "IPPROTO_IPIP",
    6: "IPPROTO_TCP",
    8: "IPPROTO_EGP",
    12: "IPPROTO_PUP",
    17: "IPPROTO_UDP",
    22: "IPPROTO_IDP",
    29: "IPPROTO_TP",
    33: "IPPROTO_DCCP",
    41: "IPPROTO_IPV6",
    43: "IPPROTO_ROUTING",
    44: "IPPROTO_FRAGMENT",
    46: "IPPROTO_RSVP",
    47: "IPPROTO_GRE",
    50: "IPPROTO_ESP",
    51: "IPPROTO_AH",
    55: "IPPROTO_MOBILE",
    58: "IPPROTO_ICMPV6",
    59: "IPPROTO_NONE",
    60: "IPPROTO_DSTOPTS",
    80: "IPPROTO_EON",
    97: "IPPROTO_ETHERIP",
    98: "IPPROTO_ENCAP",
    103: "IPPROTO_PIM",
    108: "IPPROTO_IPCOMP",
    112: "IPPROTO_VRRP",
    115: "IPPROTO_L2TP",
    132: "IPPROTO_SCTP",
    240: "IPPROTO_PFSYNC",
    255: "IPPROTO_RAW",
    256: "IPPROTO_MAX",
    257: "IPPROTO_DONE",
    SOL_SOCKET: "SOL_SOCKET",
}
SOCKET_OPTIONS: Final[dict[int, dict[int, str]]] = {
    SOL_SOCKET: {
        0x0001: "SO_DEBUG",
        0x0002: "SO_ACCEPTCONN",
        0x0004: "SO_REUSEADDR",
        0x0008: "SO_KEEPALIVE",
        0x0010: "SO_DONTROUTE",
        0x0020: "SO_BROADCAST",
        0x0040: "SO_USELOOPBACK",
        0x0080: "SO_LINGER",
        0x0100: "SO_OOBINLINE",
        0x0200: "SO_REUSEPORT",
        0x0800: "SO_NOSIGPIPE",
        0x1000: "SO_ACCEPTFILTER",
        0x2000: "SO_TIMESTAMP",
        0x4000: "SO_RERROR",
        0x1001: "SO_SNDBUF",
        0x1002: "SO_RCVBUF",
        0x1003: "SO_SNDLOWAT",
        0x1004: "SO_RCVLOWAT",
        0x1007: "SO_ERROR",
        0x1008: "SO_TYPE",
        0x1009: "SO_OVERFLOWED",
        0x100A: "SO_NOHEADER",
        0x100B: "SO_SNDTIMEO",
        0x100C: "SO_RCVTIMEO",
    },
    IPPROTO_IP: {
        1: "IP_OPTIONS",
        2: "IP_HDRINCL",
        3: "IP_TOS",
        4: "IP_TTL",
        5: "IP_RECVOPTS",
        6: "IP_RECVRETOPTS",
        7: "IP_RECVDSTADDR",
        8: "IP_RETOPTS",
        9: "IP_MULTICAST_IF",
        10: "IP_MULTICAST_TTL",
        11: "IP_MULTICAST_LOOP",
        12: "IP_ADD_MEMBERSHIP",
        13: "IP_DROP_MEMBERSHIP",
        18: "IP_PORTALGO",
        19: "IP_PORTRANGE",
        20: "IP_RECVIF",
        21: "IP_ERRORMTU",
        22: "IP_IPSEC_POLICY",
        23: "IP_RECVTTL",
        24: "IP_MINTTL",
        25: "IP_PKTINFO",
        26: "IP_RECVPKTINFO",
        27: "IP_BINDANY",
    },
    IPPROTO_TCP: {
        1: "TCP_NODELAY",
        2: "TCP_MAXSEG",
        3: "TCP_KEEPIDLE",
        5: "TCP_KEEPINTVL",
        6: "TCP_KEEPCNT",
        7: "TCP_KEEPINIT",
        9: "TCP_INFO",
        0x10: "TCP_MD5SIG",
    },
}

_MAP_BITS: Final = {
    0: "SHARED",
    1: "PRIVATE",
    2: "COPY",
    4: "FIXED",
    5: "RENAME",
    6: "NORESERVE",
    7: "INHERIT",
    9: "HASSEMAPHORE",
    10: "TRYFIXED",
    11: "WIRED",
}
_MAP_ANONYMOUS: Final = 0x1000
_MAP_STACK: Final = 0x2000
_MAP_ALIGNMENT_SHIFT: Final = 24
_ALIGNMENTS: Final = {
    0: "NONE",
    **{n: f"{1 << n - 10}KB" for n in range(10, 20)},
    **{n: f"{1 << n - 20}MB" for n in (20, 21, 22, 23, 24, 28)},
    **{n: f"{1 << n - 30}GB" for n in (32, 36)},
    **{n: f"{1 << n - 40}TB" for n in (40, 44, 48)},
    **{n: f"{1 << n - 50}PB" for n in (52, 56)},
    60: "256PB",  # as NetBSD has it
}


@lru_cache(maxsize=1024)
def map_flags(flags: int) -> str:
    """Return mmap(2)'s flags, 64 bits, as snprintb(3) shows them with MAP_FMT."""
    names = [name for bit, name in _MAP_BITS.items() if flags >> bit & 1]
    names.append("ANONYMOUS" if flags & _MAP_ANONYMOUS else "FILE")
    if flags & _MAP_STACK:
        names.append("STACK")
    alignment = flags >> _MAP_ALIGNMENT_SHIFT & 0xFF
    names.append(f"ALIGN={_ALIGNMENTS.get(alignment, f'2^{alignment}')}")
    return f"{f'{flags:#x}' if flags else '0'}<{','.join(names)}>"
