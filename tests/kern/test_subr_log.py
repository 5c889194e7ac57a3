# SPDX-License-Identifier: BSD-2-Clause
"""The message buffer, and panics."""

import pytest

from kernel import api
from kernel.kern.subr_log import Panic, log, panic, proc_states


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
