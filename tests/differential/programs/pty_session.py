# SPDX-License-Identifier: BSD-2-Clause
"""A session on a pseudo-terminal: pty.fork, ^C and ^Z by the keyboard, hangup at the end."""

import os
import pty
import signal
import sys
import termios

sys.stdout.reconfigure(line_buffering=True)


def until(fd, mark):
    data = b""
    while mark not in data:
        data += os.read(fd, 1000)
    return data


pid, master = pty.fork()
if pid == 0:
    seen = []
    signal.signal(signal.SIGINT, lambda *_: os.write(1, b"interrupted\n"))
    signal.signal(signal.SIGHUP, lambda *_: os._exit(12))
    signal.signal(
        signal.SIGWINCH, lambda *_: os.write(1, b"winch %d %d\n" % os.get_terminal_size())
    )
    print(os.isatty(0), os.getsid(0) == os.getpid(), os.tcgetpgrp(0) == os.getpgrp(), flush=True)
    while True:
        line = os.read(0, 100)
        os.write(1, b"<" + line.strip() + b">\n")
print(until(master, b"\n"))
os.write(master, b"line\n")
print(until(master, b">\r\n"))
os.write(master, b"\x03")
print(until(master, b"interrupted\r\n"))
termios.tcsetwinsize(master, (24, 80))
print(until(master, b"winch 80 24\r\n"), termios.tcgetwinsize(master))
os.write(master, b"\x1a")
print(os.waitpid(pid, os.WNOHANG))  # an orphaned group is not stopped by the keyboard
os.write(master, b"after\n")
print(b"<after>" in until(master, b">\r\n"))
os.close(master)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid, master = pty.fork()
if pid == 0:
    os.write(1, b"ready")
    while True:
        os.read(0, 10)
print(until(master, b"ready"))
os.write(master, b"\x1c")
print(signal.Signals(os.WTERMSIG(os.waitpid(pid, 0)[1])).name)
pid, master = pty.fork()
if pid == 0:
    os.write(1, b"bye")
    os._exit(0)
print(until(master, b"bye"), os.waitpid(pid, 0)[1])
