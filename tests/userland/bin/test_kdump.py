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
