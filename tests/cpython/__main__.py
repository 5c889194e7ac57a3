# SPDX-License-Identifier: BSD-2-Clause
"""Run CPython's tests inside and count: python -m tests.cpython [-j N] [-k PATTERN] [FILE ...]."""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.cpython.driver import Report, run_file
from tests.cpython.skips import read_skips

FILES = """
    test_posix test_os test_pathlib test_shutil test_tempfile test_glob test_fileio test_io
    test_subprocess test_signal test_threading test_socket test_select test_selectors test_fcntl
    test_zipfile test_tarfile test_filecmp test_fileinput test_time test_logging test_asyncio
    test_multiprocessing_fork
    test_bufio test_file test_largefile test_fnmatch test_genericpath test_posixpath test_linecache
    test_netrc test_dbm_dumb test_shelve test_stat test_popen test_pty test_tty test_ioctl
    test_openpty test_poll test_kqueue test_thread test_threadsignals test_queue test_sched
    test_timeout test_resource test_wait3 test_wait4 test_fork1 test_pwd test_grp test_atexit
    test_syslog test_uuid test_random test_secrets test_hashlib test_contextlib test_socketserver
    test_smtplib test_ftplib
""".split()
GOAL = 95.0  # per cent of the applicable tests
ROW = "{:28}{:>8}{:>8}{:>8}{:>12}{:>8}{:>9}"


def percent(report: Report) -> float:
    """Return how many of the tests that apply have passed."""
    bad = len(report.failed) + len(report.unreviewed)
    return 100.0 * len(report.passed) / max(len(report.passed) + bad, 1)


def show(report: Report) -> None:
    print(
        ROW.format(
            report.file, len(report.passed), len(report.failed), len(report.skipped),
            len(report.unreviewed), f"{percent(report):.1f} %", f"{report.seconds:.0f} s",
        ), flush=True,
    )  # fmt: skip


def main() -> int:
    """Run; exit 1 if the goal is missed or a skip is nobody's."""
    parser = argparse.ArgumentParser(prog="python -m tests.cpython")
    parser.add_argument("files", nargs="*", default=FILES, help="names of files, as test_posix")
    parser.add_argument("-j", type=int, default=2, dest="jobs", help="systems at once [2]")
    parser.add_argument(
        "-k", default="*", metavar="PATTERN", help="names of tests, as *.test_pipe*"
    )
    parser.add_argument("-v", action="store_true", help="say what failed, and all that is printed")
    parser.add_argument("-q", action="store_true", help="do not name the tests that failed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results to FILE")
    options = parser.parse_args()
    skips = read_skips()
    total = Report("total")
    print(f"CPython {sys.version.split()[0]}")
    print(ROW.format("file", "passed", "failed", "skipped", "unreviewed", "", ""))
    run = partial(run_file, pattern=options.k, skips=skips, loud=options.v)
    results = {}
    with ThreadPoolExecutor(options.jobs) as pool:
        for report in pool.map(run, options.files):
            show(report)
            results[report.file] = {
                "passed": report.passed, "failed": report.failed,
                "skipped": report.skipped, "unreviewed": report.unreviewed,
            }  # fmt: skip
            total.passed += report.passed
            total.failed |= report.failed
            total.skipped |= report.skipped
            total.unreviewed |= report.unreviewed
            total.used |= report.used
            total.seconds += report.seconds
    show(total)
    for name, text in () if options.q else total.failed.items():
        print(
            f"failed      {name}: {text if options.v else text.strip().rpartition(chr(10))[2][:150]}"
        )
    for name, words in total.unreviewed.items():
        print(f"unreviewed  {name}: {words}")
    if options.files == FILES and options.k == "*":
        for skip in skips:
            if skip not in total.used:
                print(f"not used    {skip.kind} {skip.pattern} {skip.words}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0 if percent(total) >= GOAL and not total.unreviewed else 1


if __name__ == "__main__":
    sys.exit(main())
