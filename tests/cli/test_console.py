# SPDX-License-Identifier: BSD-2-Clause
"""The console on the host's descriptors."""

import os
import subprocess
import sys
import termios
from pathlib import Path

from kernel.cli.console import LineConsole

PROGRAM = """\
from kernel.cli.console import HostConsole
console = HostConsole()
assert console.read_ready(block=True)
assert console.read(10) == b"in"
assert console.read_ready(block=True) and console.read(10) == b""  # the end of input
assert console.write(b"out", 1) == 3 and console.write(memoryview(b"error"), 2) == 5
assert not console.isatty(0) and not console.isatty(2)
assert console.winsize() == (24, 80)
"""


def test_each_stream_is_the_hosts():
    """Input is ready when it, or its end, is there; minor 2 is stderr; pipes are no terminal."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        input=b"in", capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"out", b"error")


def test_what_the_host_refuses_the_program_hears(tmp_path: Path):
    """A full disk behind stdout is the program's ENOSPC, no panic; its status is CPython's."""
    program = tmp_path / "program.py"
    program.write_text("print('out')\n")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kernel", "run", program],
            cwd=Path(__file__).parents[2], stdout=full, stderr=subprocess.PIPE, timeout=300,
            check=False,
        )  # fmt: skip
    assert done.returncode == 120
    assert b"OSError: [Errno 28] No space left on device\n" in done.stderr
    assert b"panic" not in done.stderr


RAW = """\
import os, tty, termios
old = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b"raw\\n")
keys = b""
while len(keys) < 3:
    keys += os.read(0, 10)
termios.tcsetattr(0, termios.TCSADRAIN, old)
print(keys, flush=True)
print(input())
"""


def test_raw_mode_of_the_hosts_terminal(tmp_path):
    """A program that goes raw gets every key, unseen; then lines are edited again."""
    (tmp_path / "raw.py").write_text(RAW)
    master, slave = os.openpty()
    before = termios.tcgetattr(slave)
    process = subprocess.Popen(
        [sys.executable, "-m", "kernel", "run", str(tmp_path / "raw.py")],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=slave, stdout=slave, stderr=slave,
    )  # fmt: skip

    def until(text):
        seen = b""
        while text not in seen:
            seen += os.read(master, 1000)
        return seen

    assert until(b"raw\n") == b"raw\n"
    os.write(master, b"a\x03\r")
    assert until(b"\r\n") == b"b'a\\x03\\r'\r\n"
    os.write(master, b"oops\x15line\n")
    assert until(b"line\r\nline\r\n")
    assert process.wait(timeout=300) == 0
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)


ON_A_TERMINAL = """\
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))  # the session's terminal from now on
os.execv(sys.executable, [sys.executable, "-m", "kernel", "sh"])
"""


def test_the_keys_of_a_terminal_go_to_the_job(tmp_path):
    """A job in the foreground has its lines at once; ^Z stops it and ^C ends it, not the machine."""
    master, slave = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)},
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip

    def typing(keys, text):
        os.write(master, keys)
        seen = b""
        while text not in seen:
            seen += os.read(master, 1000)

    typing(b"", b"# ")
    typing(b"echo ready; cat\n", b"ready\r\n")
    typing(b"hello\n", b"hello\r\nhello\r\n")
    typing(b"\x1a", b"Suspended")
    typing(b"fg\n", b"cat\r\n")
    typing(b"again\n", b"again\r\nagain\r\n")
    typing(b"\x03", b"# ")
    typing(b"exit $?\n", b"exit")
    assert process.wait(timeout=300) == 130
    os.close(master)
    os.close(slave)


def test_what_is_typed_need_be_no_text(tmp_path, capfd, monkeypatch):
    """Bytes that are not UTF-8 come from the editor as surrogates, and go in as what they were."""
    monkeypatch.setattr("kernel.cli.console.line_editor", lambda _history: lambda _prompt: "\udcff")
    console = LineConsole(str(tmp_path / "history"))
    console.write(b"$ ", 1)
    assert console.read(10) == b"\xff\n"
    assert capfd.readouterr().out == "$ \r"
