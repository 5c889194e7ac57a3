# SPDX-License-Identifier: BSD-2-Clause
"""What the options of every command take, and what they refuse."""

import argparse

import pytest

from kernel.cli import run
from kernel.cli.options import (
    ABIS,
    Options,
    add_boot_options,
    fault,
    inject,
    mount,
    offer,
    size,
    tampering,
    user,
    variable,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("4096", 4096), ("64k", 65536), ("16M", 16 << 20), ("1g", 1 << 30)],
)
def test_sizes(text, value):
    """Bytes, with a unit if wanted."""
    assert size(text) == value


@pytest.mark.parametrize("text", ["", "k", "1x", "one", "-1", "-1k"])
def test_no_sizes(text):
    """argparse says which option it was."""
    with pytest.raises(argparse.ArgumentTypeError, match=r"is no number from 0 on"):
        size(text)


@pytest.mark.parametrize(
    "option",
    [
        "--preempt-every",
        "--fs-size",
        "--fs-nodes",
        "--maxproc",
        "--maxfiles",
        "--nofile",
        "--nproc",
    ],
)
def test_no_negative_numbers(option, capsys):
    """Each is refused where it is read."""
    with pytest.raises(SystemExit) as ended:
        run.read([option, "-7", "prog.py"])
    assert ended.value.code == 2
    assert f"argument {option}: '-7' is no number from 0 on" in capsys.readouterr().err


def test_users_are_names_or_numbers():
    """Of /etc/passwd."""
    assert (user("root"), user("user"), user("77")) == (0, 1000, 77)
    with pytest.raises(argparse.ArgumentTypeError):
        user("-1")


def test_mounts():
    """HOST:GUEST[:ro]; the host's path may have colons."""
    assert mount("/a:b:/mnt:ro") == ("/a:b", b"/mnt", True)
    assert mount(".:/mnt:rw") == (".", b"/mnt", False)
    assert mount(".:/\udcff") == (".", b"/\xff", False)
    for text in ("/a", ":/mnt", "/a:mnt", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            mount(text)


def test_offers():
    """NAME=HOST[:ro]; the host's path may have more of both signs."""
    assert offer("data=/a:b=c:ro") == (b"data", "/a:b=c", True)
    assert offer("data=.") == (b"data", ".", False)
    for text in ("data", "=/a", "data=", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            offer(text)


def test_variables():
    """NAME=VALUE; the value may be empty or have more of them."""
    assert variable("A=b=c") == ("A", "b=c")
    for text in ("A", "=b"):
        with pytest.raises(argparse.ArgumentTypeError):
            variable(text)


def test_what_nothing_is_said_about():
    """Root, virtual time, round robin, amd64."""
    parser = argparse.ArgumentParser()
    add_boot_options(parser)
    options = parser.parse_args([])
    assert (options.user, options.clock, options.seed, options.abi) == (0, "virtual", None, "amd64")
    assert options.abi in ABIS


def test_injections():
    """Checked as they are read: what is wrong is one line."""
    assert inject("open:error=ENOSPC:when=3") == ("open:error=ENOSPC:when=3", False)
    assert fault("open") == ("open", True)
    assert tampering("inject=open:retval=3") == ("open:retval=3", False)
    assert tampering("fault=open:when=2") == ("open:when=2", True)
    for wrong in ("trace=open", "open:error=EIO", "fault=open:retval=1"):
        with pytest.raises(argparse.ArgumentTypeError):
            tampering(wrong)
    with pytest.raises(argparse.ArgumentTypeError, match="no system call 'opne'"):
        inject("opne:error=EIO")


def test_options_that_are_not_given_are_as_argparse_has_them():
    """Whoever is told them: a choice, a flag, several of one name, names with and without dashes."""
    told = []
    for parser in (argparse.ArgumentParser(add_help=False), Options()):
        group = parser.add_argument_group("one")
        group.add_argument("-q", "--to-be-quiet", action="store_true")
        group.add_argument("--number", "-n", type=int, choices=(1, 2), default=2)
        group.add_argument("-x", "-y")
        group.add_argument("--all", action="append", default=[], dest="some", metavar="ONE")
        parser.add_argument("-e", action="append", dest="some")
        told.append(parser)
    parser, options = told
    assert vars(parser.parse_args([])) == vars(options)


@pytest.mark.parametrize(
    "argv",
    [
        ["prog.py"],
        ["prog.py", "one", "--seed", "3", "-c", "pass"],
        ["prog.py", "--", "-x"],
        ["", "one"],
        ["-"],
        [],
        ["--seed", "3", "prog.py", "--alone"],
        ["-c", "pass", "--seed", "3"],
    ],
)
def test_a_program_first_is_read_as_argparse_reads_it(argv):
    """Its arguments are its own, whatever they look like."""
    assert vars(run.read(argv)) == vars(run.parser().parse_args(argv))
