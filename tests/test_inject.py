# SPDX-License-Identifier: BSD-2-Clause
"""Injections: kernel.inject, and kernel.api's inject and crash_at."""

from pathlib import Path

import pytest

from kernel import api
from kernel.inject import parse
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_NAMEI, KTR_PSIG, KTR_SYSCALL, KTR_SYSRET, KtrSysret
from kernel.sys.signal import SIGALRM, SIGSEGV, SIGUSR1
from kernel.sys.syscall import sysno
from userland.libc import AT_FDCWD, O_CREAT, O_RDONLY, O_RDWR, tmpfs_args

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("open:error=ENOSPC", {"in_error": Errno.ENOSPC, "in_first": 1, "in_step": 1}),
        ("open:error=28", {"in_error": 28}),
        ("open:error=4095", {"in_error": 4095}),
        ("open:retval=0x10", {"in_retval": 16}),
        ("open:retval=010", {"in_retval": 8}),
        ("open:retval=0", {"in_retval": 0}),
        ("open:signal=SIGUSR1", {"in_signo": SIGUSR1}),
        ("open:signal=ALRM:error=EIO", {"in_signo": SIGALRM, "in_error": Errno.EIO}),
        ("open:signal=14", {"in_signo": SIGALRM}),
        ("open:delay_enter=5", {"in_enter": 5_000}),
        ("open:delay_enter=1.5s", {"in_enter": 1_500_000_000}),
        ("open:delay_exit=2ms:delay_enter=3ns", {"in_exit": 2_000_000, "in_enter": 3}),
    ],
)
def test_what_is_injected(text, values):
    """errno by name or number, retval as strtoul reads it, delays in us unless said otherwise."""
    injection = parse(text)
    assert {name: getattr(injection, name) for name in values} == values


@pytest.mark.parametrize(
    ("when", "fires"),
    [
        ("3", {3}),
        ("3+", set(range(3, 13))),
        ("2..4", {2, 3, 4}),
        ("2..4+", {2, 3, 4}),
        ("2+3", {2, 5, 8, 11}),
        ("2..8+3", {2, 5, 8}),
    ],
)
def test_when(when, fires):
    """FIRST, FIRST+, FIRST..LAST, with a step: as strace counts."""
    injection = parse(f"open:error=EIO:when={when}")
    assert {count for count in range(1, 13) if injection.fires(count)} == fires


def test_the_last_when_counts():
    """Of several, as with strace; of nothing else may there be two."""
    assert parse("open:when=2:error=EIO:when=5").in_first == 5
    with pytest.raises(ValueError, match="error is given twice"):
        parse("open:error=EIO:error=EIO")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("open", "nothing to inject"),
        ("open:when=1", "nothing to inject"),
        ("open:error=ENONSENSE", "bad error 'ENONSENSE'"),
        ("open:error=0", "bad error '0'"),
        ("open:error=4096", "bad error '4096'"),
        ("open:retval=18446744073709551616", "bad retval '18446744073709551616'"),
        ("open:error=EIO:retval=1", "exclude each other"),
        ("open:signal=SIGNONSENSE", "bad signal"),
        ("open:signal=0", "bad signal '0'"),
        ("open:delay_enter=soon", "bad delay_enter 'soon'"),
        ("open:error=EIO:when=0", "bad when '0'"),
        ("open:error=EIO:when=65536", "bad when '65536'"),
        ("open:error=EIO:when=1..65535", "bad when '65535'"),
        ("open:error=EIO:when=1+0", "bad when '0'"),
        ("open:syscall=close:error=EIO", "bad syscall 'close': none of %pure"),
        ("open:poke_exit=@arg1=0", "bad poke_exit '@arg1=0'"),
        ("open:error=EIO:when=5..2", "ends before it begins"),
        ("open:error=EIO:when=x", "bad when 'x'"),
        ("open:errno=EIO", "unknown option 'errno=EIO'"),
        ("open:error", "unknown option 'error'"),
        ("opne:error=EIO", "no system call 'opne'"),
        (":error=EIO", "no set of system calls"),
    ],
)
def test_what_is_no_injection(text, what):
    """One line says what is wrong."""
    with pytest.raises(ValueError, match=what.replace("(", r"\(")):
        parse(text)


