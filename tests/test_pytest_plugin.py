# SPDX-License-Identifier: BSD-2-Clause
"""The fixture `kernel` and its mark, as projects of others see them."""

import subprocess
import sys

import pytest

HEAD = "import os\nimport pytest\n"


@pytest.fixture
def project(tmp_path):
    """Run pytest in a project that has one file of tests; return what it prints."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nkernel_seed = 5\naddopts = --strict-markers\n")

    def runner(source, *args):
        (tmp_path / "test_it.py").write_text(HEAD + source)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args],
            cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    return runner


def test_a_system_of_its_own(project):
    """Booted for each test; seeded as configured, by the command line, by the mark."""
    source = (
        "def test_one(kernel):\n"
        "    with kernel.patch():\n"
        "        os.mkdir('/tmp/d')\n"
        "def test_two(kernel, request):\n"
        "    assert '/tmp/d' not in kernel.files()\n"
        "    wanted = request.config.getoption('--kernel-seed')\n"
        "    assert kernel.kernel.seed == (5 if wanted is None else wanted)\n"
        "@pytest.mark.kernel(seed=9)\n"
        "class TestMarked:\n"
        "    def test_class(self, kernel):\n"
        "        assert kernel.kernel.seed == 9\n"
        "    @pytest.mark.kernel(seed=None, uid=1000)\n"
        "    def test_function(self, kernel):\n"
        "        assert kernel.kernel.seed is None\n"
        "        assert kernel.call(os.getuid) == 1000\n"
    )
    assert "4 passed" in project(source)
    assert "4 passed" in project(source, "--kernel-seed=7")


def test_marks_give_faults_and_limits(project):
    """Faults in strace's words; a file system of a few bytes."""
    source = (
        "from kernel.api import Limits\n"
        "@pytest.mark.kernel(faults=['mkdir:error=EIO'], limits=Limits(nofile=(5, 5)))\n"
        "def test_it(kernel):\n"
        "    with kernel.patch():\n"
        "        with pytest.raises(OSError, match='Input/output'):\n"
        "            os.mkdir('/tmp/d')\n"
        "        with pytest.raises(OSError, match='Too many'):\n"
        "            [os.dup(0) for _ in range(9)]\n"
    )
    assert "1 passed" in project(source)


def test_a_mark_that_says_nonsense(project):
    """It is told, not passed over."""
    out = project("@pytest.mark.kernel(sead=1)\ndef test_it(kernel): pass\n")
    assert "pytest.mark.kernel: has no sead; it has faults, files, ktrace" in out


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("seed='3'", "seed='3' is no int"),
        ("uid='user'", "uid='user' is no int"),
        ("preempt=-1", "preempt=-1 is negative"),
        ("limits={}", "limits={} is no Limits"),
        ("faults=['wirte:error=EIO']", "'wirte:error=EIO': no system call 'wirte'"),
        ("faults='write'", "'write': nothing to inject"),
    ],
)
def test_a_mark_of_the_wrong_kind(project, mark, says):
    """A line says what is wrong; nobody's code is shown for it."""
    out = project(f"@pytest.mark.kernel({mark})\ndef test_it(kernel): pass\n")
    assert f"pytest.mark.kernel: {says}" in out
    assert "Traceback" not in out
    assert "pytest_plugin.py" not in out


def test_one_fault_need_be_no_list(project):
    """A text is one injection."""
    out = project(
        "@pytest.mark.kernel(faults='mkdir:error=EIO')\n"
        "def test_it(kernel):\n"
        "    with kernel.patch(), pytest.raises(OSError, match='Input/output'):\n"
        "        os.mkdir('/tmp/d')\n"
    )
    assert "1 passed" in out


def test_what_was_printed_is_fit_for_a_terminal(project):
    """Escapes and bytes that are no text are shown as Python writes them."""
    out = project(
        "def test_it(kernel):\n"
        "    with kernel.patch():\n"
        "        os.write(1, b'\\x1b[2J caf\\xc3\\xa9 \\xff\\0\\tend\\n')\n"
        "    assert 0\n"
    )
    assert "\\x1b[2J café \\xff\\x00\tend\n" in out
    assert "\x1b[2J" not in out


def test_a_failure_shows_what_happened_inside(project):
    """What was printed, the kernel's messages, the end of the trace."""
    out = project(
        "def test_it(kernel):\n"
        "    with kernel.patch():\n"
        "        print('printed inside')\n"
        "        os.mkdir('/tmp/d')\n"
        "        assert os.listdir('/tmp') == []\n"
    )
    assert "kernel: stdout" in out
    assert "printed inside" in out
    assert "kernel: the last 40 lines of kdump" in out
    assert 'NAMI  "/tmp/d"' in out
    assert "AssertionError: assert ['d'] == []" in out


