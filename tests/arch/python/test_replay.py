# SPDX-License-Identifier: BSD-2-Clause
"""fork's other return: the program runs anew on its parent's results."""

import pytest

from kernel import api
from kernel.sys.ktrace import KTR_PSIG

LAB = "from userland.libc import *\n"


def test_a_replay_does_nothing_twice(run):
    """No output, no file, no record of it; buffers and memory are as the parent had them."""
    result = run(
        LAB
        + "print('once', flush=True)\nfd = open('/tmp/x', O_RDWR | O_CREAT | O_APPEND, 0o600)\n"
        + "write(fd, b'one')\ndata = pread(fd, 9, 0)\n"
        + "if fork() == 0:\n    assert data == b'one'\n    _exit(0)\n"
        + "assert wait()[1] == 0 and fstat(fd).st_size == 3\n",
        ktrace=True,
    )
    assert (result.status, result.stdout) == (0, b"once\n"), result.stderr


def test_failures_and_restarts_are_replayed(run):
    """Errors are raised again; a handler that ran during a call runs there again."""
    result = run(
        LAB
        + "seen = []\nr, w = pipe()\n"
        + "def handler(s):\n    seen.append('h')\n    write(w, b'data')\n"
        + "sigaction(SIGALRM, Sigaction(handler, 0, SA_RESTART))\n"
        + "try:\n    open('/nowhere', O_RDONLY)\nexcept FileNotFoundError:\n    seen.append('e')\n"
        + "alarm(1)\nseen.append(read(r, 9))\n"
        + "if fork() == 0:\n    print(seen, flush=True)\n    _exit(0)\n"
        + "wait()\n"
    )
    assert result.stdout == b"['e', 'h', b'data']\n", result.stderr


def test_what_forebears_did_later_is_not_replayed(run):
    """A grandchild is fed with what its forebears did up to their forks, wherever they are now."""
    result = run(
        LAB
        + "r, w = pipe()\nmade = [getpid()]\n"
        + "if fork() == 0:\n"
        + "    made.append(getpid())\n    read(r, 1)\n"
        + "    if fork() == 0:\n        print(*made, getpid(), flush=True)\n        _exit(0)\n"
        + "    _exit(wait()[1])\n"
        + "made.append(getuid())\nwrite(w, b'x')\nexecv('/bin/sleep', ['sleep', '1'])\n"
    )
    assert result.stdout == b"2 3 4\n", result.stderr


def test_a_stack_that_has_grown_grows_again(run):
    """What is pushed beyond what there was at first has its address in the child, too."""
    result = run(
        LAB
        + "from userland.libc.machine import curlwp\n"
        + "fd = open('/tmp/x', O_RDWR | O_CREAT, 0o600)\nwrite(fd, b'x' * 3000)\n"
        + "def low():\n    return curlwp().l_stack.start\n"
        + "if fork() == 0:\n    print(low(), pread(fd, 9999, 2998), flush=True)\n    _exit(0)\n"
        + "wait()\nprint(low(), curlwp().l_proc.p_vmspace.vm_maxsaddr)\n"
    )
    low, data, mine, least = result.stdout.split()
    assert (low, data) == (mine, b"b'xx'")
    assert mine == least, result.stderr


@pytest.mark.parametrize("second", ["getuid", "setsid", "fork"])
def test_a_program_that_does_something_else_is_named_and_killed(k, run, second):
    """The child dies of SIGKILL, with a line on its stderr and one in the message buffer."""
    result = run(
        LAB
        # an object of libc's that all processes share: what a program should not write to
        + "count = getattr(environ, 'seen', 0)\nenviron.seen = count + 1\n"
        + f"getppid() if count == 0 else {second}()\n"
        + "status = waitpid(fork())[1]\ndel environ.seen\n"
        + "print(WTERMSIG(status))\n"
    )
    text = f"diverged: expected getppid(), the program made {second}() at /root/prog.py:"
    assert result.stdout == b"9\n", result.stderr
    assert text.encode() in result.stderr
    assert any(text in line for line in k.dmesg())


