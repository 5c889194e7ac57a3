# SPDX-License-Identifier: BSD-2-Clause
"""sysconf(3) and confstr(3)."""


def test_limits_come_from_where_they_are_kept(run):
    """From nodes of sysctl(3), from resource limits, and from libc itself; -1 is none."""
    result = run(
        "import os, resource\n"
        "print(*[os.sysconf(f'SC_{name}') for name in ('ARG_MAX', 'PAGESIZE', 'CLK_TCK', 'IOV_MAX',"
        " 'NPROCESSORS_ONLN', 'PHYS_PAGES', 'LINE_MAX', 'JOB_CONTROL', 'FSYNC', 'AIO_MAX', '2_FORT_DEV')])\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (77, 100))\n"
        "print(os.sysconf('SC_OPEN_MAX'), os.confstr('CS_PATH')[:13], os.cpu_count())\n"
        "try:\n    os.sysconf(500)\nexcept OSError as exc:\n    print(exc.strerror)\n"
        "print(len(os.sysconf_names) == len([os.sysconf(name) for name in os.sysconf_names]))\n"
    )
    assert result.stdout.decode().splitlines() == [
        "262144 4096 100 1024 1 262144 2048 1 1 -1 -1",
        "77 /usr/bin:/bin 1",
        "Invalid argument",
        "True",
    ]
