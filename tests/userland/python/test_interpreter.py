# SPDX-License-Identifier: BSD-2-Clause
"""What a program sets in the interpreter goes with it."""

import sys

import pytest

from kernel import api

CHANGES = {
    "a number's digits": (
        "import sys\nsys.set_int_max_str_digits(700)",
        "import sys\nprint(sys.get_int_max_str_digits())",
        sys.get_int_max_str_digits,
    ),
    "where a coroutine comes from": (
        "import sys\nsys.set_coroutine_origin_tracking_depth(3)",
        "import sys\nprint(sys.get_coroutine_origin_tracking_depth())",
        sys.get_coroutine_origin_tracking_depth,
    ),
}  # fmt: skip


@pytest.mark.parametrize("end", ["", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"])
@pytest.mark.parametrize("what", CHANGES)
def test_a_setting_ends_with_its_program(run, what, end):
    """However that ends: neither the next one nor the host has it."""
    change, show, host = CHANGES[what]
    before = host()
    run(f"{change}\n{show}\n{end}")
    assert host() == before
    assert run(show).stdout == b"%d\n" % before


def test_digits_of_the_command_line(k: api.System):
    """-X int_max_str_digits is for that program, not for its child or the next one."""
    show = "import sys; print(sys.get_int_max_str_digits(), flush=True)"
    child = f"import subprocess; subprocess.run(['python3', '-c', '{show}'])"
    usual = sys.get_int_max_str_digits()
    args = ["-X", "int_max_str_digits=700", "-c", f"{show}; {child}; {show}"]
    assert k.run(b"/usr/bin/python3", args).stdout == b"700\n%d\n700\n" % usual
    assert k.run(b"/usr/bin/python3", ["-c", show]).stdout == b"%d\n" % usual
