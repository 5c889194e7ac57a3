# SPDX-License-Identifier: BSD-2-Clause
"""kernel.api: the door for tests and embedding."""

import os
import signal
from pathlib import Path

import pytest

import kernel
from kernel import api
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Limits
from kernel.sys.ktrace import KTR_EMUL, KTR_NAMEI, KTR_SYSCALL
from userland.libc import O_CREAT, O_RDONLY, O_RDWR


def test_calls_by_name_with_python_values(k):
    """Paths are bytes or str, flags ints, buffers bytes, errors OSError."""
    p = k.root()
    fd = p.open(b"/tmp/x", O_RDWR | O_CREAT, 0o644)
    assert p.write(fd, b"hello") == 5
    assert p.pread(fd, 10, 1) == b"ello"
    with pytest.raises(FileNotFoundError) as caught:
        p.open("/tmp/y", O_RDONLY)
    assert (caught.value.errno, caught.value.filename) == (2, "/tmp/y")


def test_begin_and_finish_do_not_wait(k):
    """A blocked call goes on when another process has done its part."""
    p = k.root()
    r, w = p.pipe()
    child = p.fork()
    child.begin("read", r, 10)
    p.write(w, b"late")
    assert child.finish() == b"late"


def test_kernels_live_side_by_side():
    """Each has its own files, processes and time."""
    with api.boot() as one, api.boot() as two:
        one.install(b"/tmp/only", b"")
        one.advance(10)
        assert one.root().stat("/tmp/only").st_size == 0
        with pytest.raises(FileNotFoundError):
            two.root().stat("/tmp/only")
        assert one.time() - two.time() == pytest.approx(10, abs=0.001)


def test_run_gives_status_output_and_trace(k, tmp_path):
    """stdin goes in; stdout, stderr and the records come out."""
    program = tmp_path / "p.py"
    program.write_text("import sys\nprint(input().upper())\nsys.stderr.write('err')\nsys.exit(4)\n")
    result = k.run(program, stdin=b"line\n", ktrace=True)
    assert (result.status, result.stdout, result.stderr) == (4, b"LINE\n", b"err")
    assert [r.type for r in result.records()[:3]] == [KTR_EMUL, KTR_SYSCALL, KTR_NAMEI]


def test_advance_wakes_sleepers(k):
    """Virtual time is the host's to move."""
    p = k.root()
    p.begin("nanosleep", 5)
    before = k.time()
    assert p.finish() is None
    k.advance(60)
    assert k.time() - before == pytest.approx(65, abs=0.01)


def test_no_room_for_a_root():
    """A file system too small for the system itself is refused at boot."""
    with pytest.raises(KernelError):
        api.boot(limits=Limits(fs_size=4096))


def test_names_need_be_no_text(k, tmp_path):
    """A program's on the host, and inside; its words."""
    program = tmp_path / os.fsdecode(b"\xff.py")
    program.write_text("import os, sys\nos.write(1, os.fsencode(' '.join(sys.argv)))\n")
    assert k.run(program, ["\udcfe"]).stdout == b"\xff.py \xfe"
    assert k.run(b"/root/\xff.py").stdout == b"\xff.py"


def test_other_flags_are_a_change(run):
    """And so is another device of that name."""
    source = (
        "import os\n"
        "os.mknod('/tmp/dev', 0o20600, os.makedev(2, 2))\n"
        "before = os.stat('/tmp/dev')\n"
        "os.chflags('/etc/hosts', 1)\n"
    )
    assert run(source).changes.changed == ["/etc/hosts"]
    again = "import os\nos.unlink('/tmp/dev')\nos.mknod('/tmp/dev', 0o20600, os.makedev(2, 3))\n"
    assert run(again).changes.changed == ["/tmp/dev"]


def test_a_call_by_a_dead_process(k):
    """ProcessGone, not silence."""
    child = k.root().fork()
    child._exit(0)
    with pytest.raises(api.ProcessGone):
        child.getpid()


