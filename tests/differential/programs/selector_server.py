# SPDX-License-Identifier: BSD-2-Clause
"""A chat by selectors: clients that come, talk and go, one server that never blocks."""

import os
import selectors
import socket

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 0))
server.listen(10)
address = server.getsockname()
children = []
for n in range(4):
    pid = os.fork()
    if pid == 0:
        server.close()
        with socket.create_connection(address) as talk, talk.makefile("rw") as file:
            for line in range(3):
                file.write(f"{n} {line}\n")
                file.flush()
                answer = file.readline()
                if answer != f"{n * 10} {line}\n":
                    os._exit(1)
        os._exit(0)
    children.append(pid)
selector = selectors.DefaultSelector()
server.setblocking(False)
selector.register(server, selectors.EVENT_READ, "server")
served = closed = 0
buffers = {}
while closed < 4:
    for key, _ in selector.select(10):
        if key.data == "server":
            talk, _ = server.accept()
            talk.setblocking(False)
            buffers[talk] = b""
            selector.register(talk, selectors.EVENT_READ, "client")
            continue
        data = key.fileobj.recv(100)
        if not data:
            selector.unregister(key.fileobj)
            key.fileobj.close()
            closed += 1
            continue
        buffers[key.fileobj] += data
        while b"\n" in buffers[key.fileobj]:
            line, _, buffers[key.fileobj] = buffers[key.fileobj].partition(b"\n")
            number, rest = line.split()
            key.fileobj.send(b"%d %s\n" % (int(number) * 10, rest))
            served += 1
print(served, closed, [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children])
print(len(selector.get_map()))
selector.close()
server.close()
try:
    socket.create_connection(address)
except ConnectionRefusedError as exc:
    print(exc.strerror)
