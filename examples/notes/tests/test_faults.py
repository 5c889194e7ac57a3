# SPDX-License-Identifier: BSD-2-Clause
"""What notes does when calls fail: strace's words say which do."""

import errno
import os
from pathlib import Path

import pytest
from notes import add, load, save

NOTE = Path("/home/user/note")


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_the_old_text(kernel, call):
    """And no temporary file."""
    with kernel.patch():
        save(NOTE, "old")
        with kernel.inject(f"{call}:error=ENOSPC:when=1") as fault:
            with pytest.raises(OSError, match="No space left") as caught:
                save(NOTE, "new")
            assert caught.value.errno == errno.ENOSPC
        assert fault.hits == 1
        assert load(NOTE) == "old"
        assert os.listdir(NOTE.parent) == [NOTE.name]
    assert kernel.trace.calls(call).failed("ENOSPC") == 1
    assert kernel.trace.no_leaked_descriptors()


@pytest.mark.kernel(faults=["write:delay_enter=2s"])
def test_a_slow_disk(kernel):
    """Whoever waits for the lock waits no longer than it is patient."""
    with kernel.patch() as p:
        add(NOTE, "text")
    assert 2 <= p.result.seconds < 2.1


def test_only_some_files_fail(kernel):
    """By a glob of their names, or by whatever Python can tell."""
    with kernel.patch():
        with (
            kernel.inject("open:error=EIO", path="/home/user/*"),
            pytest.raises(OSError, match="/output"),
        ):
            save(NOTE, "text")
        save("/tmp/note", "text")
        with kernel.inject("write:error=EFBIG", predicate=lambda call: call.args[2] > 1000):
            save(NOTE, "short")
            with pytest.raises(OSError, match="too large"):
                save(NOTE, "long" * 1000)
        assert load(NOTE) == "short"


def test_an_interrupted_write_goes_on(kernel):
    """A signal in the midst is nobody's error."""
    with kernel.patch():
        with kernel.inject("write:error=EINTR:when=1"):
            save(NOTE, "text")
        assert load(NOTE) == "text"
    assert kernel.trace.in_order(
        kernel.trace.calls("write").failed("EINTR"), kernel.trace.calls("write").succeeded()
    )