def test_mount_shows_a_host_directory(k, tmp_path):
    """Read-only is read-only, and the host's file is what it was."""
    (tmp_path / "f").write_text("host")
    k.mount(tmp_path, b"/mnt/host", readonly=True)
    p = k.root()
    assert p.read(p.open("/mnt/host/f", O_RDONLY), 10) == b"host"
    with pytest.raises(OSError, match="Read-only"):
        p.open("/mnt/host/f", O_RDWR)


def test_bugs_of_the_kernel_are_panics(k):
    """An exception that is no KernelError names the call and the processes."""
    p = k.root()
    p.proc.p_cwdi = None  # a broken invariant
    with pytest.raises(api.Panic, match=r"chdir|stat.*\n.*pid"):
        p.stat("relative")


def test_the_package_has_boot():
    """`import kernel` is enough; what is not there is an AttributeError."""
    with kernel.boot(seed=1) as k:
        assert isinstance(k, api.System)
    with pytest.raises(AttributeError, match="reboot"):
        kernel.reboot  # noqa: B018


def test_the_result_has_the_files(run):
    """Contents, modes, owners and links of what is there at the end, and what changed on the way."""
    result = run(
        "import os\n"
        "os.makedirs('/home/user/d', 0o750)\n"
        "open('/home/user/d/f', 'w').write('text')\n"
        "os.link('/home/user/d/f', '/home/user/g')\n"
        "os.symlink('d/f', '/home/user/s')\n"
        "os.chown('/home/user/g', 7, 8)\n"
        "os.unlink('/etc/hosts')\n"
        "open('/etc/group', 'a').write('more')\n"
        "os.mkfifo('/tmp/fifo', 0o600)\n"
    )
    f = result.files["/home/user/d/f"]
    assert (f.text, f.data, f.uid, f.gid, f.nlink, f.size) == ("text", b"text", 7, 8, 2, 4)
    assert (f.mode, result.files["/home/user/d"].mode) == (0o100644, 0o040750)
    assert result.files["/home/user/s"].target == b"d/f"
    assert result.files["/home/user/g"] is f
    assert result.changes == (
        ["/home/user/d", "/home/user/d/f", "/home/user/g", "/home/user/s", "/tmp/fifo"],
        ["/etc/hosts"],
        ["/etc/group"],
    )
    assert str(result.changes).splitlines()[-2:] == ["- /etc/hosts", "* /etc/group"]
    assert result.files.glob("/tmp/f*") == ["/tmp/fifo"]


def test_files_of_a_result_stay(k, run):
    """What happens later does not change them; holes are zeroes."""
    first = run("f = open('/tmp/f', 'wb'); f.seek(10000); f.write(b'end')")
    second = run("open('/tmp/f', 'wb').write(b'other')")
    assert first.files["/tmp/f"].data == bytes(10000) + b"end"
    assert second.files["/tmp/f"].data == b"other"
    assert second.changes.changed == ["/tmp/f"]


def test_mount_makes_what_is_above(k, tmp_path):
    """The directories over it, too."""
    (tmp_path / "f").write_text("text")
    k.mount(tmp_path, b"/usr/pkg/share/data", readonly=True)
    assert k.root().open(b"/usr/pkg/share/data/f", 0) >= 3


def test_a_mounted_host_directory_is_not_gone_into(k, tmp_path):
    """It shows as the directory that it covers."""
    (tmp_path / "f").touch()
    k.mount(tmp_path, b"/mnt/host")
    assert k.files().glob("/mnt*") == ["/mnt", "/mnt/host"]


def test_the_result_tells_time_calls_and_processes(k, run):
    """Virtual seconds; calls by name need a trace; who was left behind."""
    result = run(
        "import os, time\n"
        "if not os.fork():\n"
        "    time.sleep(3600)\n"
        "    os._exit(0)\n"
        "time.sleep(60)\n",
        ktrace=True,
    )
    assert result.seconds == pytest.approx(60, abs=0.1)
    assert (result.calls["fork"], result.calls["open"]) == (1, 0)
    assert [(left.name, left.state, left.ppid) for left in result.left] == [
        ("prog.py", "active", 1)
    ]
    with pytest.raises(ValueError, match="ktrace=True"):
        run("pass").calls  # noqa: B018


