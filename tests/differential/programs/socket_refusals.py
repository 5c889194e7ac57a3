# SPDX-License-Identifier: BSD-2-Clause
"""What the socket and select modules refuse, in CPython's words, before and after they ask the system."""

import array
import select
import socket
import sys
import warnings


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except (TypeError, ValueError, OverflowError, BufferError, RuntimeError) as exc:
        return f"{type(exc).__name__}: {exc}"
    except OSError as exc:
        return type(exc).__name__


class Numbered:
    def __index__(self):
        return 5


one, other = socket.socketpair()
datagrams = socket.socket(type=socket.SOCK_DGRAM)
for args in (("\u2620",), (5j,), (b"x", "1"), (b"x", 1 << 40), ()):
    print("send", attempt(one.send, *args) if args else "")
for args in (("\u2620", ("", 1)), (b"x", None), (b"x", "1", ("", 1)), (b"x", ("", 1 << 16))):
    print("sendto", attempt(datagrams.sendto, *args))
print(attempt(datagrams.sendto, b"x", 0, ("localhost", 1), 4))
print(attempt(datagrams.connect, ("", "1")), attempt(datagrams.connect, ("", -1)))
print(attempt(datagrams.bind, "x"), attempt(datagrams.bind, ("",)))
for args in ((-1,), ("1",), (1.0,), (1, 1 << 31)):
    print("recv", attempt(one.recv, *args))
    print("recvfrom", attempt(one.recvfrom, *args))
for args in ((b"abc",), (bytearray(3), -1), (bytearray(3), 4), (7,)):
    print("recv_into", attempt(one.recv_into, *args))
    print("recvfrom_into", attempt(one.recvfrom_into, *args))
for args in ((-1,), (5, -1), (5, 1 << 31), ([], 0)):
    print("recvmsg", attempt(one.recvmsg, *args))
for args in (([b"abc"],), ([7],), (7,), ([bytearray(1)], -1)):
    print("recvmsg_into", attempt(one.recvmsg_into, *args).partition(" argument")[0])
for args in (
    (b"abc",),
    (7,),
    (["x"],),
    ([b"x"], 7),
    ([b"x"], [(1, 2, "x")]),
    ([b"x"], [(1.0, 2, b"")]),
):
    print("sendmsg", attempt(one.sendmsg, *args))
print(attempt(one.sendmsg, [b"x"], [7])[:9], attempt(one.sendmsg, [b"x"], [(1, 2)])[:9])
print(attempt(one.getsockopt, socket.SOL_SOCKET, socket.SO_TYPE, 1025))
print(attempt(one.setsockopt, socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1 << 31))
print(attempt(one.setsockopt, socket.SOL_SOCKET, socket.SO_KEEPALIVE, "x"))
for value in (-1, "x", float("nan"), 1e300, 1e8, None, 0.25, 3):
    print("timeout", attempt(one.settimeout, value), one.gettimeout(), one.getblocking())
print(attempt(socket.setdefaulttimeout, -1), attempt(socket.setdefaulttimeout, "spam"))
print(attempt(one.shutdown, 1 << 40), attempt(one.listen, "x"))
for fd in (-1, 1.5, "x"):
    print("fileno", attempt(socket.socket, fileno=fd))
print(attempt(socket.inet_aton, 7)[:9], attempt(socket.inet_aton, "1.2.3.400"))
print(attempt(socket.inet_ntoa, b"123"), socket.inet_ntoa(bytearray(4)))
print(attempt(socket.inet_ntop, 99, b"1234"), attempt(socket.inet_ntop, socket.AF_INET, b"1"))
print(attempt(socket.inet_pton, 99, "1"), attempt(socket.inet_pton, socket.AF_INET6, "x"))
for name in ("htons", "ntohs"):
    function = getattr(socket, name)
    print(name, [attempt(function, value) for value in (-1, 1 << 16, 0xFFFF, 1 << 40)])
for name in ("htonl", "ntohl"):
    function = getattr(socket, name)
    print(name, [attempt(function, value)[:13] for value in (-1, 1 << 32, "x", 1.0)])
print(attempt(socket.CMSG_LEN, -1), attempt(socket.CMSG_SPACE, 1 << 31), socket.CMSG_LEN(0) > 0)
print(attempt(socket.if_nametoindex, 7)[:9], attempt(socket.if_indextoname, "x"))
print(attempt(socket.getaddrinfo, 7, None), attempt(socket.getaddrinfo, "localhost", 1.5))
print(attempt(socket.getaddrinfo, "localhost", "\ud800")[:18])
print(attempt(socket.getnameinfo, "x", 0), attempt(socket.getnameinfo, (1, 2), 0))
print(attempt(socket.getservbyport, 1 << 16), attempt(socket.gethostbyname, "\0"))

waiting = select.poll()
print(attempt(waiting.register, 0, -1), attempt(waiting.register, 0, 1 << 16))
print(attempt(waiting.register, "x"), attempt(waiting.poll, "x"), attempt(waiting.poll, 1 << 31))
print(attempt(waiting.poll, 1 << 70)[:13], attempt(type(waiting)))
print(attempt(select.select, 7, [], []), attempt(select.select, [], [], [], "x"))
print(attempt(select.select, ["x"], [], []), attempt(select.select, [], [], [], -1))
print(attempt(select.select, [-1], [], []), attempt(select.select, [1 << 16], [], []))
print(one.send(array.array("i", range(3))), other.recv(100) == array.array("i", range(3)).tobytes())
print(one.send(memoryview(b"")), attempt(one.send, memoryview(b"abcd")[::2]))
print(attempt(one.recv, Numbered()) if other.send(b"hello!") else "")
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    described = repr(other)
    del other
print([(w.category.__name__, str(w.message) == f"unclosed {described}") for w in said])
one.close()
print(attempt(one.send, b"x"), one.fileno(), repr(one)[:27])
datagrams.close()

events = []
sys.addaudithook(lambda event, args: events.append((event, args[-1:])) if "socket" in event else 0)
with socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
    udp.bind(("127.0.0.1", 0))
    udp.sendto(b"x", ("127.0.0.1", 9))
    udp.sendmsg([b"x"], [], 0, ("127.0.0.1", 9))
    attempt(tcp.connect, ("127.0.0.1", 9))
    tcp.connect_ex(("127.0.0.1", 9))
socket.gethostname()
socket.gethostbyname("127.0.0.1")
socket.gethostbyaddr("127.0.0.1")
socket.getaddrinfo("127.0.0.1", 9)
socket.getnameinfo(("127.0.0.1", 9), socket.NI_NUMERICHOST)
socket.getservbyname("domain", "tcp")
socket.getservbyport(53)
print(events)
