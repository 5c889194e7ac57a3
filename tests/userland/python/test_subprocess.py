# SPDX-License-Identifier: BSD-2-Clause
"""Python's subprocess inside: what it does is compared with the host's elsewhere."""

TIMES_OUT = """
import subprocess, time
start = time.monotonic()
try:
    subprocess.run(["sleep", "100"], timeout=20)
except subprocess.TimeoutExpired as exc:
    print(exc.cmd, 20 <= time.monotonic() - start < 21)
child = subprocess.Popen(["sleep", "100"])
child.terminate()
print(child.wait(), 20 <= time.monotonic() - start < 21)
"""


def test_timeouts_are_of_virtual_time(run):
    """A child that sleeps too long is killed and reaped, at once for the host."""
    result = run(TIMES_OUT)
    assert result.stderr.decode() == ""
    assert result.stdout.decode().splitlines() == ["['sleep', '100'] True", "-15 True"]


def test_child_is_a_process_of_the_kernel(run):
    """The child has a pid of its own, this Python program as its parent."""
    result = run(
        "import os, subprocess\n"
        "shell = subprocess.run(['sh', '-c', 'echo $PPID'], stdout=subprocess.PIPE)\n"
        "print(int(shell.stdout) == os.getpid())\n"
    )
    assert result.stdout == b"True\n", result.stderr
