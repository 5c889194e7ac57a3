# SPDX-License-Identifier: BSD-2-Clause
"""CPython's tests are counted as they come out, and a system that dies has failed one."""

import resource

import pytest

from tests.cpython.driver import lines, run_file, system
from tests.cpython.skips import Skip, read_skips


def test_the_table_of_skips_is_well_formed():
    """Each line has a kind, a pattern, words and a reason, and stands there once."""
    table = read_skips()

    assert len({(skip.kind, skip.pattern, skip.words) for skip in table}) == len(table)


def test_a_line_without_a_reason_is_refused(tmp_path):
    """What is not run has a reason."""
    table = tmp_path / "skips.tsv"
    table.write_text("host\ttest_os.*\t-\t\n")

    with pytest.raises(ValueError, match=r"skips.tsv:1"):
        read_skips(table)


def test_a_file_of_cpythons_tests_is_run_inside():
    """What passed is named, and nothing failed."""
    report = run_file("test_fileinput", "*", [], loud=False)

    assert "test_fileinput.FileInputTests.test_zero_byte_files" in report.passed
    assert report.failed == report.unreviewed == {}


def test_what_the_table_names_is_not_run():
    """A test that the table has as the host's counts as skipped, with the table's reason."""
    skip = Skip("host", "test_filecmp.*.test_matching", "-", "as an example")

    report = run_file("test_filecmp", "*.test_[im]*", [skip], loud=False)

    assert report.skipped == {"test_filecmp.FileCompareTestCase.test_matching": "as an example"}
    assert report.used == {skip}
    assert "test_filecmp.FileCompareTestCase.test_matching" not in report.passed


def test_a_skip_that_the_table_does_not_know_is_told():
    """Who skips himself without being in the table is named with his words."""
    report = run_file("test_filecmp", "*", [], loud=False)
    assert report.unreviewed == {}

    report = run_file("test_winreg", "*", [], loud=False)
    assert list(report.unreviewed) == ["test_winreg"]


def test_a_module_that_does_not_load_has_failed():
    """Nothing that could not be run passes for run."""
    report = run_file("test_no_such_file", "*", [], loud=False)

    assert len(report.failed) == 1
    assert not report.passed


def test_a_system_is_as_old_as_the_time_that_it_took_of_the_cpu():
    """What it tells is after its own CPU seconds: waiting for the CPU makes none old."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with system("test_fnmatch", "*.test_fnmatch", [], loud=False) as process:
        spent = [float(line.partition(b" ")[0]) for line in lines(process)]
        process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent == sorted(spent)
    assert 0 < spent[0] <= spent[-1] <= took + 0.1
