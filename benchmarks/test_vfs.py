# SPDX-License-Identifier: BSD-2-Clause
"""Paths, directories and sparse files, and how their cost grows."""

import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from pyfakefs.fake_filesystem_unittest import Patcher

from benchmarks.yardstick import Figure, Interleaved
from kernel import api
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from kernel.sys.ktrace import KTROP_SET, KTRFACv2
from userland import libc
from userland.libktrace.points import DEF_POINTS

LOOPS = 2_000
ROUNDS = 20
DEEP = "a/b/c/d/e/f/g/h"  # 8 components
ENTRIES = 100_000
GIB = 1 << 30
PAGE = 4096
FEW, MANY = 1_000, 30_000  # extents of the sparse file


@pytest.fixture
def system() -> Iterator[api.System]:
    limits = api.Limits(fs_size=4 * GIB, fs_nodes=2 * ENTRIES)
    with api.boot(limits=limits) as system:
        yield system


def repeat(function: Callable[[], object], times: int = LOOPS) -> None:
    """Call function so many times."""
    for _ in range(times):
        function()


@pytest.mark.parametrize("uid", [0, 1000], ids=["root", "user"])
def test_namei(interleaved: Interleaved, system: api.System, uid: int) -> None:
    """stat(2) of a path of 8 components is at most 10 of os.stat on the host's tmpfs."""
    root = system.process()
    caller = system.process(uid)
    at = ""
    for name in DEEP.split("/"):
        at = f"{at}/{name}"
        root.mkdir(at, 0o755)
    place = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=place) as host:
        path = Path(host, DEEP)
        path.mkdir(parents=True)
        got, yard = interleaved.run(
            lambda: caller.call(repeat, partial(libc.stat, at)),
            lambda: repeat(partial(os.stat, str(path))),
            rounds=ROUNDS,
        )
    name = f"stat of 8 components, uid {uid} / host"
    interleaved.note(Figure(name, got / LOOPS, yard / LOOPS, got / yard, 10, "x"))


def test_open_close(interleaved: Interleaved, system: api.System) -> None:
    """Traced open and close are at least 15 times as fast as pyfakefs's."""
    root = system.process()
    root.close(root.open("/tmp/file", O_WRONLY | O_CREAT, 0o644))

    def here() -> None:
        libc.close(libc.open("/tmp/file", O_RDONLY))

    def fake() -> None:
        os.close(os.open("/file", os.O_RDONLY))

    def before() -> None:
        root.proc.p_md.md_history = []
        root.close(root.open("/tmp/trace", O_WRONLY | O_CREAT | O_TRUNC, 0o600))
        root.ktrace("/tmp/trace", KTROP_SET, DEF_POINTS | KTRFACv2, root.pid)

    with Patcher() as patcher:  # it patches this module's os: what follows uses libc's
        assert patcher.fs is not None
        patcher.fs.create_file("/file")
        got, yard = interleaved.run(
            lambda: root.call(repeat, here), lambda: repeat(fake), rounds=ROUNDS, before=before
        )
    interleaved.note(
        Figure(
            "pyfakefs / open+close, traced", got / LOOPS, yard / LOOPS, yard / got, 15, "x", True
        )
    )
    interleaved.note(
        Figure("open+close, traced", got / LOOPS, yard / LOOPS, got / LOOPS * 1e6, 10, "us")
    )


def test_large_directory(interleaved: Interleaved, system: api.System) -> None:
    """Creating, looking up and removing one of 100,000 entries costs at most 2 times one's."""
    root = system.process()
    for name in ("/large", "/small"):
        root.mkdir(name, 0o755)

    def fill() -> None:
        for number in range(ENTRIES):
            libc.close(libc.open(f"/large/{number}", O_WRONLY | O_CREAT, 0o644))

    root.proc.p_md.md_history = None
    root.call(fill)

    def entry(directory: str) -> None:
        path = f"{directory}/x"
        libc.close(libc.open(path, O_WRONLY | O_CREAT, 0o644))
        libc.stat(path)
        libc.unlink(path)

    got, yard = interleaved.run(
        lambda: root.call(repeat, partial(entry, "/large")),
        lambda: root.call(repeat, partial(entry, "/small")),
        rounds=ROUNDS,
    )
    interleaved.note(
        Figure("entry of 100,000 / of 1", got / LOOPS, yard / LOOPS, got / yard, 2, "x")
    )


def test_growth_of_directories(interleaved: Interleaved, system: api.System) -> None:
    """Making, finding, listing and removing 100,000 files costs each at most 2 of a hundred's."""
    root = system.process()
    root.mkdir("/tmp/d", 0o755)

    def life(count: int, times: int) -> None:
        for _ in range(times):
            for number in range(count):
                libc.close(libc.open(f"/tmp/d/{number}", O_WRONLY | O_CREAT, 0o644))
            for number in range(count):
                libc.stat(f"/tmp/d/{number}")
            assert len(libc.listdir("/tmp/d")) == count
            for number in range(count):
                libc.unlink(f"/tmp/d/{number}")

    def fresh() -> None:
        root.proc.p_md.md_history = []

    got, yard = interleaved.run(
        lambda: root.call(life, ENTRIES, 1),
        lambda: root.call(life, 100, ENTRIES // 1_000),
        rounds=3,
        before=fresh,
    )
    figure, yardstick = got / ENTRIES, yard / (ENTRIES // 10)
    ratio = figure / yardstick
    interleaved.note(Figure("a file of 100,000 / of 100", figure, yardstick, ratio, 2, "x"))


def test_sparse_file(interleaved: Interleaved, system: api.System) -> None:
    """Writing pages of a sparse file of 1 GiB grows as the logarithm of how many it has."""
    root = system.process()
    root.proc.p_md.md_history = None
    files = {}
    random = Random(1)
    for count in (FEW, MANY):
        fd = root.open(f"/tmp/sparse{count}", O_RDWR | O_CREAT | O_TRUNC, 0o600)
        root.ftruncate(fd, GIB)
        tracemalloc.start()
        pages = random.sample(range(GIB // PAGE), count)
        before = tracemalloc.get_traced_memory()[0]

        def fill(fd: int = fd, pages: list[int] = pages) -> None:
            for page in pages:
                libc.pwrite(fd, bytes(PAGE), page * PAGE)

        root.call(fill)
        held = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        files[count] = fd, held / (count * PAGE)

    def write(count: int) -> None:
        fd, _ = files[count]
        for _ in range(LOOPS):
            libc.pwrite(fd, bytes(PAGE), random.randrange(GIB // PAGE) * PAGE)

    got, yard = interleaved.run(
        lambda: root.call(write, MANY), lambda: root.call(write, FEW), rounds=5
    )
    interleaved.note(
        Figure("a page among 30,000 / 1,000", got / LOOPS, yard / LOOPS, got / yard, 2, "x")
    )
    interleaved.note(Figure("memory / data of a sparse file", 0, 0, files[MANY][1], 1.5, "x"))
