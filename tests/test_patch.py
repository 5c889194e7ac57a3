# SPDX-License-Identifier: BSD-2-Clause
"""patch(): the code of a test as an emulated process.  kernel.patch and kernel.swap."""

import argparse
import configparser
import contextlib
import datetime
import errno
import glob
import io
import logging
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from _thread import LockType
from errno import ENOTEMPTY
from fcntl import LOCK_EX
from os import O_CREAT, O_EXCL, environ, rename
from os.path import exists
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_SYSCALL
from userland.python import thread

OUTSIDE = Path("/tmp/made-outside")
MODULE_LOCK = threading.Lock()


class Worker(threading.Thread):
    """Derived from the host's Thread as this module is imported."""

    def run(self):
        sleep(10)
        self.pid = os.getpid()


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def test_files_are_the_systems(k):
    """open, os, names imported from it, os.path, shutil, glob; nothing is on the host."""
    with k.patch() as p:
        _write("/tmp/a", "text")
        rename("/tmp/a", "/tmp/b")
        shutil.copytree("/etc", "/tmp/etc")
        assert exists("/tmp/b")
        assert os.listdir("/tmp") == ["b", "etc"]
        assert glob.glob("/tmp/b*") == ["/tmp/b"]
        assert open("/tmp/b").read() == "text"
    assert p.result.files["/tmp/b"].text == "text"
    assert not os.path.exists("/tmp/etc/master.passwd")


def test_paths_made_outside(k):
    """pathlib is the host's, its calls are the process's."""
    with k.patch():
        OUTSIDE.mkdir()
        (OUTSIDE / "f").write_text("x")
        (OUTSIDE / "g").touch()
        assert sorted(path.name for path in OUTSIDE.iterdir()) == ["f", "g"]
        assert isinstance(Path.cwd(), Path)
        (OUTSIDE / "loop").symlink_to("loop")
        assert not (OUTSIDE / "loop").exists()
    assert not OUTSIDE.exists()


def test_the_rest_of_the_standard_library(k, caplog):
    """What is left as the host's opens the process's files: configparser, logging."""
    with k.patch():
        _write("/tmp/ini", "[a]\nb = c\n")
        parser = configparser.ConfigParser()
        assert parser.read("/tmp/ini") == ["/tmp/ini"]
        handler = logging.FileHandler("/tmp/log")
        logger = logging.getLogger("patched")
        logger.addHandler(handler)
        logger.warning("said")
        logger.removeHandler(handler)
        handler.close()
    assert k.files()["/tmp/log"].text == "said\n"
    assert caplog.records[0].created == pytest.approx(k.time(), abs=1)


def test_numbers_are_the_systems(k):
    """errno, flags and signals have other numbers than on Linux, and names keep their meaning."""
    outside = ENOTEMPTY
    with k.patch():
        os.mkdir("/tmp/d")
        _write("/tmp/d/f", "")
        with pytest.raises(OSError, match="not empty") as caught:
            os.rmdir("/tmp/d")
        assert caught.value.errno == errno.ENOTEMPTY == ENOTEMPTY == 66
        assert (O_CREAT, O_EXCL, LOCK_EX) == (0x200, 0x800, 2)
        os.close(os.open("/tmp/new", O_CREAT | O_EXCL))
        seen = []
        signal.signal(signal.SIGUSR1, lambda signo, frame: seen.append(signo))
        os.kill(os.getpid(), signal.SIGUSR1)
        assert seen == [30]
    assert outside == ENOTEMPTY
    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL


def test_time_is_virtual(k):
    """A day takes no time; datetimes of outside and inside mix."""
    before, begun = time.monotonic(), datetime.datetime(2003, 8, 7, tzinfo=datetime.UTC)
    with k.patch() as p:
        sleep(86400)
        now = datetime.datetime.now(datetime.UTC)
        assert (now - begun).days == 1
        assert isinstance(begun, datetime.datetime)
        assert datetime.date.today() == datetime.date(2003, 8, 8)
        assert datetime.datetime.now().year == time.localtime().tm_year == 2003
    assert p.result.seconds == pytest.approx(86400, abs=1)
    assert time.monotonic() - before < 60
    assert datetime.datetime.now().year > 2003


