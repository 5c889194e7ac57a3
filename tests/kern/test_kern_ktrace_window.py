# SPDX-License-Identifier: BSD-2-Clause
"""Records that collect in the kernel: nobody can tell them from records that are written."""

from collections.abc import Callable, Iterator
from errno import ENOSPC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.sys.event import EV_ADD, EV_CLEAR, EVFILT_VNODE, NOTE_EXTEND
from kernel.sys.fcntl import O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.ktrace import KTRFAC_MASK, KTROP_CLEAR, KTROP_SET, KTRFACv2
from kernel.sys.mman import MAP_SHARED, PROT_READ
from kernel.sys.mount import MNT_FORCE
from kernel.sys.mount_args import tmpfs_args
from kernel.sys.signal import SIGKILL
from kernel.sys.time import Timespec, Timeval
from native.record import CLOSED
from userland.libc import Kevent
from userland.libktrace.points import DEF_POINTS

TRACE, BALLAST = b"/mnt/trace", b"/mnt/ballast"
LAYER = b"/layer"
FACS = DEF_POINTS | KTRFACv2
PAGE = 4096
SMALL, LARGE = 64 * PAGE, 1024 * PAGE  # bytes of a file system that traces fill, or not


class Traced:
    """A process that is traced to a file of a new file system, and one that looks on.

    Args:
        system: where.
        size: bytes of the file system.
        path: of the trace, which may be that through a null mount.
        collect: False: each record is written.
    """

    def __init__(
        self, system: api.System, size: int = LARGE, path: bytes = TRACE, *, collect: bool = True
    ) -> None:
        self.system = system
        self.p = system.process()
        self.other = system.process()
        self.path = path
        self.collect = collect
        self.other.mount("tmpfs", b"/mnt", 0, tmpfs_args(ta_size_max=size, ta_nodes_max=100))
        self.other.close(self.other.open(TRACE, O_WRONLY | O_CREAT, 0o600))
        self.other.mount("null", LAYER, 0, b"/mnt")
        self.queue = self.other.kqueue()
        self.out = self.p.open(b"/out", O_RDWR | O_CREAT, 0o600)
        self.trace(0)

    def end(self) -> list[str]:
        """The file systems are taken away under the trace; what the kernel says of it."""
        self.p.chdir(b"/")
        self.unmount(LAYER)
        size = self.other.stat(TRACE).st_size
        self.unmount(b"/mnt")
        assert self.p.proc.p_tracep is None
        self.p._exit(0)
        self.other._exit(0)
        return [str(size), *self.system.kernel.msgbuf]

    def unmount(self, path: bytes) -> None:
        """Take a file system away under the trace, which may notice."""
        self.other.unmount(path, MNT_FORCE)
        self.calls(2)

    @property
    def collected(self) -> int:
        """Bytes that no operation on the file has seen."""
        used: int = self.p.proc.p_tracep.f_window.used
        return used

    def trace(self, _n: int) -> None:
        """The process is traced (again)."""
        self.other.ktrace(self.path, KTROP_SET, FACS, self.p.pid)
        if not self.collect:
            self.p.proc.p_tracep.f_window = CLOSED

    def clear(self, _n: int) -> None:
        """The trace ends."""
        self.other.ktrace(self.path, KTROP_CLEAR, KTRFAC_MASK, self.p.pid)

    def calls(self, n: int) -> int:
        """Some calls of the traced process."""
        for _ in range(n):
            self.p.getpid()
        return int(self.p.proc.p_traceflag)

    def transfer(self, n: int) -> int:
        """A transfer, which makes records of any size."""
        return int(self.p.pwrite(self.out, bytes(n * n), 0))

    def second(self, n: int) -> None:
        """Another process is traced to the same file."""
        process = self.system.process()
        self.other.ktrace(TRACE, KTROP_SET, FACS, process.pid)
        for _ in range(n):
            process.getpid()
            self.p.getpid()
        process._exit(0)

    def read(self, n: int) -> bytes:
        """Some of the file."""
        fd = self.other.open(TRACE, O_RDONLY)
        try:
            return bytes(self.other.pread(fd, 1 << 22, 64 * n))
        finally:
            self.other.close(fd)

    def append(self, n: int, path: bytes = TRACE) -> int:
        """Somebody writes to the file, too."""
        fd = self.other.open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try:
            return int(self.other.write(fd, bytes(n)))
        finally:
            self.other.close(fd)

    def mapped(self, n: int) -> bytes:
        """Somebody has pages of it in memory, and looks at them later; an empty file has none."""
        fd = self.other.open(TRACE, O_RDONLY)
        try:
            if not self.other.fstat(fd).st_size:
                return b""
            at = self.other.mmap(0, PAGE, PROT_READ, MAP_SHARED, fd, 0)
            self.calls(n)
            found = bytes(self.other.load(at, 64))
            self.other.munmap(at, PAGE)
        finally:
            self.other.close(fd)
        return found

    def watched(self, n: int) -> list[Kevent]:
        """Somebody waits for it to grow."""
        fd = self.other.open(TRACE, O_RDONLY)
        event = Kevent(fd, EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_EXTEND)
        try:
            self.other.kevent(self.queue, [event])
            self.calls(n)
            return list(self.other.kevent(self.queue, (), 5, Timespec(0, 0)))
        finally:
            self.other.close(fd)

    def renamed(self, _n: int) -> None:
        """The file has another name for a moment, which its times tell."""
        self.other.rename(TRACE, b"/mnt/renamed")
        self.other.rename(b"/mnt/renamed", TRACE)

    def linked(self, n: int) -> None:
        """The file has one more name for a moment."""
        self.other.link(TRACE, b"/mnt/linked")
        self.calls(n)
        self.other.unlink(b"/mnt/linked")


