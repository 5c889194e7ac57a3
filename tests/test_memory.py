# SPDX-License-Identifier: BSD-2-Clause
"""A system that has been shut down leaves nothing in memory."""

import gc

import pytest

from kernel import api
from kernel.sys.kernel import Kernel

SLEEPERS = """\
import os, threading, time
if os.fork() == 0:
    time.sleep(1000)
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
open("file", "w").close()
os.waitpid(-1, os.WNOHANG)
"""
WAITS = "import signal\nsignal.pause()\n"


@pytest.fixture
def program(tmp_path):
    """Write a program; return its path."""

    def write(source):
        path = tmp_path / "prog.py"
        path.write_text(source)
        return path

    return write


def run(k, program):
    k.run(program(SLEEPERS), ktrace=True)


def crash(k, program):
    k.crash_at("open")
    assert k.run(program(SLEEPERS)).crashed


def block(k, _program):
    with k.patch():
        open("/tmp/x", "w").close()


def deadlock(k, program):
    with pytest.raises(api.Deadlock):
        k.run(program(WAITS))


def driven(k, _program):
    k.root().fork().begin("pause")


@pytest.mark.parametrize("use", [run, crash, block, deadlock, driven])
def test_nothing_is_left(program, use):
    """No kernel, whatever its processes were at: stacks that nobody goes on with are unwound."""
    gc.collect()
    before = {id(one) for one in gc.get_objects() if type(one) is Kernel}
    with api.boot() as k:
        use(k, program)
    del k
    gc.collect()
    assert [one for one in gc.get_objects() if type(one) is Kernel and id(one) not in before] == []
