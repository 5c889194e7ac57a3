# SPDX-License-Identifier: BSD-2-Clause
"""Laws of kdump as a program of the emulated system."""

import io
from pathlib import Path

import pytest

from kernel import api
from kernel.sys.cdefs import I386, ILP32, ILP32_BE, LP64, LP64_BE, Abi
from userland import libktrace
from userland.libktrace import kdump

TRACE = Path(__file__).parents[2] / "data" / "golden" / "10-amd64-0.ktrace"
PRINTED = TRACE.with_name("10-amd64-0.0.out").read_bytes()


def sh(k: api.System, script: str, stdin: bytes = b"") -> api.Result:
    """Run a shell script."""
    return k.run(b"/bin/sh", ["-c", script], stdin=stdin)


def test_a_file_of_the_emulated_system(k: api.System) -> None:
    """A trace that is in the emulated file system prints as one outside."""
    k.install(b"/tmp/trace", TRACE.read_bytes())
    done = sh(k, "kdump /tmp/trace")
    assert (done.status, done.stdout, done.stderr) == (0, PRINTED, b"")


def test_standard_input(k: api.System) -> None:
    """A trace comes through a pipe where the name is a dash."""
    k.install(b"/tmp/trace", TRACE.read_bytes())
    assert sh(k, "cat /tmp/trace | kdump -f -").stdout == PRINTED


def test_what_it_traced(k: api.System) -> None:
    """ktrace writes ktrace.out, kdump reads it."""
    done = sh(k, "cd /tmp && ktrace echo hi && kdump -tin")
    lines = done.stdout.splitlines()
    assert lines[0] == b"hi"
    assert lines[-2].endswith(b"GIO   fd 1 wrote 3 bytes")
    assert lines[-1] == b'       "hi\\n"'


@pytest.mark.parametrize(
    ("reader", "line"), [("kdump -l -tn", 'NAMI  "/bin/cat"'), ("ktruss -l", '("/bin/cat"')]
)
def test_following(k: api.System, reader: str, line: str) -> None:
    """-l prints what another process's trace gets while it runs, until ^C."""
    term = k.terminal()
    shell = k.login(term, 0)
    k.start(shell, b"/bin/sh", ["-i"], {"PS1": "$ "})
    term.type(b"cd /tmp; ktrace sh -c 'sleep 5; cat /etc/group; sleep 1000' &\n")
    term.type(f"{reader} -f ktrace.out\n".encode())
    k.advance(2)
    assert line not in term.read().decode()
    k.advance(6)
    assert line in term.read().decode()
    term.type(b"\x03")
    assert term.read().endswith(b"^C\r\n$ ")


def test_refusals(k: api.System) -> None:
    """A file that is not there, one that is no trace, a flag that is none."""
    done = sh(k, "kdump /nosuch; kdump /etc/passwd; kdump -z")
    assert (done.status, done.stdout) == (1, b"")
    said = done.stderr.splitlines()[:3]
    assert said == [
        b"kdump: /nosuch: No such file or directory",
        b"kdump: not a NetBSD trace at byte 0",
        b"kdump: unknown option -- z",
    ]


LIFE = b"""
from userland.libc import *
import sys

points = 0xFFFFFF | KTRFAC_INHERIT | int(sys.argv[1]) << KTRFAC_VER_SHIFT
handler = lambda *_: None
for signo in (SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD):
    signal(signo, handler)
close(open("/tmp/trace", O_CREAT | O_RDWR, 0o644))
ktrace("/tmp/trace", KTROP_SET, points, getpid())
kill(getpid(), SIGUSR1)
sigqueue(getpid(), SIGUSR2, 5)
alarm(1)
sigsuspend(0)
pid = fork()
if not pid:
    close(2)
    execve("/bin/echo", ["echo", 'say "hi"'], {"A": "1"})
while True:
    try:
        wait()
        break
    except InterruptedError:
        pass
sysctl([1, 1], size=99)
utrace("label", b"\\1\\2")
kill(getpid(), SIGTERM)
"""
# What is the same in all versions, but for what comes after a caught signal's mask, and in
# the words of today and of 2003, which has none for the records that are younger.
WORDS = {
    "now": {
        "exec": ('ENV   "A=1"', "FD    file 0", "FD    file 1", 'EMUL  "netbsd"'),
        "sysctl": ("MIB   1.1", "GIO   read 7 bytes"),
        "user": "MISC  label: 2, 0102",
    },
    "2003": {
        "exec": ('ENV   "A=1"', "UNKNOWN(15)", "UNKNOWN(15)", 'EMUL  "netbsd"'),
        "sysctl": ("UNKNOWN(14)", "GIO   fd -1 read 7 bytes"),
        "user": 'USER  "label: 22, 0102"',
    },
}
SIGINFO = {
    0: dict.fromkeys(("USR1", "USR2", "ALRM", "CHLD"), ")"),
    1: {
        "USR1": ": code=SI_USER sent by pid=2, uid=0)",
        "USR2": ": code=SI_QUEUE unimplemented)",
        "ALRM": ": code=SI_TIMER sigval 0x0)",
        "CHLD": ": code=CLD_EXITED child pid=3, uid=0,  status=0, utime=0, stime=0)",
    },
    2: {
        "USR1": ": code=SI_USER sent by pid=2, uid=0)",
        "USR2": ": code=SI_QUEUE sent by pid=2, uid=0 with sigval 0x5)",
        "ALRM": ": code=SI_TIMER sent by pid=0, uid=0 with sigval 0x0)",
        "CHLD": ": code=CLD_EXITED child pid=3, uid=0,  status=0, utime=0, stime=0)",
    },
}