def test_threads_locks_and_queues(k):
    """Whether threads were derived before, named before or locked before."""
    with k.patch() as p:
        box = queue.Queue()
        worker, other = Worker(), Thread(target=lambda: box.put(threading.current_thread().name))
        with MODULE_LOCK:
            worker.start()
            other.start()
            assert box.get(timeout=100) == other.name
        worker.join()
        other.join()
        assert worker.pid == os.getpid() == p.pid
    assert Worker.__mro__[1] is Thread is threading.Thread
    assert threading.active_count() == 1


def test_programs_and_sockets(k):
    """subprocess runs the system's programs; sockets are its own."""
    with k.patch():
        done = subprocess.run(["echo", "hello"], capture_output=True, text=True, check=True)
        assert done.stdout == "hello\n"
        with socket.create_server(("127.0.0.1", 0)) as server:
            client = socket.create_connection(server.getsockname())
            client.sendall(b"ping")
            assert server.accept()[0].recv(10) == b"ping"
            client.close()


def test_output_environment_and_identity(k):
    """print and sys.stdout go to the console; the environment and the ids are the process's."""
    home = environ.get("HOME")
    with k.patch(uid=1000, env={"WHO": "me"}, argv=["prog", "-x"]) as p:
        print("printed")
        sys.stdout.write("written\n")
        print("error", file=sys.stderr)
        assert (os.getuid(), os.environ["HOME"], environ["WHO"]) == (1000, "/home/user", "me")
        assert os.getenv("WHO") == "me"
        assert sys.argv == ["prog", "-x"]
        assert sys.modules[__name__].test_time_is_virtual
        assert Path.home() == Path("/home/user")
        with pytest.raises(PermissionError):
            _write("/etc/passwd", "")
    assert (p.result.stdout, p.result.stderr) == (b"printed\nwritten\n", b"error\n")
    assert environ.get("HOME") == home == os.environ.get("HOME")


def test_imports_in_the_block(k):
    """Modules of the host's are imported from the host; what they mean is the process's."""
    with k.patch():
        import plistlib
        import sched
        import tempfile
        from uuid import uuid4

        assert tempfile.mkdtemp().startswith("/tmp/")
        assert uuid4() != uuid4()
        assert plistlib.loads(plistlib.dumps({"a": 1})) == {"a": 1}
        done = []
        scheduler = sched.scheduler(time.time, time.sleep)
        scheduler.enter(1000, 1, done.append, (1,))
        scheduler.run()
        assert done == [1]
    assert plistlib.__name__ == "plistlib"


def test_chance_is_the_seeds():
    """One seed, one world."""

    def draw():
        return random.random(), os.urandom(4)

    results = []
    for seed in (1, 1, 2):
        with api.boot(seed=seed) as k:
            results.append(k.call(draw))
    assert results[0] == results[1] != results[2]


def test_call_gives_the_value_and_raises_what_is_raised(k):
    """Objects pass as they are; exceptions are the same classes."""
    box = []
    assert k.call(lambda x: box.append(os.getpid()) or x, box) is box
    with pytest.raises(FileNotFoundError) as caught:
        k.call(open, "/nothing")
    assert caught.value.filename == "/nothing"
    with pytest.raises(SystemExit):
        k.call(sys.exit, 3)
    assert len(box) == 1


def test_the_process_ends_with_the_block(k):
    """As a program ends: buffers are written, atexit's functions run, the descriptors are closed."""
    with k.patch() as p:
        import atexit

        atexit.register(print, "bye")
        file = open("/tmp/f", "w")
        file.write("unflushed")
        assert p.process.alive
    assert not p.process.alive
    assert p.result.stdout == b"bye\n"
    assert p.result.files["/tmp/f"].text == "unflushed"
    assert (p.result.status, p.result.left, k.left()) == (0, [], [])


