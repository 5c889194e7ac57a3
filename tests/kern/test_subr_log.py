# SPDX-License-Identifier: BSD-2-Clause
"""The message buffer, and panics."""

import pytest

from kernel import api
from kernel.kern.subr_log import Panic, log, msgbuf_text, panic, proc_states
from kernel.sys.param import MSGBUFSIZE


def test_log_adds_a_line(k):
    """dmesg shows it; a kernel that booted has said nothing."""
    assert k.dmesg() == []
    log(k.kernel, "hello")
    assert k.dmesg() == ["hello"]


def test_a_panic_names_the_states_of_the_processes(k):
    """And the first one is the one that counts."""
    p = k.root()
    child = p.fork()
    child._exit(0)
    with pytest.raises(Panic) as caught:
        panic(k.kernel, "first")
    lines = str(caught.value).splitlines()
    assert lines[0] == "panic: first"
    assert lines[1:] == proc_states(k.kernel)
    assert any(line.startswith(f"pid {child.pid} ZOMB host") for line in lines)
    with pytest.raises(Panic):
        panic(k.kernel, "second")
    assert k.kernel.panicstr == "first"


def test_a_panic_is_no_exception_that_programs_catch(k, tmp_path):
    """`except Exception` in a program does not hide that the kernel broke."""
    program = tmp_path / "p.py"
    program.write_text(
        "from userland.libc import *\ntry:\n    close(99)\nexcept Exception:\n    print('hidden')\n"
    )
    p = k.process()
    k.start(p, program)
    p.proc.p_kernel.rootvnode = None
    p.proc.p_cwdi = None
    with pytest.raises(api.Panic):
        p.finish()


def test_a_panic_tells_what_programs_did_last(k, tmp_path):
    """The last five calls of each program, oldest first, and what the failed ones failed with."""
    program = tmp_path / "p.py"
    program.write_text(
        "from userland.libc import *\nfrom userland.libc.syscall import call\n"
        "r, w = pipe()\ntry:\n    close(99)\nexcept OSError:\n    pass\n"
        "stat('/')\ngetpid()\numask(0)\nread(r, 1)\n"
    )
    p = k.process()
    k.start(p, program)
    with pytest.raises(api.Deadlock) as caught:
        p.finish()
    line = next(line for line in str(caught.value).splitlines() if line.startswith(f"pid {p.pid} "))
    assert line == (
        f"pid {p.pid} ACTIVE p.py [{p.pid}: piperd]"
        " after pipe, close (EBADF), __stat50, getpid, umask"
    )


def test_the_message_buffer_has_a_size(k):
    """What is oldest goes when there is too much."""
    for number in range(3000):
        log(k.kernel, f"{number:05} " + "x" * 50)
    text = msgbuf_text(k.kernel)
    assert len(text) <= MSGBUFSIZE
    assert text.endswith(b"x\n")
    assert not text.startswith(b"00000")