@pytest.mark.parametrize("version", [0, 1, 2])
def test_records_of_a_life(k: api.System, version: int) -> None:
    """Signals with who sent them, switches, exec's strings and descriptors, sysctl's names.

    Version 2 is printed by the kdump of NetBSD 10, the others by that of 2003; the siginfo of
    a signal is in a trace from version 1 on.
    """
    k.install(b"/tmp/life.py", LIFE)
    assert k.run(b"/tmp/life.py", [str(version)]).status == 128 + 15
    done = sh(k, "kdump /tmp/trace")
    assert (done.status, done.stderr) == (0, b"")
    where = 23 if version == 2 else 16
    shown = [line[where:].rstrip() for line in done.stdout.decode().splitlines()]
    words = WORDS["now" if version == 2 else "2003"]

    for name, told in SIGINFO[version].items():
        (signal,) = (s for s in shown if s.startswith(f"PSIG  SIG{name} "))
        assert signal == f"PSIG  SIG{name} caught handler=0x400000 mask=(){told}"
    fatal = next(s for s in shown if s.startswith("PSIG  SIGTERM"))
    assert fatal.startswith("PSIG  SIGTERM SIG_DFL")
    assert shown.count("CSW   stop kernel") == shown.count("CSW   resume kernel") == 2
    at = shown.index('ARG   "echo"')
    assert shown[at + 1] == 'ARG   "say \\"hi\\""'
    assert tuple(s for s in shown[at + 2 : at + 10] if s[:1].isupper())[:4] == words["exec"]
    at = shown.index(words["sysctl"][0])
    assert words["sysctl"][1] in shown[at + 1 : at + 3]
    assert words["user"] in shown


def test_switches_of_each_lwp(k: api.System) -> None:
    """Each LWP's sleep is a pair of its own, whatever others do in between."""
    k.install(
        b"/tmp/threads.py",
        b"import threading, time\n"
        b"ts = [threading.Thread(target=time.sleep, args=(n,)) for n in (1, 2)]\n"
        b"for t in ts: t.start()\n"
        b"for t in ts: t.join()\n",
    )
    done = sh(k, "cd /tmp && ktrace -t+w ./threads.py; kdump -t w")
    lines = [line.split() for line in done.stdout.decode().splitlines()]
    switches = {
        lid: [" ".join(line[3:]) for line in lines if line[1] == lid] for _, lid, *_ in lines
    }
    assert len(switches) == 3
    for mine in switches.values():
        assert mine == ["CSW stop kernel", "CSW resume kernel"] * (len(mine) // 2)
        assert mine


def test_calls_of_the_process_side(k: api.System) -> None:
    """kdump names constants of sockets; what moves through them, and their names, are records."""
    k.install(
        b"/tmp/net.py",
        b"from userland.libc import *\n"
        b"s = socket(AF_INET, SOCK_DGRAM)\n"
        b"setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (1).to_bytes(4, 'little'))\n"
        b"here = SockaddrIn(7777, INADDR_LOOPBACK)\n"
        b"bind(s, here)\n"
        b"sendto(s, b'hello', 0, here)\n"
        b"recvfrom(s, 99)\n"
        b"kq = kqueue()\n"
        b"kevent(kq, [Kevent(s, EVFILT_READ, EV_ADD)], 0)\n"
        b"killpg(getpgrp(), 0)\n",
    )
    done = sh(k, "cd /tmp && ktrace ./net.py; kdump")
    shown = [line[23:].rstrip() for line in done.stdout.decode().splitlines()]
    for call in ("CALL  setsockopt(3,SOL_SOCKET,SO_REUSEADDR,", "CALL  kqueue", "CALL  __kevent"):
        assert any(s.startswith(call) for s in shown), call
    assert "GIO   fd 3 wrote 5 bytes" in shown
    assert "GIO   fd 3 read 5 bytes" in shown
    assert any(s.startswith("MISC  mbsoname: ") for s in shown)


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("abi", [LP64, LP64_BE, I386, ILP32, ILP32_BE], ids=str)
def test_traces_of_every_machine(abi: Abi, version: int) -> None:
    """What the kernel writes as any machine is recognised, and printed without complaint."""
    with api.boot(abi=abi) as k:
        process = k.process(name="ktrace")
        sink = io.BytesIO()
        k.ktrace(process, sink, "+", version)
        k.start(process, b"/bin/echo", ["hi"])
        process.finish()
    trace = sink.getvalue()
    reader = libktrace.open(io.BytesIO(trace))
    out, err = io.BytesIO(), io.BytesIO()

    assert reader.format is not None
    assert reader.format.version == version
    assert (reader.format.abi.word, reader.format.abi.byteorder) == (abi.word, abi.byteorder)
    assert kdump.main(["kdump"], lambda _: io.BytesIO(trace), out, err) == 0
    assert err.getvalue() == b""
    assert out.getvalue().splitlines()[-1].rstrip(b")").endswith(b"CALL  exit(0")
