# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 2."""

from stat import S_IMODE

from kernel.grade import test

BYTES = bytes(range(256))  # no text in any encoding that has errors
SLOWLY = """\
import os, sys, time
os.mkfifo("fifo")
if os.fork() == 0:
    with open("fifo", "wb", 0) as fifo:
        for piece in (b"one ", b"two ", b"three\\n"):
            fifo.write(piece)
            time.sleep(1)
    os._exit(0)
os.execv(sys.argv[1], sys.argv[1:])
"""
LIST_FDS = """\
import os
for fd in range(20):
    try:
        os.fstat(fd)
    except OSError:
        continue
    print(fd)
"""


def mine(lab, *args, **options):
    """Run a program, which is not to have another one do its work."""
    result = lab.run(*args, **options)
    assert result.trace.calls("execve,posix_spawn") == 1, "another program did the work"
    return result


def takes_one_byte(lab):
    """Say of two writes that a byte was taken, which is gone; not of those to stderr."""
    lab.inject("write:retval=1:when=1..2", predicate=lambda call: call.args[0] != 2)


def tells(result, name):
    """Check that a program has told what is wrong with a file."""
    assert name in result.stderr, "stderr does not say which file it was"
    crashed = b"Traceback" in result.stderr
    assert not crashed, "that is a traceback, no message: catch OSError"


@test(points=2, hint="Open the source for reading, the target with O_WRONLY | O_CREAT, and copy.")
def copies_a_file(lab):
    """mycopy.py copies a file."""
    lab.write("notes", "three\nshort\nlines\n")
    mine(lab, "mycopy.py", "notes", "copy")
    assert lab.read("copy") == b"three\nshort\nlines\n", "the copy is not the same"


@test(
    points=1,
    hint="os.open's third argument is the mode of a file that it makes; without one anybody may"
    " execute it.",
)
def makes_plain_files(lab):
    """The files that are made have mode 0644."""
    lab.write("a", "one\n")
    mine(lab, "mycopy.py", "a", "copy")
    lab.run("redirect.py", "a", "out", "/bin/cat", status=None)
    files = lab.system.files()
    for name in "copy", "out":
        assert lab.exists(name), f"the file {name} does not exist"
        mode = oct(S_IMODE(files[f"/home/user/{name}"].mode))
        assert mode == "0o644", f"{name} has another mode"


@test(
    points=2,
    hint="os.read gives at most as many bytes as you asked for: ask again until it gives b''.",
)
def copies_a_long_file(lab):
    """mycopy.py copies a file that takes many reads."""
    data = b"0123456789abcdef" * 20_000
    lab.write("long", data)
    mine(lab, "mycopy.py", "long", "copy")
    assert len(lab.read("copy")) == len(data), "the copy has not the source's length"
    assert lab.read("copy") == data, "the copy has the right length but other bytes"


@test(points=1, hint="A file is bytes: os.read and os.write take them as they are.")
def copies_any_bytes(lab):
    """mycopy.py copies bytes that are no text."""
    lab.write("picture", BYTES)
    mine(lab, "mycopy.py", "picture", "copy")
    copy = lab.read("copy")
    assert len(copy) >= len(BYTES), "bytes are missing at the copy's end: read until b'' comes"
    assert copy == BYTES, "the bytes of the copy are others: nothing is to decode them"


@test(points=1, hint="What was in the target stays there unless you open it with O_TRUNC.")
def replaces_a_longer_file(lab):
    """mycopy.py replaces a target that was longer."""
    lab.write("new", "new\n")
    lab.write("old", "this is much longer\n")
    mine(lab, "mycopy.py", "new", "old")
    assert lab.read("old") == b"new\n", "something of the old target is left"