def test_the_end_before_the_end(k):
    """Who is killed or leaves in the block: the rest of it has not run, and that is no success."""
    with pytest.raises(api.ProcessGone, match="killed by SIGTERM"), k.patch():
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError
    with pytest.raises(api.ProcessGone, match="with status 3"), k.patch() as p:
        os._exit(3)
    assert p.result.status == 3


def test_a_block_of_its_own_for_each(k):
    """A second one is refused, and no other thread is blamed for it from then on."""
    patch = k.patch()
    with patch:
        pass
    with pytest.raises(RuntimeError, match="for one block"), patch:
        raise AssertionError
    killed = k.patch()
    k.root().kill(killed.pid, signal.SIGKILL)
    with pytest.raises(api.ProcessGone, match="killed by SIGKILL"), killed:
        os.getpid()
        raise AssertionError
    with k.patch(argv=["\udcff"], env={"A": "\udcfe"}):
        assert (sys.argv, environ["A"]) == (["\udcff"], "\udcfe")


def test_a_deadlock(k):
    """Waiting for what can never come is told; what cleans up on the way can make calls."""
    with pytest.raises(api.Deadlock, match="pipe"), k.patch() as p:
        r, _w = os.pipe()
        try:
            os.read(r, 1)
        finally:
            os.mkdir("/tmp/cleaned")
    assert p.result.changes.added == ["/tmp/cleaned"]
    with k.patch():
        assert os.path.isdir("/tmp/cleaned")


def test_a_crash(k):
    """Reboot at the end of the block; the files are as they were."""
    k.crash_at("rename")
    with pytest.raises(api.Reboot), k.patch() as p:
        _write("/tmp/a", "x")
        try:
            rename("/tmp/a", "/tmp/b")
        finally:
            os.unlink("/tmp/a")
    assert p.result.crashed
    assert p.result.changes.added == ["/tmp/a"]


def test_faults_count_from_the_first_line(k):
    """What the process does to come to be is not counted."""
    k.inject("open:error=EMFILE:when=1")
    with k.patch():
        with pytest.raises(OSError, match="Too many open files"):
            open("/etc/passwd")
        open("/etc/passwd").close()


def test_the_trace(k):
    """As a program's."""
    with k.patch(ktrace=True) as p:
        os.mkdir("/tmp/d")
    assert p.result.calls["mkdir"] == 1
    assert 'NAMI  "/tmp/d"' in p.result.kdump()
    assert KTR_SYSCALL in {record.type for record in p.result.records()}
    assert p.result.kdump(1).endswith("CALL  exit(0)")


def test_other_processes_run_meanwhile(k):
    """Who was there before goes on when the block waits."""
    other = k.root()
    other.mkfifo("/tmp/fifo", 0o600)
    other.begin("open", "/tmp/fifo", 0)
    with k.patch(), open("/tmp/fifo", "w") as fifo:
        fifo.write("late")
    assert other.read(other.finish(), 10) == b"late"


def test_others_are_driven_from_the_block(k, tmp_path):
    """Programs are run, other processes make calls, time passes: the process sleeps meanwhile."""
    program = tmp_path / "p.py"
    program.write_text("import time; time.sleep(5); print(open('/tmp/f').read())")
    with k.patch() as p:
        _write("/tmp/f", "text")
        assert k.root().stat("/tmp/f").st_size == 4
        assert k.run(program).stdout == b"text\n"
        k.advance(100)
        other = k.root().fork()
        other.begin("nanosleep", 3)
        assert other.finish() is None
        r, _ = k.root().pipe()
        with pytest.raises(api.Deadlock, match="host"):
            k.root().read(r, 1)
        os.unlink("/tmp/f")
    assert p.result.seconds == pytest.approx(108, abs=0.5)


