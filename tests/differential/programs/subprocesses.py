# SPDX-License-Identifier: BSD-2-Clause
"""Python's subprocess: streams, shells, statuses, directories, environments, sessions, failures."""

import os
import signal
import subprocess


def shown(*args, **options):
    """Print what running it gives, or how that fails."""
    try:
        done = subprocess.run(*args, **options, check=False)
    except OSError as exc:
        print(type(exc).__name__, exc.strerror, exc.filename)
    else:
        print(done.returncode, done.stdout, done.stderr)


PIPE = subprocess.PIPE
STDOUT = subprocess.STDOUT
DEVNULL = subprocess.DEVNULL

shown(["/bin/echo", "a b", "c"], stdout=PIPE)
shown(["cat"], input=b"x" * 100000, stdout=DEVNULL)
shown(["cat"], input="text\n", stdout=PIPE, text=True)
shown(["sh", "-c", "echo out; echo err >&2"], capture_output=True)
shown(["sh", "-c", "echo out; echo err >&2"], stdout=PIPE, stderr=STDOUT)
shown("echo $WORD; exit 3", shell=True, stdout=PIPE, env={"WORD": "said"})
shown(["sh", "-c", 'echo "$0" "$1"', "zero", "one"], stdout=PIPE)
shown(["zero", "-c", 'echo "$0"'], executable="/bin/sh", stdout=PIPE)
shown(["sh", "-c", "kill -TERM $$"])

# What cannot be run, or entered.
os.mkdir("dir")
with open("text", "w") as file:
    file.write("not a program\n")
shown(["./nothing"])
shown(["nothing-in-the-path"], env={"PATH": "/bin:/usr/bin"})
shown(["./dir"])
shown(["./text"])
shown(["./text/under"])
shown(["pwd"], cwd="nowhere")
shown(["pwd"], cwd="text")
shown(["cat", "../text"], cwd="dir", stdout=PIPE)

# What the child inherits.
reader, writer = os.pipe()
shown(["sh", "-c", f"echo kept >&{writer}"], pass_fds=[writer])
print(os.read(reader, 100))
shown(["sh", "-c", f"echo lost >&{writer}"], stderr=DEVNULL)
os.set_inheritable(writer, True)
shown(["sh", "-c", f"echo open >&{writer}"], close_fds=False)
print(os.read(reader, 100))
shown(["sh", "-c", f"echo closed >&{writer}"], close_fds=True, stderr=DEVNULL)
os.close(writer)
print(os.read(reader, 100))
shown(["sh", "-c", "umask"], umask=0o27, stdout=PIPE)
shown(["sh", "-c", "umask"], preexec_fn=lambda: os.umask(0o70), stdout=PIPE)
try:
    subprocess.run(["true"], preexec_fn=lambda: 1 // 0, check=False)
except subprocess.SubprocessError as exc:
    print(exc)
child = subprocess.Popen(["sleep", "100"], start_new_session=True)
print(os.getsid(child.pid) == child.pid, os.getpgid(child.pid) == child.pid)
child.terminate()
print(child.wait(), child.poll())
child = subprocess.Popen(["sleep", "100"], process_group=0)
print(os.getsid(child.pid) == os.getsid(0), os.getpgid(child.pid) == child.pid)
os.killpg(child.pid, signal.SIGKILL)
print(child.wait())
user = os.geteuid()
if user:
    try:
        subprocess.run(["true"], user=user + 1, check=False)
    except PermissionError as exc:
        print(exc)
else:
    shown(["id", "-u"], user=1000, stdout=PIPE)
    shown(["id", "-g"], group=1000, extra_groups=[], stdout=PIPE)

# Waiting.
try:
    subprocess.run(["sleep", "100"], timeout=0.1, check=False)
except subprocess.TimeoutExpired as exc:
    print(exc.cmd, exc.output)
one = subprocess.Popen(["printf", "b\\na\\n"], stdout=PIPE)
two = subprocess.Popen(["sort"], stdin=one.stdout, stdout=PIPE, text=True)
one.stdout.close()
print(two.communicate(), one.wait())
with subprocess.Popen(["cat"], stdin=PIPE, stdout=PIPE, bufsize=0) as talk:
    talk.stdin.write(b"said")
    print(talk.stdout.read(100))
print(talk.returncode)
print(subprocess.getstatusoutput("echo told; exit 2"))
try:
    subprocess.check_call(["false"])
except subprocess.CalledProcessError as exc:
    print(exc)
