# SPDX-License-Identifier: BSD-2-Clause
"""Structs of the headers, against the layout that the C ABI gives them."""

import ctypes as c
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sys import dirent, fcntl, ioccom, resource, stat, time, types, wait


class CTimespec(c.Structure):
    _fields_ = (("tv_sec", c.c_int64), ("tv_nsec", c.c_long))


class CTimeval(c.Structure):
    _fields_ = (("tv_sec", c.c_int64), ("tv_usec", c.c_int))


class CStat(c.Structure):
    _fields_ = (
        ("st_dev", c.c_uint64), ("st_mode", c.c_uint32), ("st_ino", c.c_uint64),
        ("st_nlink", c.c_uint32), ("st_uid", c.c_uint32), ("st_gid", c.c_uint32),
        ("st_rdev", c.c_uint64), ("st_atim", CTimespec), ("st_mtim", CTimespec),
        ("st_ctim", CTimespec), ("st_birthtim", CTimespec), ("st_size", c.c_int64),
        ("st_blocks", c.c_int64), ("st_blksize", c.c_int32), ("st_flags", c.c_uint32),
        ("st_gen", c.c_uint32), ("st_spare", c.c_uint32 * 2),
    )  # fmt: skip


class CFlock(c.Structure):
    _fields_ = (
        ("l_start", c.c_int64), ("l_len", c.c_int64), ("l_pid", c.c_int32),
        ("l_type", c.c_short), ("l_whence", c.c_short),
    )  # fmt: skip


class CRusage(c.Structure):
    _fields_ = (("ru_utime", CTimeval), ("ru_stime", CTimeval), ("words", c.c_long * 14))


class CDirent(c.Structure):
    _fields_ = (
        ("d_fileno", c.c_uint64), ("d_reclen", c.c_uint16), ("d_namlen", c.c_uint16),
        ("d_type", c.c_uint8), ("d_name", c.c_char * 512),
    )  # fmt: skip


def test_stat_is_laid_out_as_c_lays_it_out() -> None:
    """Every field of struct stat is where a C program looks for it; times keep their ns."""
    values = {name: 3 + index for index, name in enumerate(stat.Stat._fields)}
    values["st_mtim"] = 7 * 10**9 + 8
    there = CStat.from_buffer_copy(stat.Stat(**values).pack())
    for name, value in values.items():
        field = getattr(there, name)
        if isinstance(field, CTimespec):
            field = field.tv_sec * 10**9 + field.tv_nsec
        assert field == value, name


@pytest.mark.parametrize(
    ("size", "struct"),
    [
        (stat.SIZEOF_STAT, CStat),
        (time.SIZEOF_TIMESPEC, CTimespec),
        (time.SIZEOF_TIMEVAL, CTimeval),
        (fcntl.SIZEOF_FLOCK, CFlock),
        (resource.SIZEOF_RUSAGE, CRusage),
    ],
)
def test_sizes(size: int, struct: type[c.Structure]) -> None:
    """sizeof is C's."""
    assert size == c.sizeof(struct)


ns = st.integers(min_value=0, max_value=2**62)


word = st.integers(0, 2**31 - 1)
attributes_of_files = st.builds(
    stat.Stat,
    **dict.fromkeys(stat.Stat._fields, word)
    | dict.fromkeys(("st_dev", "st_ino", "st_rdev"), st.integers(0, 2**64 - 1))
    | dict.fromkeys(("st_atim", "st_mtim", "st_ctim", "st_birthtim", "st_size"), ns),
)


@given(attributes_of_files)
def test_stat_comes_back(attributes: stat.Stat) -> None:
    """unpack undoes pack."""
    assert stat.Stat.unpack(attributes.pack()) == attributes


