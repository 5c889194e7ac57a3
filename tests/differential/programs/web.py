# SPDX-License-Identifier: BSD-2-Clause
"""A web server in one process, and who fetches from it in another; XML-RPC; logs by a socket."""

import http.client
import http.server
import json
import logging
import logging.handlers
import os
import pickle
import signal
import socketserver
import struct
import threading
import urllib.error
import urllib.parse
import urllib.request
import xmlrpc.client
import xmlrpc.server


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, code, body):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path != "/hello":
            self.send_error(404)
            return
        self.answer(200, json.dumps(urllib.parse.parse_qs(url.query)).encode())

    def do_POST(self):
        self.answer(201, self.rfile.read(int(self.headers["Content-Length"]))[::-1])

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
pid = os.fork()
if not pid:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    server.serve_forever()
server.server_close()
host, port = server.server_address
base = f"http://{host}:{port}"
with urllib.request.urlopen(f"{base}/hello?a=1&a=2&b=x") as answer:
    print(answer.status, json.load(answer), answer.headers["Content-Length"])
print(urllib.request.urlopen(f"{base}/", b"abc").read())
try:
    urllib.request.urlopen(f"{base}/nothing")
except urllib.error.HTTPError as exc:
    print(exc.code, exc.reason)
    exc.close()
connection = http.client.HTTPConnection(host, port, timeout=60)
for _ in range(2):
    connection.request("GET", "/hello")
    response = connection.getresponse()
    print(response.status, response.read(), response.version)
connection.close()
os.kill(pid, signal.SIGTERM)
print(os.waitpid(pid, 0)[1] == signal.SIGTERM)
try:
    urllib.request.urlopen(f"{base}/hello")
except urllib.error.URLError as exc:
    print(type(exc.reason).__name__)

with xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False) as calls:
    calls.register_function(pow)
    thread = threading.Thread(target=calls.handle_request)
    thread.start()
    with xmlrpc.client.ServerProxy("http://{}:{}".format(*calls.server_address)) as proxy:
        print(proxy.pow(2, 10))
    thread.join()


class Records(socketserver.StreamRequestHandler):
    def handle(self):
        while size := self.rfile.read(4):
            record = pickle.loads(self.rfile.read(struct.unpack(">L", size)[0]))
            print(record["name"], record["levelname"], record["msg"])


with socketserver.TCPServer(("127.0.0.1", 0), Records) as collector:
    thread = threading.Thread(target=collector.handle_request)
    thread.start()
    log = logging.getLogger("far.away")
    handler = logging.handlers.SocketHandler(*collector.server_address)
    log.addHandler(handler)
    log.warning("a line of %d words", 5)
    log.error("another")
    handler.close()
    thread.join()
