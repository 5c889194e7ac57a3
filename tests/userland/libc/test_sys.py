# SPDX-License-Identifier: BSD-2-Clause
"""The stubs made from the table."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from kernel.arch.python import trap as twin
from userland.libc import cerror, makestubs, sys, syscall
from userland.libc import include as libc
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


@pytest.fixture(scope="module")
def twins() -> dict[str, Any]:
    """What the stubs are where the helper is not built."""
    names: dict[str, Any] = {
        **vars(sys),
        "stub": lambda *_: lambda twin: twin,
        "trap": twin.trap,
        "cerror": cerror.cerror,
    }
    exec(makestubs.source(), names)
    return names


def outcome(call: Any) -> object:
    """Return what a call returns, or says when it fails."""
    try:
        return call()
    except (OSError, TypeError) as exc:
        return type(exc), str(exc)


@pytest.mark.parametrize(
    ("name", "args", "keywords"),
    [
        ("getppid", (), {}), ("getppid", (1,), {}), ("umask", (0o27,), {}), ("dup", (1,), {}),
        ("dup", (), {"fd": 1}), ("dup", (True,), {}), ("close", (99,), {}), ("close", (), {}),
        ("close", ("x",), {}), ("close", (None,), {}), ("close", (1, 2), {}), ("close", (1.0,), {}),
        ("close", (1 << 40,), {}), ("lseek", (0, 0, 9), {}), ("lseek", (0, 0), {"whence": 0}),
        ("socket", (1, 99), {}), ("socket", (1, 99, 7), {}), ("socket", (1,), {}),
        ("socket", (1, 99), {"protocol": 7}), ("kill", (99, 0), {}), ("kill", (), {"x": 1}),
    ],
)  # fmt: skip
def test_a_stub_does_what_its_twin_does(k, twins, name, args, keywords):
    """Results and errors are the same, also of arguments that are too few, too many or no ints."""
    p, q = k.process(), k.process()
    one = p.call(lambda: outcome(lambda: getattr(sys, name)(*args, **keywords)))
    other = q.call(lambda: outcome(lambda: twins[name](*args, **keywords)))
    assert one == other


def test_a_stub_has_the_signature_of_its_twin(twins):
    """help() shows the same, whichever serves."""
    for name in sys.STUBS:
        assert inspect.signature(getattr(sys, name)) == inspect.signature(twins[name])
        assert getattr(sys, name).__name__ == name
        assert getattr(sys, name).__module__ == sys.__name__


def test_of_two_registers_a_stub_returns_the_first(k):
    """getpid, getuid and getgid have another value in the second, which nobody asks for."""
    p = k.process(uid=1000, gid=100)
    assert p.call(syscall.getpid) == p.pid
    assert p.call(syscall.getuid) == p.proc.p_cred.cr_ruid
    assert p.call(syscall.getgid) == p.proc.p_cred.cr_rgid


def test_a_stub_sleeps_and_is_interrupted(run):
    """A call that sleeps does so in the stub; a signal whose handler returns ends it in EINTR."""
    result = run(
        "from userland.libc import *\n"
        "signal(SIGALRM, lambda signo: print('woken'))\n"
        "siginterrupt(SIGALRM, 1)\n"
        "alarm(1)\n"
        "for _ in range(2):\n"
        "    fd = open('/tmp/l', O_RDWR | O_CREAT, 0o600)\n"
        "    try:\n"
        "        print(flock(fd, LOCK_EX))\n"
        "    except OSError as exc:\n"
        "        print(exc)\n"
    )
    assert result.stdout == b"0\nwoken\n[Errno 4] Interrupted system call\n", result.stderr