@pytest.mark.parametrize(
    "value",
    [
        time.Timespec(5, 999_999_999),
        time.Timeval(5, 999_999),
        time.Itimerval(time.Timeval(1, 2), time.Timeval(3, 4)),
        time.Itimerspec(time.Timespec(1, 2), time.Timespec(3, 4)),
        resource.Rlimit(10, resource.RLIM_INFINITY),
        resource.RusageLayout(5_000_000, 7_000, *range(14)),
        fcntl.Flock(1, 2, 3, fcntl.F_WRLCK, 0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_structs_come_back(value: Any) -> None:
    """unpack undoes pack."""
    assert type(value).unpack(value.pack()) == value


@given(ns)
def test_times_convert(n: int) -> None:
    """Nanoseconds go to a timespec and back; a timeval drops what is below 1 us."""
    assert time.Timespec.from_ns(n).ns == n
    assert time.Timeval.from_ns(n).ns == n // 1000 * 1000


def test_a_dirent_is_laid_out_as_c_lays_it_out() -> None:
    """Entries are aligned to 8 bytes and end in at least one NUL."""
    data = dirent.Dirent(77, dirent.DT_REG, b"kernel").pack()
    there = CDirent.from_buffer_copy(data.ljust(c.sizeof(CDirent)))
    assert (there.d_fileno, there.d_namlen, there.d_type) == (77, 6, dirent.DT_REG)
    assert there.d_reclen == len(data) == 24
    assert there.d_name == b"kernel"


names = st.binary(min_size=1, max_size=255).filter(lambda name: b"\0" not in name)


@given(st.lists(st.builds(dirent.Dirent, st.integers(1, 2**64 - 1), st.just(dirent.DT_DIR), names)))
def test_a_directory_comes_back(entries: list[dirent.Dirent]) -> None:
    """What getdents(2) packed is what readdir(3) sees."""
    data = b"".join(entry.pack() for entry in entries)
    assert len(data) % 8 == 0
    assert list(dirent.dirents(data)) == entries


def test_dirent_types_are_file_types() -> None:
    """IFTODT and DTTOIF are inverse."""
    for mode in (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR, stat.S_IFREG, stat.S_IFLNK):
        assert dirent.DTTOIF(dirent.IFTODT(mode | 0o644)) == mode


@given(st.integers(0, 0xFFF), st.integers(0, 0xFFFFF))
def test_device_numbers_come_apart(maj: int, mnr: int) -> None:
    """major and minor of makedev are what went in."""
    dev = types.makedev(maj, mnr)
    assert (types.major(dev), types.minor(dev)) == (maj, mnr)


def test_open_flags_become_file_flags() -> None:
    """Reading and writing are one bit each in f_flag."""
    assert fcntl.FFLAGS(fcntl.O_RDONLY) == fcntl.FREAD
    assert fcntl.FFLAGS(fcntl.O_WRONLY) == fcntl.FWRITE
    assert fcntl.FFLAGS(fcntl.O_RDWR | fcntl.O_APPEND) == (
        fcntl.FREAD | fcntl.FWRITE | fcntl.FAPPEND
    )
    assert fcntl.OFLAGS(fcntl.FREAD | fcntl.FWRITE) == fcntl.O_RDWR


IOCTLS = [name for name in vars(ioccom) if name.startswith(("FIO", "TIOC"))]


@pytest.mark.parametrize("name", IOCTLS)
def test_ioctl_commands_are_netbsds(name: str, ioctl_table: dict[str, int]) -> None:
    """Direction, size, group and number make NetBSD's word."""
    assert getattr(ioccom, name) == ioctl_table[name]


@pytest.fixture
def ioctl_table(request: pytest.FixtureRequest) -> dict[str, int]:
    path = request.path.parent.parent / "data" / "tables" / "ioctl_netbsd7_amd64.tsv"
    rows = (line.split("\t") for line in path.read_text().splitlines() if line[0] != "#")
    return {row[0]: int(row[1], 16) for row in rows}


def test_ioctl_words_come_apart() -> None:
    """Length and group are read back from the word."""
    assert ioccom.IOCPARM_LEN(ioccom.TIOCGWINSZ) == 8
    assert ioccom.IOCGROUP(ioccom.TIOCGWINSZ) == "t"


@pytest.mark.parametrize(
    ("status", "true", "value"),
    [
        (wait.W_EXITCODE(3, 0), wait.WIFEXITED, wait.WEXITSTATUS),
        (wait.W_EXITCODE(0, 3), wait.WIFSIGNALED, wait.WTERMSIG),
        (wait.W_STOPCODE(3), wait.WIFSTOPPED, wait.WSTOPSIG),
        (wait.W_CONTCODE(), wait.WIFCONTINUED, lambda status: 3),
    ],
)
def test_a_status_says_one_thing(
    status: int, true: Callable[[int], bool], value: Callable[[int], int]
) -> None:
    """A child exited, was killed, was stopped or was continued: never two of them."""
    kinds = (wait.WIFEXITED, wait.WIFSIGNALED, wait.WIFSTOPPED, wait.WIFCONTINUED)
    assert [kind for kind in kinds if kind(status)] == [true]
    assert value(status) == 3
    assert not wait.WCOREDUMP(status & 0o177)
