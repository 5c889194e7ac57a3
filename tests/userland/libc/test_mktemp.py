# SPDX-License-Identifier: BSD-2-Clause
"""mkstemp(3) and mkdtemp(3)."""


def test_names_of_their_own(run):
    """Each call makes another file, for its owner only; the template must end with X."""
    result = run(
        "from userland.libc import *\n"
        "from userland.libc.mktemp import mkdtemp, mkstemp\n"
        "names = [mkstemp('/tmp/aXXXX')[1] for _ in range(20)]\n"
        "names += [mkdtemp('/tmp/bXXXX') for _ in range(20)]\n"
        "print(len(set(names)), {len(name) for name in names})\n"
        "print({oct(stat(name).st_mode) for name in names})\n"
        "for template in ('/tmp/x', '/nodir/XXX'):\n"
        "    try:\n"
        "        mkstemp(template)\n"
        "    except OSError as exc:\n"
        "        print(exc.strerror)\n"
    )
    lines = result.stdout.decode().splitlines()
    assert lines[0] == "40 {10}"
    assert {"0o100600", "0o40700"} == set(eval(lines[1]))
    assert lines[2:] == ["Invalid argument", "No such file or directory"]
