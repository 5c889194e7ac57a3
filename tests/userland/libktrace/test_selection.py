# SPDX-License-Identifier: BSD-2-Clause
"""What tests ask of a trace, and how it explains itself: userland.libktrace.trace, selection."""

import errno
from pathlib import Path

import pytest

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_SYSRET
from userland.libktrace.records import encode
from userland.libktrace.trace import Trace

SAVE = """import os, signal, sys
signal.signal(signal.SIGUSR1, lambda *_: None)
try:
    os.stat('/tmp/none')
except OSError:
    pass
fd = os.open('/tmp/f', os.O_CREAT | os.O_RDWR, 0o600)
os.write(fd, b'one ')
os.write(fd, b'two')
os.lseek(fd, 0, os.SEEK_SET)
os.read(fd, 4)
os.kill(os.getpid(), signal.SIGUSR1)
pid = os.fork()
if pid == 0:
    os.execv('/bin/cat', ['cat', '/tmp/f'])
if 'wait' in sys.argv:
    os.waitpid(pid, 0)
else:
    import time
    time.sleep(1)
os.fsync(fd)
if 'close' in sys.argv:
    os.close(fd)
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """What the program leaves when it is tidy."""
    return ran(tmp_path_factory.mktemp("tidy"), "wait", "close")


@pytest.fixture
def trace(result):
    return result.trace


def ran(directory, *argv):
    program = directory / "save.py"
    program.write_text(SAVE)
    with api.boot(ktrace=True, lines=True) as k:
        return k.run(program, argv)


def test_calls_by_name_and_set(trace):
    """C's names, strace's sets; a name that is none is an error, not an empty selection."""
    assert trace.calls("write").by("save.py") == 2
    assert trace.calls("read,write").by("save.py").count == 3
    assert trace.calls("%file").by("save.py").on("/tmp/*").names == ["stat", "open"]
    assert not trace.calls("%network")
    assert trace.calls("!all") == 0
    with pytest.raises(ValueError, match="no system call 'opne'"):
        trace.calls("opne")


def test_calls_compare_with_numbers(trace):
    """As their count does; as items they are calls."""
    writes = trace.calls("write").by("save.py")
    assert writes == 2
    assert writes != 3
    assert writes > 1
    assert writes >= 2
    assert writes < 3
    assert writes <= 2
    assert [call.value for call in writes] == [4, 3]
    assert writes[1].value == 3
    assert trace.calls["open"] == trace.calls("open").count
    assert trace.calls.counts["fork"] == 1


def test_calls_by_what_they_came_to(trace):
    """Failed, with which error; succeeded; returned."""
    stats = trace.calls("stat").on("/tmp/none")
    assert stats.failed()
    assert stats.failed("ENOENT")
    assert stats.failed(Errno.ENOENT)
    assert stats.failed(errno.ENOENT, "EACCES")
    assert not stats.failed("EACCES")
    assert not stats.succeeded()
    assert trace.calls("write").by("save.py").returned(3) == 1
    with pytest.raises(ValueError, match="no error 'ENOPE'"):
        stats.failed("ENOPE")


def test_a_number_that_is_another_error_on_the_host(trace):
    """It is refused: nobody could tell which one is meant."""
    rmdirs = trace.calls("rmdir")
    if errno.ENOTEMPTY == Errno.ENOTEMPTY:  # a BSD's
        assert not rmdirs.failed(errno.ENOTEMPTY)
    else:
        with pytest.raises(ValueError, match=r"is ENOTEMPTY on this host and .* inside"):
            rmdirs.failed(errno.ENOTEMPTY)


def test_calls_by_argument(trace):
    """By number, by what is shown, by one of the names of the bits, by predicate."""
    opens = trace.calls("open").by("save.py")
    assert opens.given(flags="O_CREAT") == 1
    assert opens.given(flags="O_RD*").given(path='"/tmp/f"') == 1
    assert opens.given(mode=0o600)
    assert opens.given(mode=lambda mode: not mode & 0o077)
    assert trace.calls("lseek").given(whence="SEEK_SET", offset=0)


def test_a_constant_that_is_misspelt_is_no_empty_selection(trace):
    """It is asked back about; one that no call was given, and any other text, finds nothing."""
    opens = trace.calls("open")
    assert not opens.given(flags="O_EXCL")
    assert not opens.given(flags="O_*_NONE")
    assert not opens.given(path="NONE_SUCH_FILE_OR_DIRECTORY")
    with pytest.raises(ValueError, match="no constant 'O_CRAET': did you mean 'O_CREAT'"):
        opens.given(flags="O_CRAET")


def test_calls_by_order(trace):
    """Before and after others."""
    assert trace.calls("read").by("save.py").after("write") == 1
    assert trace.calls("write").before("fsync").by("save.py") == 2
    assert not trace.calls("write").by("save.py").after("fsync")
    assert trace.in_order("open", "write", "write", "lseek", "read", "fsync", "close")
    assert not trace.in_order("fsync", "open")
    assert trace.before("write", "fsync")
    assert not trace.before("fsync", "write")
    assert not trace.before("write", "rename")


def test_names_that_are_not_ascii(tmp_path):
    """A glob is as programs have names; what is shown has no byte that a terminal obeys."""
    program = tmp_path / "names.py"
    program.write_text("open('/tmp/\u00e9\u2603', 'w').write('text')\nopen(b'/tmp/\\xff', 'wb')\n")
    with api.boot(ktrace=True) as k:
        trace = k.run(program).trace
    assert trace.calls("write").on("/tmp/\u00e9*").written == b"text"
    shown = [str(step) for step in trace.steps]
    assert r'write(3</tmp/\xc3\xa9\xe2\x98\x83>, "text", 4) = 4' in shown
    assert trace.calls("open").on("/tmp/\u2603") == 0
    assert trace.calls("open").on(b"/tmp/\xff", "/tmp/?\u2603") == 2


def test_bytes(trace):
    """What was written and read, together."""
    assert trace.calls.on("/tmp/f").written == b"one two"
    assert trace.calls.by("cat").read == b"one two"
    assert trace.calls("read").by("save.py").read == b"one "


def test_signals(trace):
    """By name with or without SIG, by number, by who got them."""
    assert trace.signals("USR1") == 1
    assert trace.signals("SIGUSR1").caught().to("save.py") == 1
    assert trace.signals("USR1", "TERM")[0].pid == trace.calls("fork")[0].pid
    assert not trace.signals("KILL")
    assert repr(trace.signals("USR1").to("cat")).startswith('<signals(USR1).to("cat"): none')
    with pytest.raises(ValueError, match="no signal 'NONE'"):
        trace.signals("NONE")


def test_nothing_is_left(trace, tmp_path):
    """Descriptors and children; explained by who opened and who forked."""
    assert trace.no_leaked_descriptors()
    assert trace.no_zombies()
    careless = ran(tmp_path).trace
    leaked = careless.no_leaked_descriptors()
    assert not leaked
    assert 'leaves 3 open: open("/tmp/f"' in leaked.summary()
    left = careless.no_zombies()
    assert not left
    assert "has not waited for" in left.summary()


def test_descriptors_that_are_stored(tmp_path):
    """pipe2 and socketpair tell no record what they have made, posix_spawn whom: it is noted."""
    program = tmp_path / "p.py"
    program.write_text(
        "import os, socket\n"
        "r, w = os.pipe()\n"
        "a, b = socket.socketpair()\n"
        "os.close(r)\n"
        "pid = os.posix_spawn('/bin/cat', ['cat', '/dev/null'], {})\n"
        "kid = os.fork()\n"
        "if kid == 0:\n"
        "    os._exit(0)\n"
        "os.waitpid(kid, 0)\n"
        "os._exit(0)\n"
    )
    with api.boot(ktrace=True, lines=True) as k:
        trace = k.run(program).trace
    assert [call.stored for call in trace.calls("pipe2,socketpair")] == [(3, 4), (5, 6)]
    leaked = trace.no_leaked_descriptors()
    assert not leaked
    assert [step.line.number for step in leaked._evidence()] == [2, 3, 3]
    assert "leaves 3 open" not in leaked.summary()
    assert "pipe2([3, 4], O_CLOEXEC) = 0" in leaked.explain()
    spawned = trace.calls("posix_spawn")[0].child
    assert trace.calls("execve").by(spawned) == 0  # it makes none
    assert trace.calls("exit").by(spawned) == 1
    assert f"has not waited for {spawned}" in trace.no_zombies().summary()


def test_other_programs_descriptors_are_none_of_its(tmp_path):
    """What a program has open of the one before it, it has not opened."""
    program = tmp_path / "p.py"
    program.write_text(
        "import os\n"
        "os.set_inheritable(os.open('/tmp/f', os.O_CREAT), True)\n"
        "os.execv('/bin/cat', ['cat', '/dev/null'])\n"
    )
    with api.boot(ktrace=True, lines=True) as k:
        assert k.run(program).trace.no_leaked_descriptors()


def test_returns_are_paired(trace):
    """As FreeBSD's tests ask, and make's filemon: a return that is lost, or comes twice."""
    assert trace.paired()
    returns = [at for at, record in enumerate(trace.records) if record.type == KTR_SYSRET]
    for taken, why in ((0, "1 calls without a return"), (2, "1 returns without one")):
        records = list(trace.records)
        records[returns[3] : returns[3] + 1] = [records[returns[3]]] * taken
        data = b"".join(
            encode(record.type, record.payload, pid=record.pid, lid=record.lid, time=record.time)
            for record in records
        )
        again = Trace(data).paired()
        assert not again
        assert why in again.summary()


def test_processes_that_are_left(tmp_path):
    """Zombies and others, by the system's own table; who made them is shown."""
    program = tmp_path / "p.py"
    program.write_text(
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    if os.fork() == 0:\n"
        "        os._exit(0)\n"
        "    time.sleep(100)\n"
        "    os._exit(0)\n"
        "time.sleep(1)\n"
    )
    with api.boot(ktrace=True, lines=True) as k:
        assert k.nobody_left()
        k.run(program)
        left = k.no_zombies()
        assert not left
        assert "zombie" in left.summary()
        assert "/root/p.py:3 in <module>:  if os.fork() == 0:" in left.explain()
        assert not k.nobody_left()
        k.advance(100)
        assert k.no_zombies()
        assert k.nobody_left()


