# SPDX-License-Identifier: BSD-2-Clause
"""Running another program."""


def test_run(run):
    """The status of a program; where it starts; what it reads."""
    result = run(
        "from userland.libc import *\n"
        "from userland.libc.vforkexec import run, start\n"
        "print(WEXITSTATUS(run(['sh', '-c', 'exit 3'])), flush=True)\n"
        "run(['pwd'], '/etc')\n"
        "fd = open('/etc/group', O_RDONLY)\n"
        "pid = start(['head', '-n', '1'], stdin=fd)\n"
        "print(waitpid(pid) == (pid, 0))\n"
    )
    assert result.stdout == b"3\n/etc\nwheel:*:0:root\nTrue\n"


def test_what_cannot_be_executed(run):
    """It raises what execve(2), or chdir(2), said; no child is left."""
    result = run(
        "from userland.libc import *\n"
        "from userland.libc.vforkexec import start\n"
        "for argv, place in ((['nocommand'], ''), (['/etc/passwd'], ''), (['true'], '/nodir')):\n"
        "    try:\n"
        "        start(argv, place)\n"
        "    except OSError as exc:\n"
        "        print(exc.strerror)\n"
        "try:\n"
        "    wait()\n"
        "except OSError as exc:\n"
        "    print(exc.errno == ECHILD)\n"
    )
    assert result.stdout.decode().splitlines() == [
        "No such file or directory",
        "Permission denied",
        "No such file or directory",
        "True",
    ]
