# SPDX-License-Identifier: BSD-2-Clause
"""The stubs made from the table."""

from pathlib import Path

import pytest

from userland.libc import include as libc
from userland.libc import makestubs, sys
from userland.libc.manual import MANUAL


def test_the_stub_file_is_fresh():
    """sys.pyi is what makestubs makes."""
    assert Path(sys.__file__).with_suffix(".pyi").read_text() == makestubs.interface()


def test_every_stub_has_its_docstring():
    """The manual's words, or at least the section."""
    for name in sys.STUBS:
        assert getattr(sys, name).__doc__ in (MANUAL.get(name), f"{name}(2).")


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 300_000])
def test_buffers_of_any_size_come_and_go(k, size):
    """Small ones are pushed, large ones mapped; both arrive whole."""
    p = k.root()
    data = bytes(range(256)) * (size // 256 + 1)
    fd = p.open(b"/tmp/x", libc.O_RDWR | libc.O_CREAT, 0o600)
    assert p.write(fd, data[:size]) == size
    assert p.pread(fd, size + 10, 0) == data[:size]
    assert p.pwrite(fd, bytearray(b"yy"), 0) == 2
    assert p.pread(fd, 2, 0) == b"yy"


@pytest.mark.parametrize("path", ["/tmp/f", b"/tmp/f", Path("/tmp/f")])
def test_paths_are_str_bytes_or_pathlike(k, path):
    """All three name the same file."""
    p = k.root()
    p.close(p.open(path, libc.O_CREAT | libc.O_WRONLY, 0o600))
    assert p.stat(b"/tmp/f").st_mode & 0o777 == 0o600


def test_the_user_stack_is_as_before(k):
    """A stub leaves nothing on the stack, also when it fails."""
    p = k.root()
    before = p.lwp.l_ustack
    p.stat("/")
    with pytest.raises(OSError, match="No such file"):
        p.stat("/nope")
    p.writev(1, [b"a", b"", b"b" * 9000])
    assert p.lwp.l_ustack == before
    assert len(p.proc.p_vmspace.vm_map) == 1


def test_vectors(k):
    """readv and writev move what their buffers hold."""
    p = k.root()
    fd = p.open("/tmp/v", libc.O_RDWR | libc.O_CREAT)
    assert p.writev(fd, [b"ab", b"", b"cdef"]) == 6
    one, two = bytearray(3), bytearray(9)
    assert p.preadv(fd, [one, two], 0) == 6
    assert (bytes(one), bytes(two[:3])) == (b"abc", b"def")


def test_errors_have_their_subclass_by_netbsds_number(k):
    """EAGAIN is 35 here: BlockingIOError all the same."""
    p = k.root()
    r, _ = p.pipe2(libc.O_NONBLOCK)
    with pytest.raises(BlockingIOError) as caught:
        p.read(r, 1)
    assert caught.value.errno == 35
    assert caught.value.strerror == "Resource temporarily unavailable"
