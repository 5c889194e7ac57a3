# SPDX-License-Identifier: BSD-2-Clause
"""What names mean in a patched block, and after it, in what tests and packages do.  kernel.swap."""

import asyncio
import errno
import importlib
import os
import sqlite3
import sys
import threading
import time
import traceback
from asyncio import current_task, get_running_loop
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

from kernel import api
from userland.python.fileio import FileIO

BUSY_ERRNOS = frozenset({errno.EAGAIN, errno.EWOULDBLOCK})
MODULE = """
import asyncio, errno, os, sys, time
from datetime import datetime
from errno import ENOTEMPTY
from os import getcwd
from os.path import exists
from threading import Condition, Event, Lock, RLock, Thread, current_thread, local
from time import time as now

LOCK, RLOCK, EVENT, CONDITION, LOCAL = Lock(), RLock(), Event(), Condition(), local()
QUEUE = asyncio.Queue

class Worker(Thread):
    def run(self):
        self.found = getcwd(), exists("/home/user")
"""


class Reluctant:
    """A proxy that has nothing to stand for, and says so to whoever asks."""

    @property
    def __class__(self):
        raise RuntimeError("nothing is bound")


class Own(threading.local):
    """What each thread has its own of."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def mine(self):
        return len(self.seen)


PROXY = Reluctant()
OWN = Own()
HOST_OS = [os]  # in a list it keeps its meaning


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The name of a module that nobody has imported."""
    (tmp_path / "imported_in_a_block.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield "imported_in_a_block"
    sys.modules.pop("imported_in_a_block", None)


def test_a_module_that_the_block_imports_is_the_hosts_after_it(k, module):
    """It has what it would have if it had been imported before: functions, classes, numbers."""
    with k.patch():
        made = import_module(module)
        assert made.getcwd() == "/root"
        assert made.ENOTEMPTY == made.errno.ENOTEMPTY == 66
        made.LOCAL.here = 1
        worker = made.Worker()
        worker.start()
        worker.join()
        assert worker.found == ("/root", True)
    for name in ("asyncio", "errno", "os", "sys", "time"):
        assert vars(made)[name] is sys.modules[name], name
    assert (made.ENOTEMPTY, made.datetime) == (errno.ENOTEMPTY, type(k.call(made.datetime.now)))
    assert (made.now, made.getcwd, made.exists) == (time.time, os.getcwd, os.path.exists)
    assert (made.Worker.__bases__, made.QUEUE) == ((threading.Thread,), asyncio.Queue)
    ours = [made.LOCK, made.RLOCK, made.EVENT, made.CONDITION, made.LOCAL]
    makers = (
        threading.Lock,
        threading.RLock,
        threading.Event,
        threading.Condition,
        threading.local,
    )
    assert [type(one) for one in ours] == [type(maker()) for maker in makers]
    with made.LOCK, made.RLOCK:
        worker = made.Worker()
        worker.start()
        worker.join()
    assert worker.found == (os.getcwd(), os.path.exists("/home/user"))


def test_what_is_the_systems_own_stays_so_in_a_test(k, module):
    """This module has the emulated system's class of files: no block makes it the host's."""
    before = FileIO
    with k.patch():
        import_module(module)
        assert FileIO is before
    assert FileIO is before


def test_a_module_may_hold_whatever_does_not_say_what_it_is(k):
    """A proxy without an object is not asked."""
    for _ in range(2):
        with k.patch():
            assert type(PROXY) is Reluctant


def test_classes_of_what_each_thread_has_its_own_of(k):
    """Derived from threading.local as this module was imported; and one that was made then."""
    OWN.seen.append("host")
    with k.patch():
        found = []

        def body():
            OWN.seen.append(1)
            found.append((OWN.seen, Own().seen, isinstance(OWN, Own)))

        threads = [threading.Thread(target=body) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [([1], [], True)] * 2
        assert OWN.seen == []
        assert OWN.mine() == 0
    assert OWN.seen == ["host"]
    assert type(OWN) is Own


def test_extended_attributes_are_not_supported(k):
    """As on a file system of the host's without any: packages have seen that its os has calls."""
    with k.patch():
        names = [name for name in ("getxattr", "setxattr") if hasattr(HOST_OS[0], name)]
        for name in names:
            with pytest.raises(OSError, match="not on this system") as caught:
                getattr(os, name)("/tmp", "user.name", *[b""] * (name == "setxattr"))
            assert caught.value.errno == errno.ENOTSUP


def test_functions_of_c_of_the_running_loop(k):
    """asyncio's are _asyncio's, wherever they were imported from."""

    async def main():
        await asyncio.sleep(1000)
        return get_running_loop() is asyncio.get_running_loop(), current_task().get_name()

    with k.patch():
        assert asyncio.run(main()) == (True, "Task-1")


def test_collections_of_errors(k):
    """Numbers of errors that a module keeps by such a name are the process's."""
    with k.patch():
        assert errno.EAGAIN in BUSY_ERRNOS
        assert len(BUSY_ERRNOS) == 1
    assert errno.EAGAIN in BUSY_ERRNOS


def test_a_database_in_memory(k):
    """It is nobody's file; any other is refused still."""
    with k.patch():
        with sqlite3.connect(":memory:") as database:
            assert database.execute("select 1").fetchall() == [(1,)]
        database.close()
        with pytest.raises(RuntimeError, match="would reach the host"):
            sqlite3.connect("/tmp/database")


def test_modules_by_their_names(k):
    """import_module() in the block, and mock's and monkeypatch's names, mean the process's modules."""
    with k.patch():
        assert import_module("os.path") is importlib.import_module("posixpath") is os.path
        assert import_module("json").__name__ == "json"
        with pytest.MonkeyPatch.context() as patch, mock.patch("time.sleep") as sleep:
            patch.setattr("os.getcwd", lambda: "/there")
            time.sleep(1000)
            assert os.getcwd() == "/there"
        assert sleep.call_args_list == [mock.call(1000)]
        assert os.getcwd() == "/root"
        assert time.time() < k.time() + 1


def test_what_was_put_into_a_module_before_the_block_is_in_it(k):
    """A mock, one with its function's signature, a function of the test's: for the process, too."""
    with (
        mock.patch("os.replace", side_effect=OSError(errno.EIO, "no")) as replace,
        mock.patch("os.rename", autospec=True) as rename,
        mock.patch("builtins.open", mock.mock_open(read_data="mocked")),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(os, "getcwd", lambda: "/there")
        with k.patch():
            with pytest.raises(OSError, match="no"):
                Path("/a").replace("/b")
            os.rename("/a", "/b")
            assert open("/nothing").read() == "mocked"  # noqa: SIM115
            assert os.getcwd() == "/there"
        assert (
            replace.mock_calls.count(mock.call(Path("/a"), "/b")) == 1
        )  # who keeps bytecode calls it, too
        assert rename.call_args_list == [mock.call("/a", "/b")]
    with k.patch():
        assert os.getcwd() == "/root"
        with pytest.raises(FileNotFoundError):
            os.replace("/a", "/b")


def test_a_traceback_is_told_after_the_end(k):
    """With lines of the process's library, which are the host's."""

    async def fails():
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong") as caught, k.patch():
        asyncio.run(fails())
    told = "".join(traceback.format_exception(caught.value))
    assert "return runner.run(main)" in told


def test_one_process_at_a_time(k):
    """Names are turned for the whole interpreter: a second thread is told, and harms nobody."""
    told = []
    started, done = threading.Event(), threading.Event()
    own = SimpleNamespace(started=started, done=done)

    def second():
        with api.boot() as other:
            own.started.wait()
            with suppress(RuntimeError):
                try:
                    other.patch().__enter__()
                except RuntimeError as exc:
                    told.append(str(exc))
                    raise
            own.done.set()

    thread = threading.Thread(target=second)
    thread.start()
    with k.patch():
        own.started.set()
        own.done.wait(60)
        assert os.getcwd() == "/root"
    thread.join()
    assert told == ["patch() beside another thread's: names mean one process's things"]
    with api.boot() as other, other.patch():
        assert os.getcwd() == "/root"