@test(
    points=2,
    hint="If the source cannot be opened, say so on stderr, exit with 1, and make no target:"
    " open the source first.",
)
def a_missing_source_leaves_no_target(lab):
    """mycopy.py without a source fails and changes nothing."""
    tells(mine(lab, "mycopy.py", "nothere", "copy", status=1), b"nothere")
    assert not lab.exists("copy"), "there is a target although there was no source"
    lab.write("secret", "not for you\n", 0)
    tells(mine(lab, "mycopy.py", "secret", "copy", status=1), b"secret")
    assert not lab.exists("copy"), "there is a target although the source could not be opened"


@test(points=1, hint="os.open raises OSError for the target, too: say so, and exit with 1.")
def a_target_that_cannot_be_made(lab):
    """mycopy.py says so if the target cannot be opened."""
    lab.write("a", "one\n")
    tells(mine(lab, "mycopy.py", "a", "nothere/copy", status=1), b"nothere/copy")


@test(
    points=1,
    hint="os.write may take less than you gave it: look at what os.write returns, and go on with"
    " the rest.",
)
def copy_finishes_a_short_write(lab):
    """mycopy.py goes on when writes take only the first byte."""
    lab.write("a", "0123456789\n")
    takes_one_byte(lab)
    mine(lab, "mycopy.py", "a", "copy")
    assert lab.read("copy") == b"23456789\n", (
        "after the bytes that were taken the rest did not come"
    )


@test(points=1, hint="Each file in the order of the arguments, and nothing between them.")
def cat_concatenates(lab):
    """mycat.py prints its files, one after the other."""
    lab.write("a", "one\n")
    lab.write("b", "two\n")
    result = mine(lab, "mycat.py", "a", "b", "a")
    assert result.stdout == b"one\ntwo\none\n"
    lab.write("c", BYTES + b"\r\n")
    assert mine(lab, "mycat.py", "c").stdout == BYTES + b"\r\n", "bytes are printed as they are"


@test(points=1, hint="Descriptor 0 is open already: read it if there is no argument, or for -.")
def cat_reads_its_input(lab):
    """mycat.py reads the standard input without arguments, and for -."""
    assert mine(lab, "mycat.py", stdin="typed\n").stdout == b"typed\n"
    lab.write("a", "one\n")
    assert mine(lab, "mycat.py", "a", "-", "a", stdin="typed\n").stdout == b"one\ntyped\none\n"
    twice = mine(lab, "mycat.py", "-", "a", "-", stdin="typed\n").stdout
    assert twice == b"typed\none\n", "at its end the input gives b'', also if asked once more"


@test(
    points=2,
    hint="A file that cannot be opened is no reason to stop: say so on stderr, go on with the next"
    " file, and exit with 1 at the end.",
)
def cat_goes_on_after_an_error(lab):
    """mycat.py goes on after a file that is not there."""
    lab.write("a", "one\n")
    lab.write("b", "two\n")
    result = mine(lab, "mycat.py", "a", "nothere", "b", status=1)
    assert result.stdout == b"one\ntwo\n", "not all files that are there were printed"
    tells(result, b"nothere")
    assert b"No such file" in result.stderr, "stderr does not say why: OSError has it, strerror"
    lab.write("secret", "not for you\n", 0)
    result = mine(lab, "mycat.py", "a", "secret", "b", status=1)
    assert b"Permission denied" in result.stderr, (
        "stderr does not say why: OSError has it, strerror"
    )
    assert result.stdout == b"one\ntwo\n", "not all files that may be read were printed"
    tells(result, b"secret")


@test(
    points=2,
    hint="A process has a table of 128 descriptors here: os.close each one when you are done.",
)
def cat_closes_what_it_opens(lab):
    """mycat.py prints two hundred files."""
    names = [f"f{number}" for number in range(200)]
    for name in names:
        lab.write(name, f"{name}\n")
    result = mine(lab, "mycat.py", *names)
    assert result.stdout.decode().split() == names


