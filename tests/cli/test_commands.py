# SPDX-License-Identifier: BSD-2-Clause
"""The host command: exit codes, one-line errors, no traceback of the kernel's."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def kernel(tmp_path: Path) -> Command:
    """Run `python -m kernel ...` in an empty directory."""
    root = Path(__file__).parents[2]
    env = os.environ | {"PYTHONPATH": str(root)}

    def command(*args: str, **options: object) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [sys.executable, "-m", "kernel", *args],
            cwd=tmp_path, env=env, capture_output=True, timeout=300, check=False, **options,
        )  # fmt: skip

    return command


def put(tmp_path: Path, text: str, name: str = "p.py") -> str:
    """Write a program; return its name."""
    (tmp_path / name).write_text(text)
    return name


def test_exit_code_and_streams_are_the_programs(kernel, tmp_path):
    """stdin, stdout, stderr and the code pass through."""
    name = put(
        tmp_path, "import sys\nprint(input(), sys.argv)\nprint('e', file=sys.stderr)\nexit(5)\n"
    )
    done = kernel("run", name, "-x", "y", input=b"in\n")
    assert (done.returncode, done.stdout) == (5, b"in ['p.py', '-x', 'y']\n")
    assert done.stderr == b"e\n"


def test_another_python_is_told_of_in_a_line(tmp_path):
    """One without what is needed: a newcomer's, who has not activated .venv."""
    root = Path(__file__).parents[2]
    env = os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-S", "-m", "kernel", "run", "p.py"],
        cwd=tmp_path, env=env, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b" has no module " in done.stderr
    assert b"activate" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_killed_program(kernel, tmp_path):
    """128 + the signal."""
    name = put(tmp_path, "from userland.libc import *\nkill(getpid(), SIGKILL)\n")
    assert kernel("run", name).returncode == 128 + 9


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("run", "nosuch.py"), 127, b"run: nosuch.py: No such file or directory\n"),
        (("run", "."), 127, b"Is a directory\n"),
        (("frobnicate",), 2, b"no command 'frobnicate'"),
        (("run", "--seed", "x", "p.py"), 2, b"invalid int value: 'x'"),
        (("run", "--nosuch", "p.py"), 2, b"usage:"),
        (("run", "--points", "q", "--ktrace", "t", "p.py"), 2, b"unknown"),
        (("run", "--mount", "nowhere:/mnt/x", "p.py"), 126, b"No such file"),
        (("run", "--mount", "x", "p.py"), 2, b"HOST:GUEST"),
        (("run", "--offer", "x=nowhere", "p.py"), 126, b"No such file"),
        (("run", "--offer", "x", "p.py"), 2, b"NAME=HOST"),
        (("run", "--mount", "p.py:/mnt", "p.py"), 126, b"p.py: Not a directory\n"),
        (("run", "--fs-size", "1", "p.py"), 1, b"run: boot: "),
        (("run", "--nofile", "0", "p.py"), 126, b"run: /dev/console: Too many open files\n"),
        (("run", "--user", "99999999999", "p.py"), 2, b"no user '99999999999'"),
        (("run", "--ktrace", "/nowhere/t", "p.py"), 126, b"/nowhere/t: No such file"),
        (("kdump", "-f", "nosuch"), 1, b"nosuch: No such file or directory"),
        (("ktrace",), 1, b"usage:"),
        (("ktrace", "-t", "q", "p.py"), 1, b"usage:"),
        (("ktrace", "-p", "7"), 1, b"No such process"),
        (("ktrace", "-v", "x", "p.py"), 1, b"ktrace: x: no version of a trace\n"),
        (("ktrace", "none"), 1, b"ktrace: none: No such file or directory\n"),
    ],
)
def test_bad_input(kernel, tmp_path, args, status, message):
    """One clear line, a non-zero exit, never a traceback."""
    put(tmp_path, "")
    done = kernel(*args)
    assert done.returncode == status
    assert message in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_program_with_a_syntax_error(kernel, tmp_path):
    """Python's own message, status 1."""
    done = kernel("run", put(tmp_path, "x = = 1\n"))
    assert done.returncode == 1
    assert b"SyntaxError" in done.stderr
    assert b"x = = 1" in done.stderr
    assert b"kernel/" not in done.stderr


def test_a_traceback_shows_the_program_only(kernel, tmp_path):
    """The frames are the program's, with source lines."""
    done = kernel("run", put(tmp_path, "def f():\n    open('/nope')\nf()\n"))
    assert done.returncode == 1
    assert b"open('/nope')" in done.stderr
    assert b"FileNotFoundError: [Errno 2] No such file or directory: '/nope'" in done.stderr
    assert b"userland" not in done.stderr
    assert b"crt0" not in done.stderr


