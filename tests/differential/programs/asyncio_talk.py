# SPDX-License-Identifier: BSD-2-Clause
"""asyncio: streams, datagrams, subprocesses, signals, threads, timeouts and what was never awaited."""

import asyncio
import os
import signal
import socket
import sys
import warnings


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()


async def talk(reader, writer):
    for word in (b"one\n", b"two\n"):
        writer.write(word)
        print(await reader.readline())
    writer.close()
    await writer.wait_closed()


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, done):
        self.done = done

    def datagram_received(self, data, addr):
        self.done.set_result((data, addr[0]))


async def main():
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        await talk(*await asyncio.open_connection(*server.sockets[0].getsockname()))
    local = await asyncio.start_unix_server(echo, "talk")
    async with local:
        await talk(*await asyncio.open_unix_connection("talk"))
    done = loop.create_future()
    receiver, _ = await loop.create_datagram_endpoint(lambda: Datagrams(done), ("127.0.0.1", 0))
    address = receiver.get_extra_info("sockname")
    sender, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=address)
    sender.sendto(b"hello")
    print(await done)
    sender.close()
    receiver.close()
    shell = await asyncio.create_subprocess_shell(
        "read x; echo got $x; echo oops >&2; exit 3",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    print(await shell.communicate(b"it\n"), shell.returncode)
    sleeper = await asyncio.create_subprocess_exec("/bin/sleep", "1000")
    sleeper.terminate()
    print(await sleeper.wait() == -signal.SIGTERM)
    told = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, told.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await told.wait()
    print("a signal", await asyncio.to_thread(sum, [1, 2, 3]))
    one, other = socket.socketpair()
    one.setblocking(False)
    other.setblocking(False)
    receiving = asyncio.create_task(loop.sock_recv(one, 10))
    await loop.sock_sendall(other, b"plain")
    print(await receiving)
    one.close()
    other.close()
    try:
        await asyncio.wait_for(asyncio.sleep(100), 0.02)
    except TimeoutError:
        print("too late")
    reader, writer = os.pipe()
    transport, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(writer, "wb"))
    stream = asyncio.StreamReader()
    ends = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reader, "rb")
    )
    transport.write(b"through a pipe")
    transport.close()
    print(await stream.read())
    ends[0].close()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.sleep(0.01 * n, n)) for n in (3, 1, 2)]
    print([task.result() for task in tasks])


async def never():
    pass


asyncio.run(main())
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    never()
print([(w.category.__name__, str(w.message)) for w in said])
sys.stdout.flush()
os.remove("talk") if os.path.exists("talk") else None
