# SPDX-License-Identifier: BSD-2-Clause
"""What small files cost a test: the same function on the host, inside, and under pyfakefs."""

import os
from pathlib import Path

import pytest
from pyfakefs.fake_filesystem_unittest import Patcher

from benchmarks.programs import files
from benchmarks.yardstick import Figure, Interleaved
from kernel import api

READS = 10_000


def host(directory: Path) -> None:
    """The host's files."""
    files.work(str(directory / "d"))


def inside() -> None:
    """A booted system and a process, and the work."""
    with api.boot() as k:
        k.call(files.work, "/tmp/d")


def fake() -> None:
    """A fake file system, and the work."""
    with Patcher(additional_skip_names=["kernel", "userland", "native"]):
        files.work("/tmp/d")


def reads(path: str) -> None:
    """Open, read and close a small file many times."""
    for _ in range(READS):
        fd = os.open(path, os.O_RDONLY)
        os.read(fd, 100)
        os.close(fd)


def withs(path: str) -> None:
    """Read a small text file many times, as programs do."""
    for _ in range(READS // 4):
        with open(path) as file:
            file.read()


def test_small_files_and_the_host(interleaved: Interleaved, tmp_path: Path) -> None:
    """Boot, 200 files made, read, copied and removed: at most 12 times the host's."""
    got, yard = interleaved.run(inside, lambda: host(tmp_path), rounds=7)
    interleaved.note(Figure("small files inside / on the host", got, yard, got / yard, 12, "x"))


def test_small_files_and_a_fake(interleaved: Interleaved) -> None:
    """No slower than pyfakefs: both start from nothing."""
    got, yard = interleaved.run(inside, fake, rounds=7)
    interleaved.note(Figure("small files inside / under pyfakefs", got, yard, got / yard, 1, "x"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small file of the host."""
    path = tmp_path / "f"
    path.write_text("text")
    return path


def test_with_open(interleaved: Interleaved, path: Path) -> None:
    """open(), read() and the end of the with statement take at most 5 times what the host takes."""
    with api.boot() as k:
        k.install(b"/tmp/f", b"text")
        got, yard = interleaved.run(
            lambda: k.call(withs, "/tmp/f"), lambda: withs(str(path)), rounds=7
        )
    figure, yardstick = got / (READS // 4), yard / (READS // 4)
    interleaved.note(Figure("with open() / on the host", figure, yardstick, got / yard, 5, "x"))


def test_open_read_close(interleaved: Interleaved, path: Path) -> None:
    """A small file opened, read and closed takes 25 us at most."""
    with api.boot() as k:
        k.install(b"/tmp/f", b"text")
        got, yard = interleaved.run(
            lambda: k.call(reads, "/tmp/f"), lambda: reads(str(path)), rounds=7
        )
    figure, yardstick = got / READS, yard / READS
    interleaved.note(Figure("open, read, close inside", figure, yardstick, figure * 1e6, 25, "us"))
