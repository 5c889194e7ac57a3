# SPDX-License-Identifier: BSD-2-Clause
"""Which calls notes makes: what must be so, and golden traces of how it is."""

from pathlib import Path

from notes import add, backup, save

NOTE = Path("/home/user/note")
RANDOM = {r"\.new\w+": ".new*"}  # what mkstemp makes up


def test_the_text_is_on_the_disk_before_it_has_the_name(kernel):
    """And the name is on the disk in the end."""
    with kernel.patch():
        save(NOTE, "text")
    trace = kernel.trace
    assert trace.in_order("open", "write", "fsync", "rename", "fsync")
    assert trace.before(trace.calls("fsync").on("*/.new*"), "rename")
    assert trace.calls("fsync").on("/home/user").after("rename") == 1
    assert trace.calls.on("*/.new*").written == b"text"
    assert not trace.calls("!ioctl").failed()  # isatty asks by it
    assert trace.match(replace=RANDOM)


def test_the_file_is_nobody_elses_business(kernel):
    """It is made so that no link can be in its place, and for its owner only."""
    with kernel.patch():
        save(NOTE, "text")
    made = kernel.trace.calls("open").given(flags="O_CREAT")
    assert made.count == made.given(flags="O_EXCL", mode=0o600).count == 1


def test_the_lock_is_let_go_of(kernel):
    """It is made before anything is read, and removed after all is written."""
    with kernel.patch():
        add(NOTE, "one")
        add(NOTE, "two")
    trace = kernel.trace
    assert trace.calls("open").on("*.lock").given(flags="O_EXCL") == 2
    assert trace.calls("unlink").on("*.lock").succeeded() == 2
    assert trace.no_leaked_descriptors()
    trace.calls("%file").match("add", replace=RANDOM)


def test_a_backup_leaves_nothing_behind(kernel):
    """Another program makes the copy; it is waited for, and no descriptor is left."""
    with kernel.patch():
        save(NOTE, "text")
        backup(NOTE)
    trace = kernel.trace
    assert trace.calls.by("cp").on(f"{NOTE}.*").written == b"text"
    assert not trace.calls("%network")
    assert trace.no_zombies()
    assert trace.no_leaked_descriptors()
    trace.calls("%process,exit").match()