@test(
    points=2,
    hint="os.write may take less than you gave it: look at what os.write returns, and go on with"
    " the rest.",
)
def cat_finishes_a_short_write(lab):
    """mycat.py goes on when writes take only the first byte."""
    lab.write("a", "0123456789\n")
    takes_one_byte(lab)
    result = mine(lab, "mycat.py", "a")
    assert result.stdout == b"23456789\n", "after the bytes that were taken the rest did not come"


@test(
    points=1,
    hint="A read gives what is there, which may be less than you asked for although more is to"
    " come: only b'' is the end. After it do not read again: a FIFO tells its end once, and then"
    " waits for another writer.",
)
def waits_for_the_end(lab):
    """mycopy.py and mycat.py read to the end of a file that comes in pieces, a FIFO."""
    lab.write("slowly.py", SLOWLY, 0o755)
    for program in ("mycopy.py", "mycat.py"):
        assert lab.exists(program), f"{program} was not handed in"
    lab.run("slowly.py", "./mycopy.py", "fifo", "copy")
    assert lab.read("copy") == b"one two three\n", "mycopy.py has not copied it all"
    lab.run("/bin/rm", "fifo")
    shown = lab.run("slowly.py", "./mycat.py", "fifo").stdout
    assert shown == b"one two three\n", "mycat.py has not printed it all"


@test(
    points=2,
    hint="os.dup2(fd, 0) makes descriptor 0 another name of what fd is; then os.execv. What os.open"
    " gives is closed by exec, what dup2 makes is not.",
)
def redirects(lab):
    """redirect.py runs a command with its input and output in files."""
    lab.write("in", "b\na\nc\n")
    lab.write("out", "there was more in it before\n")
    result = lab.run("redirect.py", "in", "out", "/usr/bin/sort", "-r")
    assert lab.read("out") == b"c\nb\na\n"
    others = result.trace.calls("fork,vfork,__clone,posix_spawn")
    assert not others, "redirect.py is to become the command, not to start another process"
    lab.run("redirect.py", "in", "out", "/bin/echo", "two  words", "", "*")
    assert lab.read("out") == b"two  words  *\n", (
        "the command got other arguments: execv has a list"
    )
    result = lab.run("redirect.py", "in", "out", "/bin/sh", "-c", "echo told >&2")
    assert result.stderr == b"told\n", "descriptor 2 is to stay what it was"
    lab.write("rules", "to be read only\n", 0o444)
    lab.run("redirect.py", "rules", "out", "/bin/cat")
    assert lab.read("out") == b"to be read only\n", "IN is only to be read: open it so"


@test(points=2, hint="Of what redirect.py opens only 0 and 1 are the command's to see.")
def descriptor_table_is_clean(lab):
    """The command of redirect.py has descriptors 0, 1 and 2 and no other."""
    lab.write("in", "")
    lab.write("list_fds.py", LIST_FDS, 0o755)
    lab.run("redirect.py", "in", "out", "/home/user/list_fds.py")
    assert lab.read("out").split() == [b"0", b"1", b"2"], "the command has other descriptors"


@test(points=1, hint="Without its files the command is not to run: say why, and exit with 1.")
def redirect_needs_its_files(lab):
    """redirect.py does not run the command if a file cannot be opened."""
    result = lab.run("redirect.py", "nothere", "out", "/usr/bin/touch", "ran", status=1)
    tells(result, b"nothere")
    assert not lab.exists("ran"), "the command ran all the same"
    lab.write("in", "")
    lab.write("secret", "not for you\n", 0)
    result = lab.run("redirect.py", "secret", "out", "/usr/bin/touch", "ran", status=1)
    tells(result, b"secret")
    result = lab.run("redirect.py", "in", "no/out", "/usr/bin/touch", "ran", status=1)
    tells(result, b"no/out")
    assert not lab.exists("ran"), "the command ran all the same"


@test(points=1, hidden=True)
def copies_an_empty_file(lab):
    """mycopy.py copies an empty file."""
    lab.write("empty", "")
    mine(lab, "mycopy.py", "empty", "copy")
    assert lab.read("copy") == b""
