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


def test_what_it_refuses(same):
    """NULs, unsorted descriptors, ids that are none: the words are CPython's."""
    same("""
import subprocess
for arguments, options in (
    (["tr\\0ue"], {}), (["true"], {"env": {"A": "b\\0"}}), (["true"], {"cwd": "/\\0"}),
    (["true"], {"user": -1}), (["true"], {"user": 1 << 64}), (["true"], {"group": 1 << 64}),
    (["true"], {"extra_groups": [1 << 64]}), (["true"], {"pass_fds": (-1,)}),
    (["true"], {"cwd": "/nowhere"}), (["/nowhere"], {}), (["true"], {"executable": "/etc"}),
):
    try:
        subprocess.Popen(arguments, **options)
    except (ValueError, OverflowError, OSError) as exc:
        print(type(exc).__name__, exc)
""")


def test_preexec_fn_runs_in_the_child(same):
    """What it changes, the parent does not see; what it raises, the parent is told of."""
    same("""
import os, subprocess
seen = []

def change():
    seen.append(1)
    os.write(1, b"%d here\\n" % len(seen))
    os.environ["A"] = "b"

os.register_at_fork(before=lambda: print("before", flush=True))
print(subprocess.run(["echo", "there"], preexec_fn=change), seen, os.environ.get("A"))
try:
    subprocess.Popen(["true"], preexec_fn=lambda: 1 / 0)
except subprocess.SubprocessError as exc:
    print(repr(exc))
print(subprocess.run(["true"], preexec_fn=lambda: os._exit(5)))
""")


def test_standard_descriptors_are_swapped(run):
    """Each of 0, 1 and 2 can become any other, also where one was closed."""
    result = run("""
import os, subprocess
os.close(0)
pipe = os.pipe()
child = subprocess.Popen(["sh", "-c", "echo out; echo err >&2"], stdout=2, stderr=pipe[1])
child.wait()
print(os.read(pipe[0], 100))
""")
    assert (result.stdout, result.stderr) == (b"b'err\\n'\n", b"out\n")
