# SPDX-License-Identifier: BSD-2-Clause
"""subprocess as people use it: communicate, timeouts, signals, groups, text, pipes in a row."""

import os
import signal
import subprocess
import sys

sys.stdout.reconfigure(line_buffering=True)
os.environ["PATH"] = "/bin:/usr/bin"
done = subprocess.run(["cat"], input="text\n", capture_output=True, text=True, check=True)
print(done.stdout, done.stderr, done.returncode)
done = subprocess.run(
    "echo out; echo err >&2; exit 3", shell=True, capture_output=True, check=False
)
print(done.stdout, done.stderr, done.returncode)
try:
    subprocess.run(["false"], check=True)
except subprocess.CalledProcessError as exc:
    print(exc)
try:
    subprocess.run(["sleep", "30"], timeout=0.05, check=False)
except subprocess.TimeoutExpired as exc:
    print(exc.cmd, exc.output)
print(subprocess.check_output(["sh", "-c", "cat; echo end"], stdin=subprocess.DEVNULL))
print(subprocess.call(["sh", "-c", "kill -9 $$"]))
both = subprocess.run(
    "echo a; echo b >&2", shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
)
print(both.stdout)
big = b"x" * 300000
print(len(subprocess.run(["cat"], input=big, capture_output=True, check=True).stdout))
first = subprocess.Popen(["echo", "c\nb\na"], stdout=subprocess.PIPE)
second = subprocess.Popen(["sort"], stdin=first.stdout, stdout=subprocess.PIPE)
first.stdout.close()
print(second.communicate(), first.wait())
with subprocess.Popen(["sh", "-c", 'while read x; do echo "<$x>"; done'], stdin=subprocess.PIPE,
                      stdout=subprocess.PIPE, text=True, bufsize=1) as talk:  # fmt: skip
    for word in ("one", "two"):
        print(word, file=talk.stdin)
        print(talk.stdout.readline().strip())
    print(talk.poll())
print(talk.returncode)
sleeper = subprocess.Popen(["sleep", "30"], start_new_session=True)
print(os.getsid(sleeper.pid) == sleeper.pid, sleeper.poll())
sleeper.terminate()
print(sleeper.wait(), sleeper.poll())
sleeper.send_signal(signal.SIGKILL)
for wrong in (["no-such-program"], ["."]):
    try:
        subprocess.Popen(wrong)
    except OSError as exc:
        print(type(exc).__name__, exc.filename)
try:
    subprocess.Popen(["true"], cwd="nowhere")
except FileNotFoundError as exc:
    print(exc.filename)
print(subprocess.getstatusoutput("echo yes; exit 2"))
r, w = os.pipe()
subprocess.run(["sh", "-c", f"echo passed >&{w}"], pass_fds=[w], check=True)
print(
    os.read(r, 100),
    subprocess.run(["sh", "-c", f"(echo >&{w}) 2>/dev/null"], check=False).returncode != 0,
)
print(
    subprocess.run(
        ["sh", "-c", "umask; echo $V"], umask=0o27, env={"V": "v"}, capture_output=True, check=True
    ).stdout
)
print(
    subprocess.run(
        ["true"], preexec_fn=lambda: os.write(1, b"in the child\n"), check=True
    ).returncode
)