def test_the_line_behind_a_call(trace):
    """The program's, past the library; the importer's calls are told apart."""
    line = trace.calls("fsync").steps[0].line
    assert (line.file, line.number, line.function) == ("/root/save.py", 21, "<module>")
    assert trace.calls.line(8).names == ["write"]
    assert trace.calls("execve").by("cat").steps[0].line.number == 15
    assert any(step.line is not None and step.line.importing for step in trace.steps)


def test_an_explanation(trace):
    """Where the call was made, and what is around it, marked."""
    text = trace.calls("fsync").failed("EIO").explain()
    assert text.startswith('calls("fsync").failed(EIO): none; calls("fsync"): 1\n')
    assert "/root/save.py:21 in <module>:  os.fsync(fd)\n" in text
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(">"))
    assert "save.py:21       fsync(3</tmp/f>) = 0" in lines[at]
    assert "save.py:23       close(3</tmp/f>) = 0" in lines[at + 1]
    assert "wait4" in lines[at - 1]


def test_an_explanation_without_a_call(trace):
    """The end of the trace, where nothing of that name was called."""
    text = trace.calls("rename").failed().explain()
    assert "none; calls:" in text
    assert text.splitlines()[-1].endswith("exit(0) = ?")


def test_a_trace_from_a_file(result, trace, tmp_path):
    """Any trace is asked so; without lines there are none."""
    (tmp_path / "ktrace.out").write_bytes(result.ktrace)
    read = Trace.read(tmp_path / "ktrace.out")
    assert read == trace
    assert bytes(read) == result.ktrace
    assert read.calls("fsync") == 1
    assert read.calls("fsync").steps[0].line is None
    assert read.kinds["CALL"] > read.kinds["PSIG"] == 1
    assert "fsync" in read.kdump()