def test_a_replay_that_says_it_nowhere(k, run):
    """Without a stderr the line is in the message buffer alone."""
    result = run(
        LAB
        + "close(2)\ncount = getattr(environ, 'seen', 0)\nenviron.seen = count + 1\n"
        + "getppid() if count == 0 else getuid()\n"
        + "status = waitpid(fork())[1]\ndel environ.seen\nexit(WTERMSIG(status))\n"
    )
    assert (result.status, result.stderr) == (9, b"")
    assert any("diverged" in line for line in k.dmesg())


def test_a_number_past_the_table_is_the_same_call_again(run):
    """What is recorded modulo the table's size is replayed so, traced or not."""
    result = run(
        LAB
        + "from userland.libc.machine import trap\n"
        + "pid = trap(512 + 20)[1][0]\n"
        + "if fork() == 0:\n    _exit(pid != getppid())\nexit(wait()[1] >> 8)\n",
        ktrace=True,
    )
    assert result.status == 0, result.stderr


def test_registers_of_any_kind_are_replayed(run):
    """A call with too few registers, too many or none that fits is made again as it was made."""
    result = run(
        LAB
        + "from userland.libc.machine import trap\n"
        + "def made(code, *registers):\n"
        + "    try:\n        return trap(code, *registers)\n"
        + "    except TypeError as exc:\n        return str(exc)\n"
        + "calls = [(20, 1, 2), (60,), (60, 2**33 + 18), (6,), (512 + 60, 7), (60, None), (20,),\n"
        + "         (0, 60), (41, 'x'), (6, 2**64 + 99, 0, 0, 0, 0, 0, 0, 0, 0), (60, 0)]\n"
        + "seen = [made(*call) for call in calls]\n"
        + "if fork() == 0:\n    print(seen, flush=True)\n    _exit(0)\n"
        + "assert wait()[1] == 0\nprint(seen)\n",
        ktrace=True,
    )
    assert result.status == 0, result.stderr
    theirs, mine = result.stdout.splitlines()
    assert theirs == mine


def test_who_forgoes_fork_keeps_nothing(run):
    """A long-lived program that has promised not to fork has no history; forking is ENOTSUP."""
    result = run(
        LAB
        + "from userland.libc.machine import curlwp, forgo_fork\n"
        + "getpid()\nassert curlwp().l_proc.p_md.md_history\nforgo_fork()\n"
        + "for _ in range(100):\n    read(open('/etc/passwd', O_RDONLY), 9)\n"
        + "assert curlwp().l_proc.p_md.md_history is None\n"
        + "try:\n    fork()\nexcept OSError as exc:\n    assert exc.errno == ENOTSUP\n"
        + "pid = clone(lambda _: 3, SIGCHLD)\nassert waitpid(pid)[1] == 3 << 8\n"
        + "execve('/bin/sh', ['sh', '-c', 'exec cat /etc/hostname'], {})\n"
    )
    assert result.status == 1, result.stderr


def test_other_arguments_are_another_call(run):
    """What a call was asked belongs to it, and the message has it: here the size of a read."""
    result = run(
        LAB
        + "count = getattr(environ, 'seen', 0)\nenviron.seen = count + 1\n"
        + "r, w = pipe()\n"
        + "def ask():\n    fcntl(r, 1 + 2 * count, 0)\n"
        + "ask()\n"
        + "status = waitpid(fork())[1]\ndel environ.seen\nexit(WTERMSIG(status))\n"
    )
    assert result.status == 9
    made = "expected fcntl(3,1,0), the program made fcntl(3,3,0) at /root/prog.py:"
    assert made in result.stderr.decode()
    assert " in ask; " in result.stderr.decode()


