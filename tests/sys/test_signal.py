# SPDX-License-Identifier: BSD-2-Clause
"""Signals against NetBSD's own."""

from pathlib import Path

import pytest

import kernel.sys.signal as sig

TABLE = Path(__file__).parent.parent / "data" / "tables" / "signals_netbsd.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(("number", "name"), ROWS)
def test_each_signal_is_netbsds(number: str, name: str) -> None:
    """Numbers and names are those of NetBSD's signal.h."""
    assert sig.sys_signame[int(number)] == name
    if 0 < int(number) <= sig.SIGPWR:
        assert getattr(sig, f"SIG{name}") == int(number)


def test_the_tables_have_a_place_for_each_signal() -> None:
    """Names, texts and properties are indexed by number, up to NSIG."""
    assert len(sig.sys_signame) == len(sig.sys_siglist) == len(sig.sigprop) == sig.NSIG


def test_only_kill_and_stop_cannot_be_masked() -> None:
    """sigcantmask is SIGKILL and SIGSTOP."""
    assert sig.sigcantmask == sig.sigset(sig.SIGKILL, sig.SIGSTOP)


def test_what_stops_and_what_continues() -> None:
    """Four signals stop a process, one continues it."""
    assert sig.stopsigmask == sig.sigset(sig.SIGSTOP, sig.SIGTSTP, sig.SIGTTIN, sig.SIGTTOU)
    assert sig.contsigmask == sig.sigmask(sig.SIGCONT)


def test_what_is_ignored_by_default() -> None:
    """The signals that nobody dies of."""
    ignored = [n for n in range(sig.NSIG) if sig.sigprop[n] & sig.SA_IGNORE]
    assert [sig.sys_signame[n] for n in ignored] == [
        "URG", "CONT", "CHLD", "IO", "WINCH", "INFO", "PWR",
    ]  # fmt: skip


def test_sets_of_signals() -> None:
    """Bit n - 1 is signal n; the first signal is the lowest."""
    mask = sig.sigset(sig.SIGTERM, sig.SIGINT)
    assert sig.sigismember(mask, sig.SIGINT)
    assert not sig.sigismember(mask, sig.SIGHUP)
    assert (sig.sigfirst(mask), sig.sigfirst(0)) == (sig.SIGINT, 0)


def test_a_sigset_survives_user_memory() -> None:
    """sigset_t has 128 bits, of which those past NSIG are dropped."""
    data = sig.pack_sigset(sig.SIGSET_FULL)
    assert len(data) == 16
    assert sig.unpack_sigset(data) == sig.SIGSET_FULL
    assert sig.unpack_sigset(b"\xff" * 16) == sig.SIGSET_FULL


def test_a_sigaction_survives_user_memory() -> None:
    """What is packed comes back."""
    action = (0x400010, sig.sigmask(sig.SIGINT), sig.SA_RESTART)
    data = sig.pack_sigaction(*action)
    assert len(data) == sig.SIZEOF_SIGACTION == 32
    assert sig.unpack_sigaction(data) == action


def test_the_members_of_a_set() -> None:
    """sigset and sigmembers undo each other; the lowest signal comes first."""
    signos = [sig.SIGHUP, sig.SIGKILL, sig.SIGCHLD, sig.NSIG - 1]
    assert list(sig.sigmembers(sig.sigset(*reversed(signos)))) == signos
    assert list(sig.sigmembers(sig.SIGSET_FULL)) == list(range(1, sig.NSIG))
    assert not list(sig.sigmembers(0))