STEPS: dict[str, Callable[[Traced, int], Any]] = {
    "calls": Traced.calls,
    "transfer": Traced.transfer,
    "second": Traced.second,
    "trace": Traced.trace,
    "clear": Traced.clear,
    "read": Traced.read,
    "append": Traced.append,
    "fill": lambda traced, n: traced.append(n * PAGE // 2, BALLAST),
    "mapped": Traced.mapped,
    "watched": Traced.watched,
    "renamed": Traced.renamed,
    "linked": Traced.linked,
    "stat": lambda traced, _n: traced.other.stat(TRACE),
    "statvfs": lambda traced, _n: traced.other.statvfs(b"/mnt"),
    "truncate": lambda traced, n: traced.other.truncate(TRACE, n * 100),
    "chmod": lambda traced, n: traced.other.chmod(TRACE, n),
    "mkdir": lambda traced, n: traced.other.mkdir(b"/mnt/dir%d" % n, 0o700),
    "clock": lambda traced, n: traced.other.settimeofday(Timeval(10**9 + n, 0)),
}


def told(traced: Traced, step: str, n: int) -> Any:
    """What a step shows: a value or an error."""
    try:
        return STEPS[step](traced, n)
    except OSError as exc:
        return exc.errno


@pytest.fixture(scope="module")
def systems() -> Iterator[tuple[api.System, api.System]]:
    with api.boot() as one, api.boot() as other:
        for system in (one, other):
            system.root().mkdir(LAYER, 0o755)
        yield one, other


@settings(max_examples=100, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 100)), max_size=25),
    size=st.sampled_from((SMALL, LARGE)),
    path=st.sampled_from((TRACE, LAYER + b"/trace")),
)
def test_nobody_can_tell_whether_records_are_collected(
    systems: tuple[api.System, api.System], steps: list[tuple[str, int]], size: int, path: bytes
) -> None:
    """Two kernels, of which one writes each record, show the same at each step, a full disk too."""
    one, other = (
        Traced(system, size, path, collect=bool(index)) for index, system in enumerate(systems)
    )
    for step, n in (*steps, ("stat", 0), ("statvfs", 0), ("read", 0)):
        assert told(one, step, n) == told(other, step, n), step
    assert one.end() == other.end()


@pytest.fixture(params=[TRACE, LAYER + b"/trace"])
def traced(
    systems: tuple[api.System, api.System], request: pytest.FixtureRequest
) -> Iterator[Traced]:
    made = Traced(systems[0], path=request.param)
    yield made
    for path in (LAYER, b"/mnt"):
        made.other.unmount(path, MNT_FORCE)


def test_records_do_collect(traced: Traced) -> None:
    """Until somebody looks; then the file has them all."""
    traced.calls(10)
    assert traced.collected > 9 * 144
    size = traced.other.stat(TRACE).st_size
    assert traced.collected == 0
    traced.calls(10)
    assert traced.other.stat(TRACE).st_size == size + 10 * 144


def test_a_snapshot_has_them_all(traced: Traced) -> None:
    """It looks at the files, not through system calls."""
    traced.calls(10)
    assert traced.collected
    state = traced.system.files()["/mnt/trace"]
    assert state.size == traced.other.stat(TRACE).st_size == sum(len(d) for _, d in state.extents)


def test_a_full_disk_ends_the_trace_at_the_very_record(traced: Traced) -> None:
    """Not later: what collects has its memory."""
    traced.calls(1)
    while told(traced, "fill", 2) != ENOSPC:
        pass
    size = traced.other.stat(TRACE).st_size
    room = -size % PAGE
    traced.calls(room // 144)
    assert traced.p.proc.p_tracep is not None
    traced.calls(1)
    assert traced.p.proc.p_tracep is None
    assert 0 <= traced.other.stat(TRACE).st_size - size - room // 144 * 144 <= 64


@pytest.mark.parametrize("killed", [False, True])
def test_what_has_collected_outlives_its_process(traced: Traced, killed: bool) -> None:
    """However that ends."""
    traced.calls(5)
    size = traced.collected
    if killed:
        traced.p.kill(traced.p.pid, SIGKILL)
    else:
        traced.p._exit(0)
    assert size > 4 * 144
    assert not traced.p.alive
    assert traced.other.stat(TRACE).st_size > size


def test_records_end_with_the_mount_that_they_go_through(
    systems: tuple[api.System, api.System],
) -> None:
    """The file below has those from before it was taken away, and no others."""
    traced = Traced(systems[0], path=LAYER + b"/trace")
    traced.other.open(TRACE, O_RDONLY)
    traced.calls(10)
    assert traced.collected
    size = traced.other.stat(TRACE).st_size
    traced.calls(10)
    traced.unmount(LAYER)
    assert traced.p.proc.p_tracep is None
    assert traced.other.stat(TRACE).st_size == size + 10 * 144
    traced.other.unmount(b"/mnt", MNT_FORCE)