def _strace():
    """What strace 6.1 takes and refuses, as it was asked."""
    rows = (DATA / "strace_inject.tsv").read_text().splitlines()
    return [row.split("\t") for row in rows if not row.startswith("#")]


@pytest.mark.parametrize(("inject", "fault", "text"), _strace())
def test_what_strace_takes(inject, fault, text):
    """The same is taken, the same refused, of --inject and of --fault."""
    for expected, failing in ((inject, False), (fault, True)):
        try:
            parse(text, failing)
            taken = "yes"
        except ValueError:
            taken = "no"
        assert taken == expected


def test_a_fault_is_enosys_unless_it_says(k):
    """strace's --fault."""
    k.fault("mkdir")
    k.fault("rmdir:error=EIO:when=2+")
    p = k.root()
    with pytest.raises(OSError, match="Function not implemented"):
        p.mkdir("/tmp/d", 0o755)
    with pytest.raises(OSError, match="No such file"):
        p.rmdir("/tmp/d")
    with pytest.raises(OSError, match="Input/output"):
        p.rmdir("/tmp/d")


def test_an_error_is_in_the_trace_and_the_call_is_not_made(k, run):
    """CALL, RET with the error, and no NAMI between: nothing was looked up."""
    faults = k.inject("mkdir:error=ENOSPC:when=2")
    result = run(
        "import os\n"
        "for name in 'abc':\n"
        "    try:\n"
        "        os.mkdir('/tmp/' + name)\n"
        "    except OSError as exc:\n"
        "        print(name, exc)\n",
        ktrace=True,
    )
    assert result.stdout == b"b [Errno 28] No space left on device: '/tmp/b'\n"
    assert result.changes.added == ["/tmp/a", "/tmp/c"]
    assert faults.hits == 1
    records = result.records()
    at = next(
        i
        for i, record in enumerate(records)
        if record.type == KTR_SYSRET
        and record.body(KtrSysret)[:3] == (sysno("mkdir"), 0, Errno.ENOSPC)
    )
    assert [r.type for r in records[at - 1 : at + 1]] == [KTR_SYSCALL, KTR_SYSRET]
    assert KTR_NAMEI not in [r.type for r in records[at - 1 : at + 1]]


def test_a_result_is_made_up(k, run):
    """The call is not made; pairs of registers are pairs."""
    k.inject("getpid:retval=4711")
    k.inject("unlink:retval=0")
    k.inject("getppid:retval=-5000")
    result = run(
        "import os\nprint(os.getpid(), os.getppid())\nopen('/tmp/f', 'w')\nos.unlink('/tmp/f')\n"
        "print(os.path.exists('/tmp/f'))\n"
    )
    assert result.stdout == b"4711 -5000\nTrue\n"


def test_an_unknown_error_has_no_name(k):
    """A number is given as it is."""
    k.inject("unlink:error=4000")
    with pytest.raises(OSError, match="Unknown error: 4000"):
        k.root().unlink("/x")


def test_a_signal_comes_with_the_call(k, run):
    """The handler runs as the call returns, which was made all the same."""
    k.inject("mkdir:signal=USR1:when=1")
    result = run(
        "import os, signal\n"
        "signal.signal(signal.SIGUSR1, lambda *_: print('caught', os.path.isdir('/tmp/d')))\n"
        "os.mkdir('/tmp/d')\n"
        "print('after')\n",
        ktrace=True,
    )
    assert result.stdout == b"caught True\nafter\n"
    assert KTR_PSIG in [record.type for record in result.records()]


def test_delays_let_time_pass(k, run):
    """Virtual time, before the call or after it; others run meanwhile."""
    k.inject("mkdir:delay_enter=1s:delay_exit=2s")
    result = run(
        "import os, time\nfrom os import mkdir\n"
        "if not os.fork():\n"
        "    time.sleep(0.5)\n"
        "    print('child', os.path.exists('/tmp/d'), flush=True)\n"
        "    os._exit(0)\n"
        "begun = time.monotonic()\nmkdir('/tmp/d')\nprint(round(time.monotonic() - begun, 2))\n"
    )
    assert result.stdout == b"child False\n3.0\n"


