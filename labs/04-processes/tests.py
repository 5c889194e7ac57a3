# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 4."""

from kernel.grade import test

FORKS = "fork,vfork,__clone,posix_spawn"
HELPED = "vfork,__clone,posix_spawn"  # nobody who calls os.fork makes these
WAITS = "wait4,wait6"
PROBE = """#!/usr/bin/python3
import os, sys
os.read(os.open("/tmp/go", os.O_RDONLY), 1)  # a FIFO: until the test says so
null = os.stat("/dev/null").st_rdev
with open("/tmp/probe", "w") as file:
    print("arguments", sys.argv[1:], file=file)
    print("parent", os.getppid(), file=file)
    print("leader", os.getsid(0) == os.getpid(), file=file)
    print("session", os.getsid(0), file=file)
    print("directory", os.getcwd(), file=file)
    for fd in (0, 1, 2):
        try:
            what = "null" if os.fstat(fd).st_rdev == null else "not /dev/null"
            os.write(fd, b"x") if fd else os.read(fd, 1)
        except OSError as exc:
            what = exc.strerror
        print(f"fd{fd}", what, file=file)
"""


def main(result):
    """Return the pid of the program that the test has run."""
    return result.trace.calls("execve")[0].pid


def by_hand(result):
    """Check that a program has made its processes itself."""
    helped = result.trace.calls(HELPED).by(main(result))
    assert not helped, "subprocess, os.system or os.posix_spawn made its child: use os.fork"


@test(points=1, hint="os.fork, in the child os.execvp, in the parent os.waitpid: in that order.")
def run_runs(lab):
    """run.py runs a command with its arguments, its input and its output."""
    result = lab.run("run.py", "/bin/echo", "a  b", "", "c")
    assert result.stdout == b"a  b  c\n"
    by_hand(result)
    assert lab.run("run.py", "cat", stdin="typed\n").stdout == b"typed\n"


@test(
    points=2,
    hint="The status that waitpid gives has several things in it: os.WIFEXITED, os.WEXITSTATUS;"
    " os.WIFSIGNALED, os.WTERMSIG.",
)
def run_ends_as_the_command_ends(lab):
    """run.py has the command's exit status, or 128 and the signal that killed it."""
    for code in (0, 1, 7, 255):
        result = lab.run("run.py", "/bin/sh", "-c", f"exit {code}", status=None)
        assert result.status == code, f"the command's exit status was {code}"
    for signo in (9, 15, 6):
        killed = f"ulimit -c 1000; kill -{signo} $$"  # which may leave a core file
        result = lab.run("run.py", "/bin/sh", "-c", killed, status=None)
        assert result.status == 128 + signo, f"the command was killed by signal {signo}"


@test(
    points=1,
    hint="exec replaces the process that calls it: it is the child that has to call it, and the"
    " parent waits for the child.",
)
def run_waits_for_a_child(lab):
    """run.py has a child that becomes the command, and waits for it."""
    result = lab.run("run.py", "/bin/sleep", "2")
    trace = result.trace
    assert trace.calls(FORKS).by(main(result)) == 1, "run.py does not make exactly one child"
    assert trace.calls(WAITS).by(main(result)).succeeded(), "run.py does not wait for its child"
    assert trace.no_zombies()
    assert result.seconds >= 2, "run.py ended before the command did"


@test(
    points=2,
    hint="If exec fails the child is still there, in the midst of your program: say what is wrong"
    " on stderr and leave with os._exit(127), or 126 if the file is there.",
)
def run_tells_what_cannot_be_run(lab):
    """run.py fails with 127 if there is no such command, with 126 if it cannot be executed."""
    lab.write("text", "no program\n", 0o644)
    for command, status in (("nothere", 127), ("/nothere/x", 127), ("./text", 126), ("/etc", 126)):
        result = lab.run("run.py", command, status=None)
        assert result.status == status, f"{command} cannot be run"
        lines = result.stderr.decode(errors="replace").splitlines()
        assert len(lines) == 1, f"stderr has {len(lines)} lines for {command}, not one"
        assert command in lines[0], "stderr does not say which command it was"


TREES = {(0, 5): 1, (1, 3): 4, (2, 3): 13, (3, 2): 15, (4, 2): 31, (30, 1): 31}


@test(
    points=2,
    hint="A child goes on in the same line as its parent, inside the loop: when it has done"
    " its part it must leave with os._exit, or it makes the parent's other children, too.",
)
def tree_has_its_shape(lab):
    """tree.py makes as many processes as it should, and each makes its own children."""
    for (depth, width), total in TREES.items():
        lab.boot()
        result = lab.run("tree.py", str(depth), str(width), status=None)
        forks = result.trace.calls(FORKS).succeeded()
        made = {}
        for call in forks:
            made.setdefault(call.pid, []).append(call.child)
        words = f"tree.py {depth} {width}"
        assert forks.count == total - 1, f"{words} does not make {total - 1} children in all"
        assert {len(children) for children in made.values()} <= {width}, (
            f"in {words} not every process that has children has {width}"
        )
        level = [main(result)]
        for _ in range(depth):
            level = [child for pid in level for child in made.get(pid, [])]
        assert len(level) == width**depth, f"{words} has not {depth} levels"