def test_a_failed_assertion_shows_the_line_and_the_trace_around(project):
    """Of what was asserted in the failing test, not of what was asked before."""
    source = (
        "def save():\n"
        "    fd = os.open('/tmp/new', os.O_CREAT | os.O_WRONLY)\n"
        "    os.write(fd, b'text')\n"
        "    os.rename('/tmp/new', '/tmp/data')\n"
        "def test_one(kernel):\n"
        "    with kernel.patch():\n"
        "        save()\n"
        "    assert kernel.trace.calls('write') == 1\n"
        "    assert kernel.trace.calls('rename').failed('EIO')\n"
        "def test_two(kernel):\n"
        "    with kernel.patch():\n"
        "        save()\n"
        "    assert kernel.trace.calls('open') == 2\n"
        "def test_three(kernel):\n"
        "    with kernel.patch():\n"
        "        save()\n"
        "    def ask():\n"
        "        return bool(kernel.trace.calls('open'))\n"
        "    assert ask() is False\n"
    )
    out = project(source)
    first, second, third = out.split("_ test_")[1:4]
    assert 'assert <calls("rename").failed(EIO): none; calls("rename"): 1>' in first
    assert "test_it.py:6 in save:  os.rename('/tmp/new', '/tmp/data')" in first
    assert 'test_it.py:6     rename("/tmp/new", "/tmp/data") = 0' in first
    assert 'assert calls("open"): 1 == 2' in second
    assert "test_it.py:4 in save:  fd = os.open(" in second
    assert "trace around" not in third
    assert "the last 40 lines of kdump" in third


def test_lines_can_be_left_out(project):
    """They take a little time for each call."""
    out = project(
        "@pytest.mark.kernel(lines=False)\n"
        "def test_it(kernel):\n"
        "    with kernel.patch():\n"
        "        os.mkdir('/tmp/d')\n"
        "    assert not kernel.trace.calls('mkdir')\n"
    )
    assert 'mkdir("/tmp/d", 0777) = 0' in out
    assert "test_it.py:6 in" not in out


def test_programs_have_no_need_of_patch(project):
    """run() is there as well, traced unless told otherwise."""
    source = (
        "def test_it(kernel, tmp_path):\n"
        "    program = tmp_path / 'p.py'\n"
        "    program.write_text('print(1 + 1)')\n"
        "    result = kernel.run(program)\n"
        "    assert result.stdout == b'2\\n'\n"
        "    assert result.calls['write'] == 1\n"
    )
    assert "1 passed" in project(source)


GOLDEN = """
def save(text):
    with open('/tmp/data', 'w') as file:
        file.write(text)
def test_one(kernel):
    with kernel.patch():
        save('old text')
    assert kernel.trace.match()
    assert kernel.trace.calls('%file').match('files')
@pytest.mark.parametrize('text', ['a/b', 'c'])
def test_two(kernel, text):
    with kernel.patch():
        save(text)
    kernel.trace.match()
"""
TRACES = "__traces__/test_it"


def test_golden_traces_are_made_and_compared(project, tmp_path):
    """The first time they fail and say how; then they are there; a change is shown."""
    out = project(GOLDEN)
    assert f"there is no golden trace {TRACES}/test_one.trace" in out
    assert "Make it with --ktrace-update" in out
    assert "3 failed" in out
    out = project(GOLDEN, "--ktrace-update")
    assert "3 passed" in out
    names = sorted(path.name for path in (tmp_path / TRACES).iterdir())
    assert names[0] == "files.trace"
    assert names[1:3] == ["test_one.trace", "test_two-a-b-b56f5372.trace"]
    assert names[3:] == ["test_two-c.trace"]
    assert (tmp_path / TRACES / "files.trace").read_text() == (
        "# test_it.py::test_one\n"
        "process 1 python3\n"
        '  open("/tmp/data", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 3</tmp/data>\n'
    )
    assert "3 passed" in project(GOLDEN)
    out = project(GOLDEN.replace("old text", "new"))
    assert f"the trace differs from {TRACES}/test_one.trace" in out
    assert '- write(3</tmp/data>, "old text", 8) = 8' in out
    assert 'write(3</tmp/data>, "new", 3) = 3    # ' in out
    assert "test_it.py:5 in save" in out
    assert "lines of kdump" not in out
    assert "1 failed, 2 passed" in out


def test_golden_traces_in_several_processes(project, tmp_path):
    """pytest-xdist: what one makes the other compares with, and none is taken for stale."""
    out = project(GOLDEN, "-n", "2", "--ktrace-update")
    assert f"{TRACES}/test_one.trace" in out
    (tmp_path / TRACES / "gone.trace").write_text("# nobody's\n")
    out = project(GOLDEN, "-n", "2")
    assert "3 passed" in out
    stale = out.partition("no test has asked for")[2]
    assert f"{TRACES}/gone.trace" in stale
    assert "test_one" not in stale


def test_stale_golden_traces(project, tmp_path):
    """Told where all tests of their file have run and passed; removed by --ktrace-update."""

    def plant():
        for name in (f"{TRACES}/old.trace", "__traces__/test_gone/old.trace"):
            (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
            (tmp_path / name).write_text("# nobody's\n")

    plant()
    removed = project(GOLDEN, "--ktrace-update").partition("golden traces removed")[2]
    assert f"{TRACES}/old.trace" in removed
    assert "__traces__/test_gone/old.trace" in removed
    assert not list(tmp_path.glob("__traces__/*/old.trace"))
    plant()
    told = "no test has asked for"
    assert f"{TRACES}/old.trace" in project(GOLDEN).partition(told)[2]
    some = project(GOLDEN, "-k", "two").partition(told)[2]
    assert TRACES not in some
    assert "__traces__/test_gone/old.trace" in some