def test_an_unreadable_program(k):
    """A program that its user may not read or run is refused; the host's permissions aside."""
    k.install(b"/tmp/p.py", b"print(1)\n", 0o000)
    with pytest.raises(PermissionError):
        k.run(b"/tmp/p.py", uid=1000)


def test_trace_and_kdump(kernel, tmp_path):
    """run --ktrace writes what kdump reads; v0 prints as in 2003."""
    name = put(tmp_path, "print('hi')\n")
    assert kernel("run", "--ktrace", "t", name).returncode == 0
    text = kernel("kdump", "-f", "t").stdout
    assert b'GIO   fd 1 wrote 3 bytes\n       "hi\\n"\n' in text
    assert kernel("run", "--ktrace", "t0", "--ktrace-version", "0", name).returncode == 0
    assert b'       "hi\n       "\n' in kernel("kdump", "-f", "t0").stdout


def test_the_same_run_gives_the_same_bytes(kernel, tmp_path):
    """Twice, and with the twin instead of the C helper."""
    name = put(tmp_path, "import os\nif os.fork():\n    os.wait()\nprint(os.getpid())\n")
    traces = []
    for number, native in enumerate(("1", "1", "0")):
        env = os.environ | {"SYSENT_NATIVE": native, "PYTHONPATH": str(Path(__file__).parents[2])}
        subprocess.run(
            [sys.executable, "-m", "kernel", "run", "--seed", "3", "--ktrace", f"t{number}", name],
            cwd=tmp_path, env=env, check=True, capture_output=True,
        )  # fmt: skip
        traces.append((tmp_path / f"t{number}").read_bytes())
    assert traces[0] == traces[1] == traces[2]
    assert traces[0]


def test_sets_have_one_order(kernel, tmp_path):
    """The hashes of strings are the same in every run, and with them the trace."""
    name = put(tmp_path, "print({str(n) for n in range(50)})\n")
    assert len({kernel("run", name).stdout for _ in range(3)}) == 1


def test_disk_full_while_tracing(kernel, tmp_path):
    """The program goes on; the log says that tracing stopped."""
    name = put(tmp_path, "for _ in range(300):\n    open('/etc/passwd').read()\n")
    done = kernel("run", "--ktrace", "/dev/full", name)
    assert done.returncode == 0
    assert b"ktrace write failed, errno 28, tracing stopped" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_deadlock_is_told(kernel, tmp_path):
    """Who waits for what, status 70."""
    done = kernel("run", put(tmp_path, "from userland.libc import *\nr, w = pipe()\nread(r, 1)\n"))
    assert done.returncode == 70
    assert b"deadlock: " in done.stderr
    assert b"piperd" in done.stderr