@test(
    points=2,
    hint="An exit status is a number that a parent gets from its child: let each process exit with"
    " the number of processes in its part of the tree, and use os.WEXITSTATUS.",
)
def tree_counts(lab):
    """tree.py prints how many processes there were."""
    for (depth, width), total in TREES.items():
        lab.boot()
        result = lab.run("tree.py", str(depth), str(width))
        assert result.stdout.decode() == f"{total}\n", f"tree.py {depth} {width}"


@test(
    points=1,
    hint="How many there were only they know, not a formula: a fork may fail (BlockingIOError), and"
    " then there is no child to count.",
)
def tree_counts_what_there_was(lab):
    """tree.py counts the processes that there were, when there was no room for one."""
    for when in (1, 3, 5):
        lab.boot()
        lab.inject(
            f"{FORKS}:error=EAGAIN:when={when}", predicate=lambda call: call.comm == "tree.py"
        )
        result = lab.run("tree.py", "2", "3")
        total = result.trace.calls(FORKS).succeeded().count + 1
        assert result.stdout.decode() == f"{total}\n", f"tree.py 2 3, and fork number {when} failed"
        assert result.trace.no_zombies()


@test(
    points=1,
    hint="Make all children first and wait for them afterwards: a wait inside the loop makes"
    " them run one after the other.",
)
def tree_grows_at_once(lab):
    """Children of one process in tree.py are there at the same time."""
    result = lab.run("tree.py", "1", "4", status=None)
    waits = result.trace.calls(WAITS).by(main(result))
    assert waits.count, "tree.py does not wait"
    late = result.trace.calls(FORKS).by(main(result)).after(waits)
    assert not late, "it made another child when it had waited for one"


@test(points=1, hint="Each process waits for each of its children: os.wait waits for one.")
def tree_leaves_no_zombies(lab):
    """Every process of tree.py has waited for all its children."""
    result = lab.run("tree.py", "2", "3", status=None)
    children = result.trace.calls(FORKS).succeeded()
    assert result.trace.calls(WAITS).succeeded() == children.count, "not all were waited for"
    assert result.trace.no_zombies()
    assert lab.system.nobody_left()


@test(
    points=2,
    hint="os.wait tells which child has ended, and how (a signal may have left a core file, too:"
    " os.WTERMSIG): keep a table of pids and lines. Each line is one, whatever is in it.",
)
def par_tells_how_each_ended(lab):
    """par.py runs the command for each line, and prints how it ended."""
    lab.write(
        "job",
        '#!/bin/sh\ntest "$1" = kill && kill -9 $$\n'
        'test "$1" = core && ulimit -c 1000 && kill -6 $$\nexit "$1"\n',
        0o755,
    )
    result = lab.run("par.py", "1", "./job", stdin="0\n3\nkill\ncore\n0\n", status=1)
    assert result.stdout.decode().splitlines() == [
        "0: exit 0",
        "3: exit 3",
        "kill: signal 9",
        "core: signal 6",
        "0: exit 0",
    ]
    by_hand(result)
    assert lab.run("par.py", "1", "./job", stdin="kill\n", status=1).stdout
    result = lab.run("par.py", "2", "/bin/test", "-n", stdin="a b\n\n c \n", status=1)
    assert sorted(result.stdout.splitlines()) == [b" c : exit 0", b": exit 1", b"a b: exit 0"]
    assert lab.run("par.py", "2", "true", stdin="").stdout == b""


@test(
    points=2,
    hint="Whoever ends first is told first: wait for any child (os.wait), not for the first one"
    " that you have started.",
)
def par_tells_in_the_order_of_the_end(lab):
    """par.py prints a line when its command ends, whichever it is."""
    result = lab.run("par.py", "4", "/bin/sleep", stdin="3\n1\n4\n2\n")
    assert result.stdout.decode().split(": exit 0\n") == ["1", "2", "3", "4", ""]
    waits = result.trace.calls(WAITS).by(main(result)).count
    assert waits <= 8, "so often it has asked for 4 children: a wait sleeps until one has ended"


@test(
    points=1,
    hint="What print writes to a file or a pipe waits in a buffer until there is much of it, or the"
    " program ends: print(..., flush=True).",
)
def par_tells_at_once(lab):
    """par.py writes a line when the command ends, not at its own end."""
    result = lab.run("par.py", "2", "/bin/sleep", stdin="1\n2\n3\n")
    writes = result.trace.calls("write,writev").by(main(result))
    assert writes.count >= 3, "so many times it has written, for 3 lines"