def test_no_trace_has_no_calls():
    """Nothing was recorded: that is not the same as nothing was called."""
    empty = Trace(b"")
    assert not len(empty)
    assert empty.steps == []
    with api.boot() as k:
        with pytest.raises(ValueError, match="no trace"):
            k.trace  # noqa: B018
        k.run(b"/bin/ls")
        with pytest.raises(ValueError, match="no trace"):
            k.trace  # noqa: B018


def test_a_trace_is_the_same_with_lines(tmp_path):
    """Noting them changes neither records nor times."""
    program = tmp_path / "save.py"
    program.write_text(SAVE)
    traces = []
    for lines in (False, True):
        with api.boot(ktrace=True, lines=lines) as k:
            traces.append(k.run(program).ktrace)
    assert traces[0] == traces[1]


def test_a_process_that_is_driven():
    """Its calls in the block, and no others."""
    with api.boot() as k:
        p = k.root()
        p.mkdir("/tmp/before", 0o755)
        with k.tracing(p) as trace:
            p.mkdir("/tmp/d", 0o755)
            assert trace().calls("mkdir") == 1
            p.rmdir("/tmp/d")
        p.mkdir("/tmp/after", 0o755)
        assert trace().calls.on("/tmp/*").names == ["mkdir", "rmdir"]


def test_a_trace_that_a_program_has_made():
    """ktrace(1) of the system's own; the system knows what was asked of it."""
    with api.boot() as k:
        k.run(b"/usr/bin/ktrace", ["-f", "/tmp/out", "cat", "/etc/hosts"])
        trace = k.trace_of(k.files()["/tmp/out"].data)
        assert trace.calls("open").on("/etc/hosts") == 1
        with pytest.raises(AssertionError) as caught:
            assert trace.calls("open").failed("EIO")
        assert 'calls("open").failed(EIO): none' in k.failure(caught.tb)


def test_what_could_never_be_is_no_answer(trace):
    """An argument that the call has not, an order of nothing: true or false would both mislead."""
    with pytest.raises(ValueError, match="has no argument 'flag': there are path, flags, mode"):
        trace.calls("open").given(flag="O_CREAT")
    with pytest.raises(ValueError, match="has no argument 'nonsense'"):
        trace.calls.given(nonsense=1)
    assert not trace.calls("open,read").given(nbyte=77)
    assert not trace.calls("symlink").given(link="/x")
    with pytest.raises(ValueError, match="would hold of every trace"):
        trace.in_order()


def test_a_path_is_text_bytes_or_a_path(trace):
    """As everywhere in Python."""
    opened = trace.calls("open")
    assert opened.on("/tmp/f") == opened.on(Path("/tmp/f")) == opened.on(b"/tmp/f").count > 0
