# SPDX-License-Identifier: BSD-2-Clause
"""Traces that a crash, a bad disk or somebody has changed: every command that reads one copes."""

import contextlib
import itertools
import json
import os
import random
import sqlite3
import struct
import sys
from importlib import import_module
from pathlib import Path

import pytest

from kernel.sys.cdefs import ILP32, LP64, pack
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_FD,
    KTR_GENIO,
    KTR_MIB,
    KTR_MMSG,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SAUPCALL,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KtrCsw,
    KtrGenio,
    KtrSyscall,
    KtrSysret,
)
from userland import libktrace

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "samples").glob("*.ktrace"))
COMMANDS = {
    "kdump": ["-R", "-n", "-f"],
    "ktruss": ["-T", "-f"],
    "trace": [],
    "report": ["-o", os.devnull],
    "diff": [SAMPLES[0]],
}
KINDS = {
    KTR_SYSCALL: pack(KtrSyscall(5, 24)) + bytes(24),
    KTR_NAMEI: b"/etc/passwd",
    KTR_GENIO: pack(KtrGenio(3, 1)) + b"data",
    KTR_CSW: pack(KtrCsw(1, 0)),
    KTR_EMUL: b"netbsd",
    KTR_PSIG: bytes(64),
    KTR_USER: bytes(24),
    KTR_EXEC_FD: bytes(8),
    KTR_MIB: bytes(8),
    KTR_MMSG: bytes(28),
    KTR_SAUPCALL: bytes(20),
    KTR_SYSRET: pack(KtrSysret(5, 0, 2, 3, 0)),
}


@pytest.fixture
def read(tmp_path, capfdbinary):
    """Read a trace with a command; return its status and what it says on stderr."""

    def runner(command, data, *options):
        path = tmp_path / "trace"
        path.write_bytes(data)
        main = import_module(f"kernel.cli.{command}").main
        try:
            status = main([*map(str, [*options, *COMMANDS[command]]), str(path)])
        finally:
            sys.stdout.flush()
        return status, capfdbinary.readouterr().err

    return runner


@pytest.mark.parametrize("abi", [LP64, ILP32])
@pytest.mark.parametrize("command", COMMANDS)
def test_payloads_cut_at_any_byte(read, command, abi):
    """What a payload is too short for reads as 0; the records after it are read."""
    data = b"".join(
        libktrace.encode(kind, payload[:size], abi=abi)
        for size in range(30)
        for kind, payload in KINDS.items()
    )
    status, err = read(command, data)
    assert status == (1 if command == "diff" else 0), err
    assert b" at byte " not in err


@pytest.mark.parametrize("command", COMMANDS)
def test_times_that_64_bits_do_not_hold(read, command):
    """Neither in the C helper, nor between two records."""
    times = (1_060_270_305, 1 << 62, -(1 << 62), (1 << 63) - 1, -(1 << 63), 0, 1_060_270_305)
    data = b"".join(
        libktrace.encode(kind, payload, time=time * 1_000_000_000)
        for time in times
        for kind, payload in KINDS.items()
    )
    status, err = read(command, data)
    assert status == (1 if command == "diff" else 0), err


def test_numbers_that_sqlite_does_not_hold(read, tmp_path):
    """They are stored as floating point: the order is kept."""
    called = pack(KtrSyscall(5, 24)) + struct.pack("<3Q", (1 << 64) - 1, 1 << 63, 7)
    data = libktrace.encode(KTR_NAMEI, b"/etc") * 3
    data += libktrace.encode(KTR_SYSCALL, called, time=(1 << 62) * 1_000_000_000)
    data += libktrace.encode(KTR_SYSRET, KINDS[KTR_SYSRET], time=(1 << 63) * 10**9 - 10**9)
    database = tmp_path / "calls.db"
    assert read("trace", data, "--sqlite", database) == (0, b"")
    with contextlib.closing(sqlite3.connect(database)) as db:
        ((began, ended),) = db.execute("select began, ended from calls")
        registers = [row[0] for row in db.execute("select register from arguments")]
    assert (began, ended) == pytest.approx((4.6e27, 9.2e27), rel=0.01)
    assert registers == [-1, -(1 << 63), 7]


@pytest.mark.parametrize("command", COMMANDS)
def test_bytes_changed_anywhere(read, command):
    """A line says where the trace cannot be read on, or it is read to its end; never a crash."""
    rng = random.Random(f"{command}")
    for number, sample in zip(range(40), itertools.cycle(SAMPLES), strict=False):
        data = bytearray(sample.read_bytes()[: 200 << number % 6])
        for _ in range(rng.randint(1, 5)):
            data[rng.randrange(len(data))] = rng.choice([0, 1, 0x7F, 0x80, 0xFF])
        status, err = read(command, bytes(data))
        assert status in (0, 1, 2)
        assert bool(err) or status == 0 or command == "diff"
        assert b"Traceback" not in err


@pytest.mark.parametrize("kind", ["directory", "nothing", "text"])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_trace(command, kind, tmp_path, capfd):
    """One line that says why, and a status."""
    (tmp_path / "text").write_text("a text that is longer than any header of a record is\n" * 3)
    (tmp_path / "directory").mkdir()
    path = str(tmp_path / kind)
    status = import_module(f"kernel.cli.{command}").main([*map(str, COMMANDS[command]), path])
    err = capfd.readouterr().err
    assert status == (2 if command == "diff" else 1)
    assert err.startswith(f"{command}: ")
    assert err.count("\n") == 1


def test_two_traces_in_a_row(tmp_path, capfd):
    """What `cat` makes of two of one format is a trace: the calls of both."""
    main = import_module("kernel.cli.trace").main
    for sample in SAMPLES:
        records = list(libktrace.open(sample))[:200]
        one = sample.read_bytes()[: records[-1].offset]
        told = []
        for count in (1, 2):
            path = tmp_path / f"{count}"
            path.write_bytes(one * count)
            assert main(["--json", str(path)]) == 0
            told.append(capfd.readouterr().out.splitlines())
        assert len(told[0]) > 20
        assert len(told[1]) == 2 * len(told[0])
        assert {json.loads(line)["call"] for line in told[0] if "call" in json.loads(line)} == {
            json.loads(line)["call"] for line in told[1] if "call" in json.loads(line)
        }