@test(
    points=2,
    hint="Start the next one as soon as any has ended: not a batch when the whole batch before"
    " has ended, and not more than JOBS.",
)
def par_keeps_some_running(lab):
    """par.py has JOBS commands running, no more and, while there are lines, no fewer."""
    result = lab.run("par.py", "2", "/bin/sleep", stdin="5\n1\n1\n1\n1\n")
    assert round(result.seconds) == 5, "par.py 2 sleep, with 5 1 1 1 1, takes so many seconds"
    for jobs, lines, seconds in ((3, 6, 4), (2, 6, 6), (1, 2, 4)):
        result = lab.run("par.py", str(jobs), "/bin/sleep", stdin="2\n" * lines)
        assert round(result.seconds) == seconds, (
            f"par.py {jobs} sleep, with {lines} times 2, takes so many seconds"
        )


@test(
    points=2,
    hint="A child that leaves with sys.exit writes once more what its parent had in its buffer:"
    " in a child always os._exit.",
)
def par_tells_once(lab):
    """par.py tells of each line once, also if there is no such command."""
    result = lab.run("par.py", "1", "nothere", stdin="a\nb\nc\n", status=1)
    lines = result.stdout.decode().splitlines()
    assert lines == ["a: exit 127", "b: exit 127", "c: exit 127"]
    lab.write("text", "no program\n")
    shown = lab.run("par.py", "1", "./text", stdin="a\n", status=1).stdout
    assert shown == b"a: exit 127\n", "a command that is there, and cannot be executed"


@test(
    points=1,
    hint="If there is no room for another process (BlockingIOError), wait for one, and try again.",
)
def par_waits_for_room(lab):
    """par.py goes on when there are too many processes for the moment."""
    lab.inject(f"{FORKS}:error=EAGAIN:when=3", predicate=lambda call: call.comm == "par.py")
    result = lab.run("par.py", "4", "/bin/sleep", stdin="3\n1\n4\n2\n")
    assert sorted(result.stdout.decode().split(": exit 0\n")) == ["", "1", "2", "3", "4"]
    calls = list(result.trace.calls(f"{FORKS},{WAITS}").by(main(result)))
    failed = next(n for n, call in enumerate(calls) if call.failed)
    assert "wait" in calls[failed + 1].name, "it tries again at once, and does not wait first"


@test(points=1, hidden=True)
def par_runs_many(lab):
    """par.py runs more commands than there may be processes, and leaves none behind."""
    words = [str(number) for number in range(90)]
    result = lab.run("par.py", "3", "/bin/test", "-n", stdin="\n".join(words))
    lines = result.stdout.decode().split(": exit 0\n")
    assert sorted(lines) == sorted([*words, ""]), "not every line was told of once"
    assert lab.system.nobody_left()


def daemon(lab):
    """Start the probe as a daemon; return the run of daemon.py, and what the probe found."""
    lab.write("probe", PROBE, 0o755)
    lab.run("/bin/sh", "-c", "mkfifo /tmp/go")
    result = lab.run("daemon.py", "/home/user/probe", "two  words", "")
    assert result.seconds < 1, "daemon.py did not end at once"
    assert lab.system.left(), "the command is not running"
    lab.system.run(b"/bin/sh", ["-c", "echo >/tmp/go"])
    lab.system.settle()
    found = dict(line.split(" ", 1) for line in lab.read("/tmp/probe").decode().splitlines())
    return result, found


@test(points=1, hint="The parent does not wait for the command: it exits, and init has the child.")
def daemon_goes_on(lab):
    """daemon.py ends at once; the command goes on as a child of init."""
    result, found = daemon(lab)
    assert found["parent"] == "1", "the command's parent is not init"
    assert found["arguments"] == "['two  words', '']", "the command has other arguments"
    by_hand(result)


@test(
    points=2,
    hint="os.setsid in the child makes a session without a terminal. Who leads it could get one"
    " again: so the child forks once more, and exits; its child becomes the command.",
)
def daemon_has_a_session_of_its_own(lab):
    """The command is in a session of its own, and does not lead it."""
    result, found = daemon(lab)
    made = {str(call.child) for call in result.trace.calls(FORKS)}
    assert found["session"] in made, "the command is in the session of who started it"
    assert found["leader"] == "False", "the command leads its session"


@test(
    points=1,
    hint="os.chdir('/'), or the file system cannot be unmounted; os.dup2 of /dev/null onto 0, 1 and"
    " 2, or the command writes into somebody's terminal. What os.open and os.dup return an exec"
    " closes, what os.dup2 has made it does not.",
)
def daemon_holds_nothing(lab):
    """The command is in /, and its descriptors 0 to 2 are /dev/null."""
    _, found = daemon(lab)
    assert found["directory"] == "/"
    for fd in ("0", "1", "2"):
        assert found[f"fd{fd}"] == "null", f"descriptor {fd} of the command"
