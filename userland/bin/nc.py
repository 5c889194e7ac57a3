# SPDX-License-Identifier: BSD-2-Clause
"""nc: connections and datagrams from the command line.  OpenBSD usr.bin/nc/netcat.c."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn

from userland.libc import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    AF_UNSPEC,
    AI_NUMERICHOST,
    AI_PASSIVE,
    EINPROGRESS,
    ETIMEDOUT,
    F_GETFL,
    F_SETFL,
    INT_MAX,
    IPPROTO_TCP,
    IPPROTO_UDP,
    MSG_PEEK,
    NI_NUMERICHOST,
    NI_NUMERICSERV,
    O_NONBLOCK,
    POLLIN,
    POLLOUT,
    SHUT_RD,
    SHUT_WR,
    SO_ERROR,
    SO_REUSEPORT,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    Addrinfo,
    SockaddrIn,
    SockaddrIn6,
    SockaddrUn,
    accept,
    bind,
    close,
    connect,
    err,
    errx,
    exit,
    fcntl,
    gaierror,
    getaddrinfo,
    getnameinfo,
    getopt,
    getpid,
    getservbyname,
    getservbyport,
    getsockopt,
    listen,
    poll,
    read,
    recvfrom,
    setsockopt,
    shutdown,
    sleep,
    socket,
    strerror,
    strtoi,
    strtol,
    unlink,
    warn,
    write,
    writeall,
)
from userland.libc.socket import Sockaddr

BUFSIZE = 16384
PORT_MAX = 65535


def usage() -> NoReturn:
    write(
        2,
        b"usage: nc [-46dhklNnUuvz] [-i interval] [-p source_port] [-s source] [-w timeout]\n"
        b"          [destination] [port]\n",
    )
    exit(1)


def say(text: str) -> None:
    write(2, f"{text}\n".encode("utf-8", "surrogateescape"))


class Netcat:
    """What the options ask for."""

    def __init__(self) -> None:
        self.family = AF_UNSPEC
        self.flags: set[str] = set()  # letters
        self.interval = 0
        self.port: str | None = None
        self.source: str | None = None
        self.timeout = -1  # ms
        self.made: str | None = None  # the name of a local datagram client, to be removed

    @property
    def socktype(self) -> int:
        return SOCK_DGRAM if "u" in self.flags else SOCK_STREAM

    def resolve(self, host: str | None, port: str | None, flags: int = 0) -> list[Addrinfo]:
        """Return the addresses of a host and a port; say so and end if there are none."""
        if "n" in self.flags:
            flags |= AI_NUMERICHOST
        protocol = IPPROTO_UDP if "u" in self.flags else IPPROTO_TCP
        try:
            return getaddrinfo(host, port, self.family, self.socktype, protocol, flags)
        except gaierror as exc:
            errx(1, f"getaddrinfo: {exc.strerror}")

    # Servers.

    def serve(self, host: str | None, port: str) -> int:
        """Take connections (-l): one, or with -k one after the other."""
        s = self.bound(host, port)
        if "u" in self.flags and "k" in self.flags:
            self.readwrite(s)
        while True:
            if "u" in self.flags:
                _, who = recvfrom(s, BUFSIZE, MSG_PEEK)
                if who is not None and (self.family != AF_LOCAL or who != SockaddrUn(b"")):
                    connect(s, who)
                peer = s
            else:
                peer, who = accept(s)
            self.report(host, port, who)
            self.readwrite(peer)
            close(peer)
            if "k" not in self.flags:
                return 0

    def bound(self, host: str | None, port: str) -> int:
        """Return the socket that listens."""
        if self.family == AF_LOCAL:
            s = self.local(port)
        else:
            s = self.bound_inet(host, port)
        if "u" not in self.flags:
            listen(s, 1)
        if "v" in self.flags:
            kind = "Bound" if "u" in self.flags else "Listening"
            where = "" if self.family == AF_LOCAL else f"{host or '0.0.0.0'} "
            say(f"{kind} on {where}{port}")
        return s

    def bound_inet(self, host: str | None, port: str) -> int:
        """Return a socket that has the first address of a host and a port that can be had."""
        addresses = self.resolve(host, port, AI_PASSIVE)
        addresses.sort(key=lambda each: each.ai_family)  # without a host: IPv4
        for last, each in enumerate(addresses, 1 - len(addresses)):
            s = socket(each.ai_family, self.socktype, each.ai_protocol)
            setsockopt(s, SOL_SOCKET, SO_REUSEPORT, 1)
            try:
                bind(s, each.ai_addr)
            except OSError:
                if not last:
                    err(1, "bind failed")
                close(s)
                continue
            return s
        return errx(1, "bind failed")

    def local(self, path: str) -> int:
        """Return a local socket that has a name."""
        s = socket(AF_LOCAL, self.socktype)
        try:
            bind(s, SockaddrUn(path.encode("utf-8", "surrogateescape")))
        except OSError:
            err(1, f"unix_bind failed: {path}")
        return s

    def report(self, host: str | None, port: str, who: Sockaddr | None) -> None:
        """Say who has connected (-v)."""
        if "v" not in self.flags:
            return
        if isinstance(who, (SockaddrIn, SockaddrIn6)):
            numeric = NI_NUMERICHOST if "n" in self.flags else 0
            name, number = getnameinfo(who, numeric | NI_NUMERICSERV)
            say(f"Connection received on {name} {number}")
        else:
            say(f"Connection received on {port if host is None else host}")

    # Clients.

    def call(self, host: str, ports: str) -> int:
        """Connect to each of the ports; talk with the first that answers, or with -z none."""
        status = 1
        for port in portlist(ports):
            s = self.connected(host, port)
            if s < 0:
                continue
            status = 0
            if self.flags & {"v", "z"}:
                if "u" in self.flags and not probe(s):
                    close(s)
                    status = 1
                    continue
                self.succeeded(host, port)
            if "z" not in self.flags:
                self.readwrite(s)
            close(s)
            if self.interval:
                sleep(self.interval)
        return status

    def connected(self, host: str, port: str) -> int:
        """Return a socket connected to a host's port; -1 if nobody answers."""
        for each in self.resolve(host, port):
            s = socket(each.ai_family, self.socktype, each.ai_protocol)
            if self.source is not None or self.port is not None:
                setsockopt(s, SOL_SOCKET, SO_REUSEPORT, 1)
                self.family, family = each.ai_family, self.family
                own = self.resolve(self.source, self.port, AI_PASSIVE)[0]
                self.family = family
                try:
                    bind(s, own.ai_addr)
                except OSError:
                    err(1, "bind failed")
            try:
                self.connect(s, each.ai_addr)
            except OSError:
                if "v" in self.flags:
                    proto = "udp" if "u" in self.flags else "tcp"
                    warn(f"connect to {host} port {port} ({proto}) failed")
                close(s)
                continue
            return s
        return -1

    def connect(self, s: int, to: Sockaddr) -> None:
        """connect(2), for no longer than -w.

        Raises:
            OSError: as connect.
        """
        flags = fcntl(s, F_GETFL)
        fcntl(s, F_SETFL, flags | O_NONBLOCK)
        try:
            connect(s, to)
        except OSError as exc:
            if exc.errno != EINPROGRESS:
                raise
            if not poll([(s, POLLOUT)], self.timeout):
                raise OSError(ETIMEDOUT, strerror(ETIMEDOUT)) from None
            error = getsockopt(s, SOL_SOCKET, SO_ERROR)
            if error:
                raise OSError(error, strerror(int(error))) from None
        fcntl(s, F_SETFL, flags)

    def succeeded(self, host: str, port: str) -> None:
        """Say that somebody answers."""
        proto = "udp" if "u" in self.flags else "tcp"
        service = None if "n" in self.flags else getservbyport(int(port), proto)
        name = service.s_name if service is not None else "*"
        say(f"Connection to {host} {port} port [{proto}/{name}] succeeded!")

    def call_local(self, path: str) -> int:
        """Talk with a local socket (-U)."""
        if "u" in self.flags:
            self.made = self.source or f"/tmp/nc.{getpid()}"
            s = self.local(self.made)
        else:
            s = socket(AF_LOCAL, self.socktype)
        try:
            connect(s, SockaddrUn(path.encode("utf-8", "surrogateescape")))
        except OSError:
            if "v" in self.flags:
                warn(path)
            return 1
        if "z" not in self.flags:
            self.readwrite(s)
        close(s)
        return 0

    def readwrite(self, s: int) -> None:
        """Copy standard input to the socket, and the socket to standard output, until it ends."""
        waiting = [s] if "d" in self.flags else [s, 0]
        while s in waiting:
            ready = [fd for fd, _ in poll([(fd, POLLIN) for fd in waiting], self.timeout)]
            if not ready:
                return  # -w
            for fd in ready:
                try:
                    data = read(fd, BUFSIZE)
                except OSError:
                    return
                if data:
                    writeall(1 if fd == s else s, data)
                    continue
                if fd == s and self.socktype == SOCK_DGRAM:
                    continue  # a datagram of no bytes
                waiting.remove(fd)
                if fd == s:
                    end(s, SHUT_RD)
                elif "N" in self.flags:
                    end(s, SHUT_WR)
            if self.interval:
                sleep(self.interval)