def test_each_process_counts_for_itself(k, run):
    """A child counts from its start; a replay is fed with what was injected."""
    k.inject("mkdir:error=EIO:when=2")
    result = run(
        "import os\n"
        "def make(name):\n"
        "    try:\n"
        "        os.mkdir('/tmp/' + name)\n"
        "        print(name, 'made', flush=True)\n"
        "    except OSError:\n"
        "        print(name, 'failed', flush=True)\n"
        "make('a'); make('b')\n"
        "if os.fork():\n"
        "    os.wait()\n"
        "    make('c')\n"
        "else:\n"
        "    make('d'); make('e')\n"
        "    os._exit(0)\n"
    )
    assert result.stdout == b"a made\nb failed\nd made\ne failed\nc made\n"


def test_the_last_one_given_counts_a_call(k):
    """As with strace, it takes the place of an earlier one for the same call."""
    k.inject("mkdir,rmdir:error=EIO")
    k.inject("mkdir:error=ENOSPC")
    p = k.root()
    with pytest.raises(OSError, match="No space"):
        p.mkdir("/tmp/d", 0o755)
    with pytest.raises(OSError, match="Input/output"):
        p.rmdir("/tmp/d")


def test_by_path(k):
    """The glob sees absolute names, of paths and of descriptors; "*" matches slashes, too."""
    p = k.root()
    p.mkdir("/tmp/d", 0o755)
    fd = p.open("/tmp/d/f", O_RDWR | O_CREAT, 0o644)
    other = p.open("/tmp/g", O_RDWR | O_CREAT, 0o644)
    with k.inject("all:error=EIO", path="/tmp/d/*") as faults:
        p.chdir("/tmp")
        for name in ("/tmp/d/f", "d/f", "./d/../d//f", "/tmp/d/none"):
            with pytest.raises(OSError, match="Input/output"):
                p.open(name, O_RDONLY)
        with pytest.raises(OSError, match="Input/output"):
            p.write(fd, b"x")
        assert p.write(other, b"x") == 1
        assert p.open("/tmp/g", O_RDONLY) > other
        assert faults.hits == 5
    assert p.write(fd, b"x") == 1


def test_by_path_of_a_call_with_two_directories(k):
    """Each name begins at its own; AT_FDCWD is the current directory, not the one before."""
    p = k.root()
    p.mkdir("/tmp/d", 0o755)
    p.chdir("/tmp")
    fd = p.open("/tmp/d", O_RDONLY)
    for name in ("a", "b"):
        p.close(p.open(f"/tmp/d/{name}", O_RDWR | O_CREAT, 0o644))
    with k.inject("renameat:error=EIO", path="/tmp/d/c"):
        p.renameat(fd, "a", AT_FDCWD, "c")
        with pytest.raises(OSError, match="Input/output"):
            p.renameat(AT_FDCWD, "c", fd, "c")
    with k.inject("renameat:error=EIO", path="/tmp/e"), pytest.raises(OSError, match="Input/outp"):
        p.renameat(fd, "b", AT_FDCWD, "e")


