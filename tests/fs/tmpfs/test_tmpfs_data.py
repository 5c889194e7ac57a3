# SPDX-License-Identifier: BSD-2-Clause
"""A file's bytes, offsets, size and space against a model: pages in a dict, descriptors in a list."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.kernel import Limits
from kernel.sys.param import PAGE_SIZE
from kernel.sys.unistd import SEEK_CUR, SEEK_END, SEEK_SET

SIZE_MAX = (1 << 63) - PAGE_SIZE  # bytes of the largest file
OFF_MAX = (1 << 63) - 1
ROOM = 4 * PAGE_SIZE  # bytes that the file may take

NEAR = st.integers(0, 5 * PAGE_SIZE)
OFFSETS = st.one_of(
    NEAR,
    st.integers(0, 8).map(lambda page: page * PAGE_SIZE),
    st.sampled_from((1 << 31, 1 << 40, SIZE_MAX - PAGE_SIZE, SIZE_MAX - 1, SIZE_MAX, OFF_MAX)),
)
LENGTHS = st.one_of(st.integers(0, 20), st.integers(0, 3 * PAGE_SIZE))
WHICH = st.integers(0, 3)  # a descriptor, counted around
MODES = (O_RDWR, O_RDONLY, O_WRONLY, O_RDWR | O_APPEND, O_WRONLY | O_APPEND)


@dataclass(eq=False)
class Description:
    """What descriptors of one open() share."""

    flags: int
    offset: int = 0


class FileData(RuleBasedStateMachine):
    """One file, opened several times, on a file system with little room."""

    @initialize()
    def boot(self):
        self.system = api.boot(limits=Limits(fs_size=4 << 20))
        self.p = self.system.root()
        self.tmp = self.system.kernel.rootvnode.v_mount.mnt_data
        self.open = [(self.p.open(b"/f", O_CREAT | O_RDWR, 0o644), Description(O_RDWR))]
        self.empty = self.tmp.tm_mem_used
        self.tmp.tm_mem_limit = self.empty + ROOM + 1
        self.pages, self.size, self.step = {}, 0, 0

    def teardown(self):
        if hasattr(self, "p"):
            self.p.unlink(b"/f")
            for fd, _ in self.open:
                self.p.close(fd)
            assert self.tmp.tm_mem_used < self.empty
            self.system.shutdown()

    def which(self, index):
        return self.open[index % len(self.open)]

    def does(self, expected, function, *args):
        """Make a call, which must return expected, or fail with it if it is an Errno."""
        try:
            value = self.p.call(function, *args)
        except OSError as failed:
            value = Errno(failed.errno)
        assert value == expected, (function, args)

    def bytes_at(self, offset, length):
        """What the file has there, as far as it reaches."""
        length = max(0, min(length, self.size - offset))
        found = bytearray()
        while len(found) < length:
            page, at = divmod(offset + len(found), PAGE_SIZE)
            piece = self.pages.get(page, bytes(PAGE_SIZE))[at:]
            found += piece[: length - len(found)]
        return bytes(found)

    def store(self, offset, data):
        """Write to the model; return the count, or how it fails."""
        end = offset + len(data)
        if not data:
            return 0
        if end > SIZE_MAX:
            return Errno.EFBIG
        touched = range(offset // PAGE_SIZE, (end - 1) // PAGE_SIZE + 1)
        if len(self.pages.keys() | touched) * PAGE_SIZE > ROOM:
            return Errno.ENOSPC
        for page in touched:
            memory = self.pages.setdefault(page, bytearray(PAGE_SIZE))
            start = page * PAGE_SIZE
            first, last = max(offset - start, 0), min(end - start, PAGE_SIZE)
            memory[first:last] = data[start + first - offset : start + last - offset]
        self.size = max(self.size, end)
        return len(data)

    @rule(flags=st.sampled_from(MODES))
    @precondition(lambda self: len(self.open) < 4)
    def opens(self, flags):
        self.open.append((self.p.open(b"/f", flags), Description(flags)))

    @rule(which=WHICH)
    @precondition(lambda self: len(self.open) < 4)
    def dups(self, which):
        fd, description = self.which(which)
        self.open.append((self.p.dup(fd), description))

    @rule(which=WHICH)
    @precondition(lambda self: len(self.open) > 1)
    def closes(self, which):
        fd, _ = self.open.pop(which % len(self.open))
        self.p.close(fd)

    @rule(which=WHICH, length=LENGTHS, offset=st.none() | OFFSETS, cut=st.none() | LENGTHS)
    def writes(self, which, length, offset, cut):
        """write, pwrite, or (cut) their vectored kin, the bytes in two buffers."""
        fd, description = self.which(which)
        self.step += 1
        data = bytes([self.step % 255 + 1]) * length
        buffers = data if cut is None else [data[:cut], data[cut:]]
        name = ("p" if offset is not None else "") + ("write" if cut is None else "writev")
        at = () if offset is None else (offset,)
        if description.flags & O_RDWR == description.flags & O_WRONLY == 0:
            self.does(Errno.EBADF, name, fd, buffers, *at)
            return
        where = description.offset if offset is None else offset
        if length and description.flags & O_APPEND:
            where = self.size
        expected = self.store(where, data)
        self.does(expected, name, fd, buffers, *at)
        if offset is None and length:
            moved = expected if not isinstance(expected, Errno) else 0
            appends = description.flags & O_APPEND
            description.offset = where + moved if appends else description.offset + moved

    @rule(which=WHICH, length=LENGTHS, offset=st.none() | OFFSETS)
    def reads(self, which, length, offset):
        """Read or pread."""
        fd, description = self.which(which)
        name, at = ("read", ()) if offset is None else ("pread", (offset,))
        if description.flags & O_WRONLY:
            self.does(Errno.EBADF, name, fd, length, *at)
            return
        expected = self.bytes_at(description.offset if offset is None else offset, length)
        self.does(expected, name, fd, length, *at)
        if offset is None:
            description.offset += len(expected)

    @rule(
        which=WHICH,
        delta=st.one_of(OFFSETS, OFFSETS.map(lambda offset: -offset)),
        whence=st.sampled_from((SEEK_SET, SEEK_CUR, SEEK_END)),
    )
    def seeks(self, which, delta, whence):
        fd, description = self.which(which)
        base = {SEEK_SET: 0, SEEK_CUR: description.offset, SEEK_END: self.size}[whence]
        there = base + delta
        if not 0 <= there <= OFF_MAX:
            self.does(Errno.EINVAL, "lseek", fd, delta, whence)
            return
        self.does(there, "lseek", fd, delta, whence)
        description.offset = there

    @rule(which=WHICH, size=OFFSETS)
    def truncates(self, which, size):
        fd, description = self.which(which)
        if description.flags & (O_WRONLY | O_RDWR) == 0:
            self.does(Errno.EINVAL, "ftruncate", fd, size)
            return
        if size > SIZE_MAX:
            self.does(Errno.EFBIG, "ftruncate", fd, size)
            return
        self.does(0, "ftruncate", fd, size)
        for page in [page for page in self.pages if page * PAGE_SIZE >= size]:
            del self.pages[page]
        last = self.pages.get(size // PAGE_SIZE)
        if last is not None:
            last[size % PAGE_SIZE :] = bytes(PAGE_SIZE - size % PAGE_SIZE)
        self.size = size

    @invariant()
    def is_as_told(self):
        """Size, blocks, space in use and every descriptor's offset are the model's."""
        if not hasattr(self, "p"):
            return
        state = self.p.stat(b"/f")
        assert state.st_size == self.size
        assert state.st_blocks == -(-self.size // PAGE_SIZE) * (PAGE_SIZE // 512)
        assert self.tmp.tm_mem_used == self.empty + len(self.pages) * PAGE_SIZE
        for fd, description in self.open:
            assert self.p.lseek(fd, 0, SEEK_CUR) == description.offset


FileData.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestFileData = pytest.mark.filterwarnings("ignore:The recursion limit")(FileData.TestCase)