def test_who_speaks(k, monkeypatch):
    """What of the standard library prints or reads the command line does so inside."""
    parser = argparse.ArgumentParser(prog="prog")
    parser.add_argument("-x", type=int)
    with k.patch(argv=["prog", "-x", "5"]) as p:
        assert parser.parse_args().x == 5
        with contextlib.redirect_stdout(io.StringIO()) as text:
            print("captured")
        assert text.getvalue() == "captured\n"
        with monkeypatch.context() as inside:
            inside.setenv("A", "b")
            inside.chdir("/tmp")
            assert (os.environ["A"], os.getcwd()) == ("b", "/tmp")
        assert "A" not in os.environ
        with pytest.raises(SystemExit):
            parser.error("wrong")
    assert b"prog: error: wrong" in p.result.stderr


def test_a_fork_that_fails_leaves_no_lock(k):
    """What was to run after it in the parent has run."""
    with k.patch():
        done = []
        os.register_at_fork(before=lambda: done.append(1), after_in_parent=lambda: done.append(2))
        with pytest.raises(OSError, match="supported"):
            os.fork()
        assert done == [1, 2]


def test_input(k):
    """The console has what the block reads."""
    with k.patch(stdin=b"one\ntwo\n"):
        assert input() == "one"
        assert sys.stdin.read() == "two\n"


def test_what_cannot_be_is_refused(k):
    """fork would need the test twice; a second stack there is not."""
    with k.patch():
        for fork in (os.fork, os.forkpty):
            with pytest.raises(
                OSError, match=r"supported: .*; subprocess, os\.posix_spawn"
            ) as caught:
                fork()
            assert caught.value.errno == Errno.ENOTSUP
        with pytest.raises(RuntimeError, match="there is one stack"), k.patch():
            pass


def _captured(sleep=time.sleep):
    sleep(0.001)


def test_what_reaches_the_host_is_refused(k):
    """Functions taken before the block that no name leads to, extension modules."""
    import sqlite3

    host_thread, raw = threading.Thread, [io.FileIO]
    with k.patch():
        with pytest.raises(RuntimeError, match="would reach the host"):
            raw[0]("/etc/passwd")
        with pytest.raises(RuntimeError, match=r"sqlite3\.connect"):
            sqlite3.connect("/tmp/db")
        with pytest.raises(RuntimeError, match="_thread"):
            host_thread(target=print).start()
        if sys.version_info >= (3, 13):
            with pytest.raises(RuntimeError, match=r"time\.sleep"):
                _captured()
    raw[0]("/etc/passwd").close()
    _captured()


def test_who_would_reach_the_host_is_named(k):
    """The line, and the locals that were taken too soon: mostly an import in the test's function."""
    import socket

    sleep = time.sleep
    with k.patch():
        with pytest.raises(
            RuntimeError, match=r"test_patch\.py:\d+: the local socket, sleep in test_"
        ):
            socket.create_connection(("127.0.0.1", 1))
        socket = None
        if sys.version_info >= (3, 13):
            with pytest.raises(RuntimeError, match=r"the local sleep in test_who_"):
                sleep(1)


def test_everything_is_put_back(k):
    """Names of this module and of the host's."""
    module = sys.modules[__name__]
    before = {**vars(module)}, os.open, time.sleep, __builtins__["open"], os.environ, io.open
    with k.patch():
        assert vars(module) != before[0]
    assert vars(module) == before[0]
    assert before[1:] == (os.open, time.sleep, __builtins__["open"], os.environ, io.open)
    assert type(os.open) is type(len)


def test_the_systems_own_module_of_threads_keeps_its_class_of_locks(k):
    """A module has imported that of the host's _thread: what is put back there is not put here."""
    for _ in range(2):
        with k.patch():
            pass
        assert thread.LockType is thread.lock is not LockType
