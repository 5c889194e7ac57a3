# SPDX-License-Identifier: BSD-2-Clause
"""The resource module of a program: NetBSD's numbers, CPython's errors."""


def test_what_it_refuses(run):
    """No such resource, limits that cannot be, and what only root may."""
    source = """
import resource
for call, *arguments in (
    (resource.getrlimit, 99), (resource.getrusage, 5),
    (resource.setrlimit, resource.RLIMIT_FSIZE, (2, 1)),
    (resource.setrlimit, resource.RLIMIT_NPROC, (200, 2000)),
):
    try:
        print(call(*arguments))
    except ValueError as exc:
        print(exc)
print(resource.RLIM_INFINITY == 2**63 - 1, resource.RLIMIT_NOFILE, resource.getpagesize())
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
print(resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY)
"""
    result = run(source, uid=1000)
    assert result.stdout.decode().splitlines() == [
        "invalid resource specified",
        "invalid who parameter",
        "current limit exceeds maximum limit",
        "not allowed to raise maximum limit",
        "True 8 4096",
        "True",
    ]


def test_what_was_used(run):
    """Times are seconds; virtual time passes in calls alone, so all of it is the system's."""
    result = run(
        "import os, resource\nfor _ in range(100):\n    os.stat('/')\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\nprint(used.ru_utime, used.ru_stime > 1e-4)\n"
    )
    assert result.stdout == b"0.0 True\n"
