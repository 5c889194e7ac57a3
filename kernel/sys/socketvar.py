# SPDX-License-Identifier: BSD-2-Clause
"""Sockets inside the kernel: state, buffers, protocols.  NetBSD sys/sys/socketvar.h, protosw.h.

Where NetBSD chains mbufs, a buffer here is a queue of Records.  Sockets need
no locks: the kernel is left only by sleeping.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.selinfo import Selinfo
from kernel.sys.socket import CMSG_SPACE, Cmsghdr

if TYPE_CHECKING:
    from kernel.sys.errno import Errno
    from kernel.sys.file import File
    from kernel.sys.kernel import Kernel
    from kernel.sys.proc import Lwp
    from kernel.sys.stat import Stat
    from kernel.sys.ucred import Ucred

# so_state
SS_NOFDREF: Final = 0x001  # no descriptor refers to it
SS_ISCONNECTED: Final = 0x002
SS_ISCONNECTING: Final = 0x004
SS_ISDISCONNECTING: Final = 0x008
SS_CANTSENDMORE: Final = 0x010
SS_CANTRCVMORE: Final = 0x020
SS_RCVATMARK: Final = 0x040  # the next byte is the one after the urgent one
SS_ISABORTING: Final = 0x080
SS_NBIO: Final = 0x100  # does not wait
SS_ASYNC: Final = 0x200  # SIGIO when something happens
SS_ISDISCONNECTED: Final = 0x800
SS_POLLRDBAND: Final = 0x2000  # urgent data has come

# pr_flags
PR_ATOMIC: Final = 0x01  # messages are sent and received whole
PR_ADDR: Final = 0x02  # each with the address it comes from
PR_CONNREQUIRED: Final = 0x04
PR_WANTRCVD: Final = 0x08  # wants to know when something was received
PR_RIGHTS: Final = 0x10  # passes descriptors
PR_LISTEN: Final = 0x20  # listen and accept
PR_ABRTACPTDIS: Final = 0x80  # accept of what is disconnected is ECONNABORTED

SB_MAX: Final = 256 * 1024  # bytes of mbufs that a buffer may have, unless kern.sbmax is set
SO_LOWAT: Final = 4096  # bytes of room that make a socket ready for writing (sock_loan_thresh)


@dataclass(slots=True, eq=False)
class Control:
    """One control message under way; files is what SCM_RIGHTS carries (then data is not used)."""

    cmsg_level: int
    cmsg_type: int
    data: bytes = b""
    files: "list[File] | None" = None

    @property
    def m_len(self) -> int:
        """The bytes it takes in a buffer: a pointer for each file."""
        return CMSG_SPACE(len(self.data) if self.files is None else 8 * len(self.files))

    def pack(self) -> bytes:
        """Return it as a program gets it."""
        head = Cmsghdr(CMSG_SPACE(0) + len(self.data), self.cmsg_level, self.cmsg_type)
        return (head.pack() + self.data).ljust(CMSG_SPACE(len(self.data)), b"\0")


@dataclass(slots=True, eq=False)
class Record:
    """What NetBSD has in one m_nextpkt chain: address, control messages, data."""

    addr: bytes | None = None
    control: list[Control] = field(default_factory=list)
    chunks: deque[memoryview] = field(default_factory=deque)
    eor: bool = False  # the end of the data ends a record (M_EOR)

    @property
    def m_len(self) -> int:
        """The bytes it takes in a buffer."""
        return (
            len(self.addr or b"") + sum(c.m_len for c in self.control) + sum(map(len, self.chunks))
        )


@dataclass(slots=True, eq=False)
class Sockbuf:
    """What has come and not been read, or waits to be sent (struct sockbuf).

    It is also the wait channel of those who wait for it to change.
    """

    sb_records: deque[Record] = field(default_factory=deque)
    sb_cc: int = 0  # bytes, addresses and control messages included
    sb_hiwat: int = 0  # bytes it may hold
    sb_lowat: int = 0  # bytes from which on it counts as ready
    sb_timeo: int = 0  # ns that a call waits; 0 for ever
    sb_locked: bool = False  # somebody is in the middle of MSG_WAITALL
    sb_overflowed: int = 0  # messages that found no room
    sb_sel: Selinfo = field(default_factory=Selinfo)


def sbspace(sb: Sockbuf) -> int:
    """Return the bytes of room in sb; negative if it holds too much."""
    return sb.sb_hiwat - sb.sb_cc


@dataclass(slots=True, eq=False, repr=False)
class Socket:
    """A socket (struct socket); it is also the wait channel so_cv."""

    so_kernel: "Kernel"
    so_type: int
    so_proto: "Protosw"
    so_cred: "Ucred"  # of who made it
    so_options: int = 0  # SO_*
    so_linger: int = 0  # seconds
    so_state: int = 0  # SS_*
    so_pcb: Any = None  # the protocol's: Unpcb or Inpcb
    so_head: "Socket | None" = None  # the listening socket that has it in a queue
    so_q0: "list[Socket]" = field(default_factory=list)  # connections that are not complete
    so_q: "list[Socket]" = field(default_factory=list)  # connections to be accepted
    so_qlimit: int = 0
    so_error: "Errno | None" = None  # for the next call
    so_rerror: "Errno | None" = None  # for the next call that receives
    so_pgid: int = 0  # who gets SIGIO and SIGURG: a process, or minus a group
    so_oobmark: int = 0  # bytes up to the urgent one
    so_rcv: Sockbuf = field(default_factory=Sockbuf)
    so_snd: Sockbuf = field(default_factory=Sockbuf)


@dataclass(slots=True, frozen=True, eq=False)
class PrUsrreqs:
    """What a protocol does for each call (struct pr_usrreqs); all raise KernelError.

    pr_send(lwp, so, data, addr, control, eor) takes data over: to addr, None being
    the peer, with control data as the program gave it.  pr_recvoob(so, peek)
    returns the urgent data.
    """

    pr_attach: "Callable[[Socket], None]"
    pr_detach: "Callable[[Socket], None]"
    pr_accept: "Callable[[Socket], bytes]"
    pr_connect: "Callable[[Lwp, Socket, bytes], None]"
    pr_connect2: "Callable[[Lwp, Socket, Socket], None]"
    pr_bind: "Callable[[Lwp, Socket, bytes], None]"
    pr_listen: "Callable[[Lwp, Socket], None]"
    pr_disconnect: "Callable[[Socket], None]"
    pr_shutdown: "Callable[[Socket], None]"
    pr_abort: "Callable[[Socket], None]"
    pr_ioctl: "Callable[[Lwp, Socket, int, bytes], bytes]"
    pr_stat: "Callable[[Socket], Stat]"
    pr_peeraddr: "Callable[[Socket], bytes]"
    pr_sockaddr: "Callable[[Socket], bytes]"
    pr_rcvd: "Callable[[Socket], None]"
    pr_recvoob: "Callable[[Socket, bool], bytes]"
    pr_send: "Callable[[Lwp, Socket, memoryview, bytes | None, bytes, bool], None]"
    pr_sendoob: "Callable[[Socket, memoryview, bytes], None]"


@dataclass(slots=True, frozen=True, eq=False)
class Protosw:
    """A protocol (struct protosw).

    pr_setopt(so, level, name, value) and pr_getopt(so, level, name) raise
    ENOPROTOOPT for what they do not know.
    """

    pr_type: int  # SOCK_*
    pr_domain: "Domain"
    pr_protocol: int
    pr_flags: int  # PR_*
    pr_usrreqs: PrUsrreqs
    pr_setopt: "Callable[[Socket, int, int, bytes], None]"
    pr_getopt: "Callable[[Socket, int, int], bytes]"


@dataclass(slots=True, frozen=True, eq=False)
class Domain:
    """A family of protocols (struct domain).

    dom_externalize(lwp, control, flags) turns the files of an SCM_RIGHTS
    into descriptors of the receiver's; dom_dispose(kernel, controls) lets go of them.
    """

    dom_family: int
    dom_name: str
    dom_externalize: "Callable[[Lwp, Control, int], None] | None" = None
    dom_dispose: "Callable[[Kernel, list[Control]], None] | None" = None


@dataclass(slots=True, eq=False)
class Netstate:
    """What NetBSD's networking keeps in globals, one object a kernel."""

    protosw: "Callable[[], tuple[Protosw, ...]]" = tuple  # loads what there is
    sockets: "dict[Socket, int]" = field(default_factory=dict)  # all, oldest first: their numbers
    nsockets: int = 0  # how many there have been
    inpcbtables: dict[int, Any] = field(default_factory=dict)  # by protocol (in_pcb)
    unp_ino: int = 2  # the next inode number of a local socket
    unp_inflight: "dict[File, int]" = field(default_factory=dict)  # files in messages: how often
    unp_kicked: bool = False  # the garbage collector is going to run
    unp_thread_kick: "Callable[[Kernel], None] | None" = None  # lets it run