def test_a_handler_of_a_fault_runs_where_it_ran(run):
    """Not before the call ahead of it has returned: what the program did between is done."""
    result = run(
        LAB
        + "seen = []\nat, last = 0x200000, ''\n"
        + "def handler(signo):\n"
        + "    seen.append(last)\n"
        + "    mmap(at, 4096, 3, MAP_ANON | MAP_FIXED | MAP_PRIVATE)\n"
        + "signal(SIGSEGV, handler)\n"
        + "getppid()\nlast = 'after'\nstore(at, b'x')\n"
        + "if fork() == 0:\n    print(seen, load(at, 1))\n    exit(0)\n"
        + "wait()\n"
    )
    assert result.stdout == b"['after'] b'x'\n", result.stderr


def test_who_is_killed_before_his_first_turn_is_not_replayed(run):
    """SIGKILL that comes first ends the child where it is: its program does not run again."""
    result = run(
        LAB
        # an object of libc's that all processes share: what a program should not write to
        + "environ.seen = getattr(environ, 'seen', 0) + 1\n"
        + "pid = fork()\n"
        + "if pid:\n    kill(pid, 9)\n"
        + "status = waitpid(pid)[1]\n"
        + "print(environ.seen, WTERMSIG(status))\ndel environ.seen\n",
        ktrace=True,
    )
    assert result.stdout == b"1 9\n", result.stderr
    child = [
        record.type
        for record in result.records()
        if record.pid == result.trace.calls["fork"][0].value
    ]
    assert child == [KTR_PSIG]


def test_no_handler_runs_twice_after_a_fork_in_one(run):
    """Handlers that run in the child at the place of its history where the replay ended."""
    result = run(
        LAB
        + "seen, child = [], False\n"
        + "def handler(s):\n    global child\n    for calls in range(0, 40, 2):\n"
        + "        child = fork() == 0\n        if child:\n"
        + "            for _ in range(calls):\n                getppid()\n"
        + "            for _ in range(20):\n                raise_(SIGUSR2)\n            return\n"
        + "sigaction(SIGUSR1, Sigaction(handler))\nsigaction(SIGUSR2, Sigaction(seen.append))\n"
        + "for _ in range(50):\n    getppid()\n"
        + "raise_(SIGUSR1)\nif child:\n    _exit(len(seen))\n"
        + "print({WEXITSTATUS(wait()[1]) for _ in range(20)})\n"
    )
    assert result.stdout == b"{20}\n", result.stderr


def test_a_fork_in_the_handler_of_a_call_that_is_restarted(run):
    """The child makes the call again, live."""
    result = run(
        LAB
        + "r, w = pipe()\n"
        + "def handler(s):\n    write(w, b'child' if fork() == 0 else b'us')\n"
        + "sigaction(SIGALRM, Sigaction(handler, 0, SA_RESTART))\nalarm(1)\n"
        + "data = read(r, 9)\nif data == b'child':\n    _exit(7)\n"
        + "print(data, WEXITSTATUS(wait()[1]))\n"
    )
    assert (result.stdout, result.stderr) == (b"b'us' 7\n", b"")


def test_a_fork_in_a_handler_at_an_interrupt_of_the_clock(tmp_path):
    """The child is interrupted from there on, too."""
    program = tmp_path / "prog.py"
    program.write_text(
        LAB
        + "came, child = [], False\n"
        + "def handler(s):\n    global child\n    child = fork() == 0\n    came.append(s)\n"
        + "sigaction(SIGALRM, Sigaction(handler))\nalarm(1)\n"
        + "while not came:\n    pass\n"
        + "if not child:\n    _exit(WEXITSTATUS(wait()[1]))\n"
        + "sigaction(SIGALRM, Sigaction(came.append))\n"
        + "setitimer(ITIMER_REAL, Itimerval(Timeval(0, 0), Timeval(0, 1000)))\n"
        + "left = 100_000\nwhile left and len(came) < 2:\n    left -= 1\n"
        + "_exit(len(came))\n"
    )
    with api.boot(preempt=True) as k:
        result = k.run(program)
    assert (result.status, result.stderr) == (2, b"")