def end(s: int, how: int) -> None:
    """Shut down a side of a connection that the peer may have ended already."""
    with suppress(OSError):
        shutdown(s, how)


def probe(s: int) -> bool:
    """Whether datagrams to a port are not refused."""
    try:
        for _ in range(4):
            write(s, b"X")
    except OSError:
        return False
    return True


def portlist(text: str) -> Iterator[str]:
    """Yield the ports of a number, a name or a range."""
    low, dash, high = text.partition("-")
    if dash and low.isdecimal() and high.isdecimal():
        first, last = sorted((portnumber(low), portnumber(high)))
        yield from map(str, range(first, last + 1))
    elif text.isdecimal():
        yield str(portnumber(text))
    else:
        service = getservbyname(text)
        if service is None:
            errx(1, f'service "{text}" unknown')
        yield str(service.s_port)


def portnumber(text: str) -> int:
    number, _ = strtol(text)
    if not 0 < number <= PORT_MAX:
        errx(1, f"port number {'too small' if number < 1 else 'too large'}: {text}")
    return number


def main(argv: list[str]) -> int:
    """Run nc(1)."""
    nc = Netcat()
    options, args = getopt(argv, "46dhi:klNnp:s:Uuvw:z")
    for option, value in options:
        if option in "?h":
            usage()
        elif option == "4":
            nc.family = AF_INET
        elif option == "6":
            nc.family = AF_INET6
        elif option == "U":
            nc.family = AF_LOCAL
        elif option in "iw":
            what = "interval" if option == "i" else "timeout"
            try:
                seconds = strtoi(value, 0, INT_MAX // 1000)
            except ValueError:
                errx(1, f"{what} invalid: {value}")
            if option == "i":
                nc.interval = seconds
            else:
                nc.timeout = seconds * 1000
        elif option == "p":
            nc.port = value
        elif option == "s":
            nc.source = value
        else:
            nc.flags.add(option)
    if "l" in nc.flags:
        if nc.port is not None or nc.source is not None:
            errx(1, f"cannot use -{'s' if nc.port is None else 'p'} and -l")
        if "z" in nc.flags:
            errx(1, "cannot use -z and -l")
    elif "k" in nc.flags:
        errx(1, "must use -l with -k")
    if nc.family == AF_LOCAL:
        if len(args) != 1:
            usage()
        if "l" in nc.flags:
            return nc.serve(None, args[0])
        try:
            return nc.call_local(args[0])
        finally:
            if nc.made is not None:
                unlink(nc.made)
    if "l" in nc.flags and len(args) == 1:
        return nc.serve(None, args[0])
    if len(args) != 2:
        usage()
    return nc.serve(*args) if "l" in nc.flags else nc.call(*args)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