def test_by_path_on_a_mounted_directory(k, tmp_path):
    """Files of the host have the names they have inside."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "f").write_text("x")
    k.mount(tmp_path, b"/mnt/host")
    p = k.root()
    fd = p.open("/mnt/host/d/f", O_RDONLY)
    k.inject("read:error=EIO", path="/mnt/host/d/f")
    with pytest.raises(OSError, match="Input/output"):
        p.read(fd, 1)


def test_by_predicate(k):
    """It sees the call, its registers, the process and the files."""
    seen = []

    def second_byte(call):
        seen.append(call)
        return call.args[2] == 2

    p = k.root()
    fd = p.open("/tmp/f", O_RDWR | O_CREAT, 0o644)
    k.inject("write:error=EIO", predicate=second_byte)
    assert p.write(fd, b"x") == 1
    with pytest.raises(OSError, match="Input/output"):
        p.write(fd, b"xy")
    call = seen[0]
    assert (call.name, call.args[0], call.pid) == ("write", fd, p.pid)
    assert (call.comm, call.paths) == ("host", ("/tmp/f",))


def test_what_is_removed_costs_nothing(k):
    """The entry of system calls is the plain one again."""
    p = k.root()
    plain = p.proc.p_md.md_syscall
    faults = k.inject("mkdir:error=EIO")
    assert p.proc.p_md.md_syscall is not plain
    faults.remove()
    faults.remove()
    assert p.proc.p_md.md_syscall is plain
    p.mkdir("/tmp/d", 0o755)


def test_coming_to_be_is_not_counted(k, run):
    """The first call of a program is its own; its execve is the host's, as it is strace's."""
    k.inject("open:error=EIO:when=1")
    k.inject("execve:error=EIO")
    result = run(
        "import os\n"
        "try:\n    open('/etc/passwd')\nexcept OSError as exc:\n    print(exc.errno)\n"
        "try:\n    os.execv('/bin/ls', ['ls'])\nexcept OSError as exc:\n    print(exc.errno)\n"
    )
    assert (result.stdout, result.status) == (b"5\n5\n", 0)


LINKS = """
import os, sys, threading
def link(n):
    try:
        os.link('/none', '/none2')
    except OSError as exc:
        print(n, exc.errno, flush=True)
"""


@pytest.mark.parametrize(
    ("program", "printed"),
    [
        (
            "for n in range(3):\n"
            "    t = threading.Thread(target=lambda: (link(n), link(n + 10)))\n"
            "    t.start(); t.join()\n"
            "link(9)\n",
            "0 2;10 5;1 2;11 5;2 2;12 5;9 2;",
        ),
        (
            "link(0)\n"
            "if os.fork() == 0:\n"
            "    link(10); link(11); os._exit(0)\n"
            "os.wait(); link(1); link(2)\n",
            "0 2;10 2;11 5;1 5;2 2;",
        ),
        (
            "if len(sys.argv) > 1:\n"
            "    link(1); link(2)\n"
            "else:\n"
            "    link(0); os.execv(sys.argv[0], [sys.argv[0], 'again'])\n",
            "0 2;1 5;2 2;",
        ),
    ],
    ids=["threads", "fork", "execve"],
)
def test_who_counts(k, run, program, printed):
    """Each thread for itself, each process for itself; a new program goes on: as with strace."""
    k.inject("link:error=EIO:when=2")
    assert run(LINKS + program).stdout.decode().replace("\n", ";") == printed


def test_memory_is_changed_before_a_call_and_after(k, run):
    """poke_enter and poke_exit; what was fed to a program is fed to its child's replay."""
    k.inject("mkdir:poke_enter=@arg1=2f746d702f7a00")
    k.inject("read:poke_exit=@arg2=5a5a,@arg7=00")
    result = run(
        "import os\n"
        "os.mkdir('/tmp/abc')\n"
        "fd = os.open('/etc/passwd', os.O_RDONLY)\n"
        "text = os.read(fd, 4)\n"
        "if os.fork() == 0:\n"
        "    print(os.listdir('/tmp'), text, flush=True)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "print(text)\n"
    )
    assert result.stdout == b"['z'] b'ZZot'\nb'ZZot'\n"


def test_memory_that_is_not_there_is_left_alone(k):
    """As with strace, the call is made all the same."""
    k.inject("getppid,mkdir:poke_enter=@arg1=00,@arg3=00")
    p = k.root()
    assert p.getppid() == 1
    with pytest.raises(OSError, match="Bad address"):
        p.syscall(sysno("mkdir"), 0, 0o755)


def test_a_crash_leaves_the_files_as_they_were(k, tmp_path):
    """The machine stops before the call: nobody runs again, and what was written is there."""
    program = tmp_path / "save.py"
    program.write_text(
        "import os\n"
        "open('/tmp/new', 'w').write('one')\n"
        "os.rename('/tmp/new', '/tmp/data')\n"
        "open('/tmp/new', 'w').write('two')\n"
        "os.rename('/tmp/new', '/tmp/data')\n"
    )
    k.crash_at("rename", 2)
    result = k.run(program)
    assert result.crashed
    assert result.status == 137
    assert (result.files["/tmp/data"].text, result.files["/tmp/new"].text) == ("one", "two")
    with pytest.raises(api.Reboot):
        k.root().getpid()
    assert any("power failed before rename" in line for line in k.dmesg())


