# SPDX-License-Identifier: BSD-2-Clause
"""The time module: the kernel's clocks, to the nanosecond."""

from kernel.sys.ktrace import KTR_SYSCALL


def test_a_day_passes_at_once(run):
    """Sleep ends when it is to end by the monotonic clock, and takes no longer."""
    result = run(
        "import time\n"
        "before = time.monotonic_ns()\n"
        "time.sleep(86400)\n"
        "print((time.monotonic_ns() - before) // 10**9)\n"
    )

    assert result.stdout == b"86400\n"


def test_clocks_say_what_they_are(run):
    """get_clock_info names the clock that is read; the superuser sets the time of day."""
    result = run(
        "import time, threading\n"
        "info = time.get_clock_info('process_time')\n"
        "print(info.implementation, info.monotonic, info.adjustable, info.resolution)\n"
        "time.clock_settime(time.CLOCK_REALTIME, 5.5)\n"
        "print(round(time.time(), 2))\n"
        "clock = time.pthread_getcpuclockid(threading.get_ident())\n"
        "print(time.clock_gettime(clock) <= time.thread_time())\n"
        "try:\n"
        "    time.clock_settime(time.CLOCK_MONOTONIC, 5)\n"
        "except OSError as exc:\n"
        "    print(exc)\n"
    )

    assert result.stdout.decode().splitlines() == [
        "clock_gettime(CLOCK_PROCESS_CPUTIME_ID) True False 1e-09",
        "5.5",
        "True",
        "[Errno 22] Invalid argument",
    ]


def test_a_user_sets_no_clock(run):
    """EPERM."""
    result = run("import time; time.clock_settime_ns(0, 5)", uid=1000)

    assert result.stderr.endswith(b"PermissionError: [Errno 1] Operation not permitted\n")


def test_who_asks_for_no_local_time_reads_no_zone(run):
    """Importing time makes no system call."""
    with_time = run("import time", ktrace=True).records()
    without = run("", ktrace=True).records()

    assert len([r for r in with_time if r.type == KTR_SYSCALL]) == len(
        [r for r in without if r.type == KTR_SYSCALL]
    )


def test_what_is_refused(same):
    """The errors of sleep, mktime, gmtime and strftime are CPython's."""
    same(
        "import time\n"
        "nan = float('nan')\n"
        "calls = [(time.sleep, nan), (time.sleep, -1), (time.sleep, 1e200), (time.sleep, 10**30),\n"
        "    (time.sleep, 'x'), (time.mktime, (1,) * 8), (time.mktime, 'x'), (time.gmtime, 'x'),\n"
        "    (time.mktime, (1.5,) * 9), (time.mktime, (1 << 40,) * 9), (time.strftime, b'x'),\n"
        "    (time.strftime, '%Y', [1] * 9), (time.strftime, '', (1, 13, *[1] * 7)),\n"
        "    (time.localtime, nan), (time.localtime, 1e30), (time.get_clock_info, 'x')]\n"
        "for function, *args in calls:\n"
        "    try:\n"
        "        function(*args)\n"
        "    except Exception as exc:\n"
        "        print(function.__name__, type(exc).__name__, exc)\n"
    )
