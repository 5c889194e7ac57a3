# SPDX-License-Identifier: BSD-2-Clause
"""The fcntl, pwd and grp modules of a program: NetBSD's numbers, and what is not there."""


def test_numbers_are_netbsds(run):
    """F_GETPATH tells the path of a directory; Linux's commands are not there."""
    result = run(
        "import fcntl, os\nfd = os.open('/tmp', os.O_RDONLY)\n"
        "print(fcntl.F_GETLK, fcntl.F_DUPFD_CLOEXEC, fcntl.FASYNC, hasattr(fcntl, 'F_SETPIPE_SZ'))\n"
        "print(fcntl.fcntl(fd, fcntl.F_GETPATH, bytes(1024)).rstrip(b'\\0'))\n"
    )
    assert result.stdout == b"7 12 64 False\nb'/tmp'\n"


def test_users_and_groups(run):
    """What /etc has is found by name and by id, what it has not is a KeyError."""
    result = run(
        "import grp, pwd\nroot, wheel = pwd.getpwuid(0), grp.getgrgid(0)\n"
        "print(root.pw_name, root.pw_dir, wheel.gr_name, wheel.gr_mem, type(root), type(wheel))\n"
        "print(pwd.getpwnam('user')[2:4], grp.getgrnam('users')[2], len(pwd.getpwall()) > 3)\n"
        "for call, arg in ((pwd.getpwuid, 4711), (pwd.getpwnam, 'no'), (grp.getgrgid, 4711),\n"
        "  (grp.getgrnam, 'no'), (pwd.getpwuid, 1 << 70)):\n"
        "    try:\n        call(arg)\n    except KeyError as exc:\n        print(exc)\n"
        "for call, arg in ((pwd.getpwuid, 'a'), (pwd.getpwnam, 1), (grp.getgrgid, 1.5)):\n"
        "    try:\n        call(arg)\n    except TypeError as exc:\n        print(exc)\n"
        "print(hasattr(pwd, 'getgrnam'), hasattr(grp, 'getpwnam'))\n"
    )
    assert result.stdout.decode().splitlines() == [
        "root /root wheel ['root'] <class 'pwd.struct_passwd'> <class 'grp.struct_group'>",
        "(1000, 100) 100 True",
        "'getpwuid(): uid not found: 4711'",
        "\"getpwnam(): name not found: 'no'\"",
        "'getgrgid(): gid not found: 4711'",
        "\"getgrnam(): name not found: 'no'\"",
        "'getpwuid(): uid not found'",
        "uid should be integer, not str",
        "getpwnam() argument 1 must be str, not int",
        "gid should be integer, not float",
        "False False",
    ]