def test_places_are_named_as_the_host_names_them(k, tmp_path):
    """Text, bytes or a Path, for mount and install alike; what is above is made."""
    (tmp_path / "f").write_text("text")
    k.mount(tmp_path, "/mnt/one")
    k.mount(tmp_path, Path("/mnt/two"))
    k.install("/opt/app/etc/conf", b"x", 0o600)
    k.install(Path("/opt/app/etc/other"), b"y")
    assert k.root().stat("/mnt/one/f").st_size == k.root().stat("/mnt/two/f").st_size == 4
    assert k.files()["/opt/app/etc/conf"].data == b"x"


def test_files_are_installed_on_what_is_mounted(k, tmp_path):
    """A mount point is a directory that is there."""
    (tmp_path / "other").mkdir()
    k.mount(tmp_path, "/mnt/host")
    k.install("/mnt/host/f", b"x")
    k.mount(tmp_path / "other", "/mnt/host/m")
    k.install("/mnt/host/m/d/g", b"y")
    assert (tmp_path / "f").read_bytes() == b"x"
    assert (tmp_path / "other" / "d" / "g").read_bytes() == b"y"


def test_what_cannot_be_installed_is_an_error_of_the_hosts():
    """No KernelError gets out: an OSError with NetBSD's number and the path."""
    with api.boot(limits=api.Limits(fs_size=4 << 20)) as k:
        for path, data, error in (
            ("/etc", b"", Errno.EISDIR),
            ("/etc/passwd/x", b"", Errno.ENOTDIR),
            ("/tmp/large", bytes(5 << 20), Errno.ENOSPC),
        ):
            with pytest.raises(OSError, match=path) as caught:
                k.install(path, data)
            assert caught.value.errno == error


def test_what_cannot_be_meant_is_refused(k, tmp_path):
    """A word for a list of words, time that goes back, a program of the host's for one inside."""
    with pytest.raises(TypeError, match="argv is a list of words"):
        k.run(b"/bin/echo", "hello")
    with pytest.raises(TypeError, match="argv is a list of words"):
        k.patch(argv="prog")
    with pytest.raises(ValueError, match="time does not go back"):
        k.advance(-1)
    with pytest.raises(ValueError, match="preempt=-1"):
        api.boot(preempt=-1)
    binary = tmp_path / "sh"
    binary.write_bytes(b"\x7fELF")
    with pytest.raises(OSError, match="Exec format") as caught:
        k.run(binary)
    assert "bytes name one that is inside" in caught.value.__notes__[0]
    with pytest.raises(AttributeError, match="a process has no 'opne'"):
        k.root().opne("/etc/passwd", 0)


def test_the_hosts_interrupt_is_for_who_runs_the_program_too(k, run):
    """A program gets it as KeyboardInterrupt; whoever runs it gets it when the program has ended."""
    k.inject("clock_nanosleep:error=EINTR:when=3", predicate=lambda _: signal.raise_signal(2) or 1)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        run(
            "import time\n"
            "try:\n    while True: time.sleep(1)\n"
            "except KeyboardInterrupt: print('caught')\n"
        )
    assert k.last.stdout == b"caught\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_interrupt_does_not_wait_for_the_program(k, run):
    """It is where it was, whatever it catches, and goes on with the next call, or is killed."""
    raised = iter(range(2))
    k.inject(
        "clock_nanosleep:error=EINTR:when=3+",
        predicate=lambda _: [signal.raise_signal(2) for _ in raised] or 1,
    )
    with pytest.raises(KeyboardInterrupt):
        run(
            "import time\n"
            "while True:\n"
            "    try: time.sleep(1)\n"
            "    except KeyboardInterrupt: print('caught', flush=True)\n"
        )
    assert k.last.stdout.startswith(b"caught\n")