def test_ctrl_c_is_sigint_to_the_foreground_group(tmp_path):
    """A program in a pure loop dies of SIGINT: 130."""
    name = put(tmp_path, "print('go', flush=True)\nn = 0\nwhile True:\n    n += 1\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "kernel", "run", name],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=300) == 130
    process.communicate()


def test_ctrl_c_wakes_a_reader(tmp_path):
    """A program that waits for input on the console is interrupted, too."""
    name = put(tmp_path, "print('go', flush=True)\ninput()\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "kernel", "run", name],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=300) == 130
    process.communicate()


@pytest.mark.parametrize("signo", [signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_will_not_end_is_ended(tmp_path, signo):
    """What catches all ^C has no end of its own; with the signal's status its trace is whole."""
    name = put(
        tmp_path,
        "import os\nn = 0\nwhile True:\n    try:\n        os.write(1, b'go\\n')\n"
        "        while True: n += 1\n    except KeyboardInterrupt: os.write(1, b'caught\\n')\n",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "kernel", "run", "--ktrace", "t", name],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        for _ in range(3):
            assert process.stdout.readline() == b"go\n"
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == b"caught\n"
        process.send_signal(signo)
        assert process.wait(timeout=20) == 128 + signo
        assert process.stderr is not None
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.communicate()
    assert (tmp_path / "t").read_bytes().count(b"caught\n") == 3


def test_input_may_take_its_time(tmp_path):
    """A program that waits for input waits as long as it takes, and is no deadlock."""
    name = put(tmp_path, "print('go', flush=True)\nprint(input())\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "kernel", "run", name],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.4)
    assert process.communicate(b"late\n", timeout=300)[0] == b"late\n"
    assert process.returncode == 0


def test_sh_c(kernel):
    """sh -c, its status and its output."""
    done = kernel("sh", "-c", "echo a; (exit 3)")
    assert (done.returncode, done.stdout) == (3, b"a\n")


def test_ktrace_of_a_command(kernel):
    """Outside, ktrace runs a command of the emulated system; -i follows its children."""
    assert kernel("ktrace", "-i", "-f", "t", "sh", "-c", "echo x | cat").returncode == 0
    text = kernel("kdump", "-f", "t").stdout
    assert text.count(b"RET   fork 0") == 2


def test_limits(kernel, tmp_path):
    """--nofile and --fs-size hold."""
    name = put(
        tmp_path,
        "import os\nn = 0\ntry:\n    while True:\n        os.open('/etc/passwd', 0); n += 1\n"
        "except OSError as e:\n    print(n + 3, e.strerror)\n",
    )
    assert kernel("run", "--nofile", "9", name).stdout == b"9 Too many open files\n"


def test_version_names_the_helper(kernel):
    """--version says which helper is at work."""
    assert b"native helper: " in kernel("--version").stdout


def test_a_helper_of_other_sources_is_refused(tmp_path):
    """Each command says what to do, in one line; without the helper all is well."""
    root = Path(__file__).parents[2]
    for part in ("kernel", "userland"):
        (tmp_path / part).symlink_to(root / part)
    shutil.copytree(root / "native", tmp_path / "native")
    with (tmp_path / "native" / "field.h").open("a") as file:
        file.write("/* later */\n")
    env = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    built = any((root / "native" / f"_record{suffix}").exists() for suffix in EXTENSION_SUFFIXES)
    for serves in ("1", "0"):
        for command in (["run", "-c", "print(1)"], ["kdump", "-f", "/dev/null"], ["--version"]):
            done = subprocess.run(
                [sys.executable, "-m", "kernel", *command], cwd=tmp_path,
                env=env | {"SYSENT_NATIVE": serves}, capture_output=True, check=False,
            )  # fmt: skip
            refused = serves == "1" and built
            assert done.returncode == (2 if refused else 0)
            assert done.stderr.count(b"\n") == refused
            assert (b"`make native`" in done.stderr) == refused


def test_syscalls_prints_prototypes(kernel):
    """The table as text."""
    done = kernel("syscalls", "write")
    assert done.stdout == b"   4  ssize_t write(int fd, const void *buf, size_t nbyte)\n"


def test_a_terminal_is_the_controlling_one(tmp_path):
    """Where a person is at the terminal, a program has it as after a login: job control works."""
    program = tmp_path / "prog.py"
    program.write_text(
        "import os\n"
        "tty = os.open('/dev/tty', os.O_RDWR)\n"
        "os.write(tty, b'mine' if os.tcgetpgrp(tty) == os.getpgrp() else b'not mine')\n"
    )
    master, slave = os.openpty()
    ended = subprocess.run(
        [sys.executable, "-m", "kernel", "run", str(program)],
        cwd=Path(__file__).parents[2], stdin=slave, stdout=slave, stderr=slave, timeout=300,
        check=False,
    )  # fmt: skip
    printed = os.read(master, 100)
    os.close(master)
    os.close(slave)
    assert (ended.returncode, printed) == (0, b"mine")


def test_options_after_the_program_are_its_own(kernel, tmp_path):
    """Whatever they begin like."""
    name = put(tmp_path, "import sys\nprint(sys.argv[1:])\n")
    done = kernel("run", name, "--n", "3", "--user", "x", "-c", "y")
    assert done.stdout == b"['--n', '3', '--user', 'x', '-c', 'y']\n"


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", "| head -n 0"])
@pytest.mark.parametrize(
    "command",
    ["kdump -f {0}", "ktruss -f {0}", "trace {0}", "diff {0} /dev/null", "syscalls", "grade", "--help",
     "--version"],
)  # fmt: skip
def test_what_cannot_be_printed(command, redirection):
    """One line says why, and the status that not all was; nobody is told that a reader has left."""
    sample = min((Path(__file__).parents[1] / "data" / "samples").glob("*.ktrace"))
    line = f"{sys.executable} -m kernel {command.format(sample)}"
    done = subprocess.run(
        ["/bin/sh", "-c", f"{{ {line}; echo $? >&3; }} 3>&2 {redirection}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    *complaints, status = done.stderr.splitlines()
    if redirection.startswith("|"):
        assert (complaints, int(status) in {0, 1, 141}) == ([], True)
        return
    why = "No space left on device" if "full" in redirection else "Bad file descriptor"
    assert (complaints, status) == ([f"{command.split()[0]}: stdout: {why}"], "1")