def test_the_next_boot_has_the_files(run):
    """Names, links, modes, owners, times and holes are as they were."""
    before = run(
        "import os\n"
        "os.umask(0)\n"
        "os.makedirs('/home/user/d', 0o1750)\n"
        "f = open('/home/user/d/f', 'w'); f.seek(20000); f.write('text'); f.truncate(30000)\n"
        "f.close()\n"
        "os.link('/home/user/d/f', '/home/user/g')\n"
        "os.symlink('d/f', '/home/user/s')\n"
        "os.chown('/home/user/g', 7, 8)\n"
        "os.mkfifo('/tmp/fifo', 0o600)\n"
        "os.unlink('/etc/hosts')\n"
    ).files
    with api.boot(files=before) as again:
        after = again.files()
        assert not after.since(before)
        assert after["/home/user/g"].nlink == 2
        assert after["/home/user/d/f"].mtime == before["/home/user/d/f"].mtime
        assert again.time() > after["/home/user/g"].mtime / 1e9
        assert again.root().readlink("/home/user/s", 10) == b"d/f"


def test_files_of_several_file_systems_stay_apart_in_the_next_boot(k):
    """A file on another one has the inode number of one that it is no name of."""
    k.root().mkdir("/m", 0o755)
    k.root().mount("tmpfs", "/m", 0, tmpfs_args(ta_size_max=1 << 20))
    for number in range(100):
        k.install(f"/m/{number}", b"%d" % number)
    before = k.files()
    inodes = {before[path].ino for path in before if not path.startswith("/m")}
    assert any(before[f"/m/{number}"].ino in inodes for number in range(100))
    with api.boot(files=before) as again:
        after = again.files()
        assert [after[f"/m/{number}"].text for number in range(100)] == list(map(str, range(100)))
        assert not after.since(before)


def test_a_call_by_number_is_the_call(k):
    """syscall(2) counts as what it makes."""
    k.inject("getppid:error=EIO")
    with pytest.raises(OSError, match="Input/output"):
        k.root().syscall(sysno("getppid"))


@pytest.mark.parametrize("path", [Path("/tmp/only"), b"/tmp/only", [Path("/tmp/only"), "/none"]])
def test_a_path_is_text_bytes_or_a_path(k, path):
    """As everywhere in Python."""
    with k.inject("open:error=EIO", path=path), pytest.raises(OSError, match="Input/output"):
        k.root().open("/tmp/only", O_CREAT)
    assert k.root().open("/tmp/only", O_CREAT) >= 3


def test_what_no_call_could_ever_be(k):
    """A predicate that cannot be called, a crash at a call before the first."""
    with pytest.raises(TypeError, match="a predicate is called"):
        k.inject("open:error=EIO", predicate="open")
    with pytest.raises(ValueError, match="the first call is number 1"):
        k.crash_at("write", 0)


@pytest.mark.parametrize("spec", ["exit:error=EIO", "all:error=EIO", "!%file:error=EIO"])
def test_an_exit_that_fails_is_a_fault_of_the_program(k, run, spec):
    """What is behind it is no code: SIGSEGV, for the process, not for the kernel."""
    k.inject(spec)
    assert run("print(1)\n").status == 128 + SIGSEGV
    with k.patch() as p:
        pass
    assert p.result.status == 128 + SIGSEGV


def test_a_thread_that_cannot_end_ends_its_process(k, run):
    """_lwp_exit(2) does not return either."""
    k.inject("_lwp_exit:error=EIO")
    program = "import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()\n"
    assert run(program).status == 128 + SIGSEGV


@pytest.mark.parametrize("delay", ["1e400s", "1e30s", "146y", "4611686019s"])
def test_a_delay_that_no_clock_counts(delay):
    """It is refused; strace's own is a number of 64 bits."""
    with pytest.raises(ValueError, match="bad delay_enter"):
        parse(f"getpid:delay_enter={delay}")
