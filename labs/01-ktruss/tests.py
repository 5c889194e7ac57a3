# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 1: what is printed is compared with what libktrace reads in the same trace."""

import re

from kernel.grade import test
from kernel.sys.ktrace import KTR_NAMEI
from userland.libktrace.calls import Call, events
from userland.libktrace.trace import Trace

LINE = re.compile(r'(\d+) (\w+)\(([^)]*)\) = ([^"]*?)((?: "[^"]*")*)')
FORMAT = "a line is: PID NAME(0x.., 0x..) = RESULT, then each path in quotes"
SH = "/bin/cat /etc/group nothere >out; /bin/test -d /etc && echo yes"
PAIR = """\
import os, time
if os.fork() == 0:
    for n in range(5):
        os.access(f"/child{n}", 0)
        time.sleep(0.01)
    os._exit(0)
for n in range(5):
    os.access(f"/parent{n}", 0)
    time.sleep(0.01)
os.wait()
"""
PIECES = """\
import os, time
os.mkfifo("fifo")
if os.fork() == 0:
    with open("ktrace.out", "rb") as trace, open("fifo", "wb", 0) as fifo:
        while piece := trace.read(100):
            fifo.write(piece)
            time.sleep(1)
    os._exit(0)
os.execv("./miniktruss.py", ["./miniktruss.py", "-f", "fifo"])
"""
SEEK = """\
import os
fd = os.open("/etc/group", os.O_RDONLY)
os.lseek(fd, -1, os.SEEK_END)
os.lseek(fd, 1 << 40, os.SEEK_SET)
"""
SLOW = """\
import os, time
os.access("/first", 0)
if os.fork() == 0:
    os.access("/child", 0)
    os._exit(0)
time.sleep(5)
print("the command goes on", flush=True)
"""


def traced(lab, *command, points="cn"):
    """Run a command traced, and miniktruss.py on the trace; return its lines, and what is in it."""
    lab.run(
        "/usr/bin/ktrace",
        "-i",
        "-f",
        "ktrace.out",
        "-t",
        points,
        *command,
        status=None,
        trace=False,
    )
    found = [one for one in events(Trace(lab.read("ktrace.out")).records) if isinstance(one, Call)]
    returned = [one for one in found if one.ended is not None]
    rest = [one for one in found if one.ended is None]
    return parse(lab.run("miniktruss.py", "-f", "ktrace.out")), returned + rest


def parse(result):
    """Return the lines that were printed, taken apart: pid, name, arguments, result, paths."""
    lines = result.stdout.decode("utf-8", "replace").splitlines()
    assert lines, "nothing was printed"
    found = []
    for line in lines:
        match = LINE.fullmatch(line)
        assert match is not None, f"this line is not as it should be: {line}\n{FORMAT}"
        found.append(match.groups())
    return found


def named(lines):
    return [f"{pid} {name}" for pid, name, *_ in lines]


def wanted(calls):
    return [f"{call.pid} {call.row.name}" for call in calls]


def quoted(paths):
    return "".join(f' "{path.encode("latin-1").decode()}"' for path in paths)


def result_of(call):
    if call.ended is None:
        return "?"
    return str(call.value) if not call.failed else "-1"


@test(
    points=2,
    hint="Read a header, then ktr_len bytes, and so on. A CALL record (type 1) begins with the"
    " call's number; SYSCALLS[number].name is its name. Print when the RET (type 2) comes.",
)
def names(lab):
    """The calls of a command, by name, as they return."""
    lines, calls = traced(lab, "/bin/cat", "/etc/group")
    assert "\n".join(named(lines)) == "\n".join(wanted(calls)), "these are not the trace's calls"


@test(
    points=2,
    hint="After number and size a CALL has the arguments: size / 8 of them, 8 bytes each. They are"
    " what was in the registers: none is less than 0.",
)
def arguments(lab):
    """The arguments, in hexadecimal."""
    lab.write("seek.py", SEEK, 0o755)
    lines, calls = traced(lab, "/home/user/seek.py")
    shown = [f"{name}({args})" for _, name, args, *_ in lines]
    right = [f"{call.row.name}({', '.join(map(hex, call.args))})" for call in calls]
    assert "\n".join(shown) == "\n".join(right)


@test(
    points=2,
    hint="A RET has number (2 bytes), 2 unused bytes, error (4) and two results (8 each).",
)
def results(lab):
    """What each call returned; an execve that worked returned 0."""
    lines, calls = traced(lab, "/bin/cat", "/etc/group")
    shown = [f"{name} = {result.partition(' ')[0]}" for _, name, _, result, _ in lines]
    right = [f"{call.row.name} = {result_of(call)}" for call in calls if call.ended is not None]
    assert "\n".join(shown[: len(right)]) == "\n".join(right)
    lab.write("seek.py", SEEK, 0o755)
    lines, _ = traced(lab, "/home/user/seek.py")
    sought = [result for _, name, _, result, _ in lines if name == "lseek"]
    assert sought[-1] == str(1 << 40), "a result has 8 bytes"


@test(
    points=1,
    hint="An error is printed as -1 and its name: errno.errorcode has NetBSD's here.",
)
def errors(lab):
    """The names of errors."""
    lines, _ = traced(lab, "/bin/cat", "/etc/group", "nothere", "/etc/group/x")
    shown = [result for _, _, _, result, _ in lines]
    for name in ("ENOENT", "ENOTDIR"):
        assert f"-1 {name}" in shown, f"no call has the result -1 {name}"


@test(
    points=1,
    hint="A NAMI record (type 3) is a path; it belongs to the call that is pending, which may have"
    " more than one.",
)
def paths(lab):
    """The paths of a call, in quotes behind the result."""
    lab.write("a", "")
    lines, calls = traced(lab, "/bin/mv", "-f", "a", "\N{SNOWMAN}")
    shown = [f"{name}{paths}" for _, name, _, _, paths in lines]
    right = [f"{call.row.name}{quoted(call.paths)}" for call in calls]
    assert "\n".join(shown) == "\n".join(right)


@test(
    points=1,
    hint="exit never returns. What is pending when the trace ends is printed then, with ?.",
)
def calls_that_do_not_return(lab):
    """A call that has not returned has ? for its result, and comes at the end."""
    lines, _ = traced(lab, "/bin/cat", "/etc/group")
    assert lines[-1][1] == "exit", "the last line is not exit's"
    assert lines[-1][3] == "?", "exit has a result"


@test(
    points=3,
    hint="Processes take turns in a trace: keep the pending call of each process by its pid.",
)
def two_processes(lab):
    """Two processes whose calls overlap."""
    lab.write("pair.py", PAIR, 0o755)
    lines, calls = traced(lab, "/home/user/pair.py")
    forks = [n for n, call in enumerate(calls) if call.made and call.name == "fork"]
    lines, calls = (
        lines[forks[0] + 1 :],
        calls[forks[0] + 1 :],
    )  # the child's start is another test's
    shown = [f"{pid} {name}{paths}" for pid, name, args, _, paths in lines if args]
    right = [f"{call.pid} {call.row.name}{quoted(call.paths)}" for call in calls if call.args]
    assert "\n".join(shown) == "\n".join(right), "calls of the two processes are mixed up"


@test(
    points=1,
    hint="The first record of a new process is the RET of a fork that it never called: print it,"
    " without arguments.",
)
def a_new_child(lab):
    """A child begins with the return of fork."""
    lines, _ = traced(lab, "/bin/sh", "-c", SH)
    assert [n for pid, n, args, result, _ in lines if (n, args, result) == ("fork", "", "0")], (
        "no line says that fork returned 0 in the child"
    )


@test(points=2, hint="ktr_len says how long every record is: skip what you have no use for.")
def other_records(lab):
    """Records of other types are skipped."""
    lines, calls = traced(lab, "/bin/sh", "-c", SH, points="cnise+w")
    assert "\n".join(named(lines)) == "\n".join(wanted(calls))


@test(
    points=1,
    hint="The last record may not be whole: print what was, say so on stderr, and exit with 1.",
)
def a_torn_trace(lab):
    """A trace that ends in the midst of a record."""
    traced(lab, "/bin/cat", "/etc/group")
    data = lab.read("ktrace.out")
    records = Trace(data).records
    least = len([one for one in events(records) if isinstance(one, Call)]) - 1
    begin = records[-1].offset
    for end, what in ((begin + 20, "header"), (len(data) - 1, "payload"), (begin + 56, "payload")):
        lab.write("torn", data[:end])
        result = lab.run("miniktruss.py", "-f", "torn", status=1)
        assert result.stderr, f"stderr says nothing of a record that ends in its {what}"
        assert b"Traceback" not in result.stderr, "that is a traceback, no message"
        assert len(parse(result)) >= least, (
            f"a {what} is not whole, and calls before it are missing"
        )
    path = [record for record in records if record.type == KTR_NAMEI][-1]
    after = path.offset + 56 + len(path.payload)
    for end, paths in ((path.offset + 20, ""), (after + 20, f' "{bytes(path.payload).decode()}"')):
        lab.write("torn", data[:end])
        pending = parse(lab.run("miniktruss.py", "-f", "torn", status=1))[-1]
        assert pending[3] == "?", "a call has not returned when a torn trace ends: its line"
        assert pending[4] == paths, "a call has not returned when a torn trace ends: its paths"
    table = lab.run("miniktruss.py", "-c", "-f", "torn", status=1)
    assert table.stdout, "-c prints no table of a torn trace"
    assert table.stderr, "-c does not tell stderr that the trace is torn"


@test(
    points=1,
    hint="os.read gives what there is, at most what you asked for: ask again until a header, or a"
    " payload, is whole.",
)
def a_trace_in_pieces(lab):
    """A trace that comes in pieces, from a FIFO."""
    lines, _ = traced(lab, "/bin/cat", "/etc/group")
    lab.write("pieces.py", PIECES, 0o755)
    assert named(parse(lab.run("/home/user/pieces.py"))) == named(lines)


@test(
    points=2,
    hint="-c prints for each name how often it was called and failed: most frequent first. A return"
    " from a fork that a process has not called is no call of its.",
)
def counts(lab):
    """With -c a table: count, errors, name."""
    command = ("/bin/sh", "-c", "cat no /etc/group no2 | cat; cat no3")
    lab.run(
        "/usr/bin/ktrace", "-i", "-f", "ktrace.out", "-t", "cn", *command, status=1, trace=False
    )
    found = [one for one in events(Trace(lab.read("ktrace.out")).records) if isinstance(one, Call)]
    calls = [one for one in found if one.made]
    names = {call.row.name for call in calls}
    table = [
        (
            -sum(call.row.name == name for call in calls),
            name,
            sum(call.row.name == name and call.failed for call in calls),
        )
        for name in names
    ]
    right = "".join(f"{-count} {failed} {name}\n" for count, name, failed in sorted(table))
    assert lab.run("miniktruss.py", "-c", "-f", "ktrace.out").stdout.decode() == right


@test(
    points=3,
    hint="fork; the child calls fktrace(2) for the write end of a pipe and becomes the command; the"
    " parent closes its write end and reads the other: print each call as it returns, and flush.",
)
def live(lab):
    """The calls of a command, while it runs."""
    lab.write("slow.py", SLOW, 0o755)
    text = lab.run("miniktruss.py", "/home/user/slow.py", trace=False).stdout.decode()
    assert '"/first"' in text, "the command's calls were not printed"
    assert '"/child"' in text, "the calls of its child were not printed: KTRFAC_INHERIT"
    assert "the command goes on\n" in text, "the command did not run to its end"
    at_once = text.index('"/first"') < text.index("the command goes on")
    assert at_once, "a call was printed only after the command had gone on for 5 seconds"


@test(
    points=1,
    hint="Your options end where the command begins: look at sys.argv[1], not whether -c is"
    " anywhere in sys.argv.",
)
def the_options_of_a_command(lab):
    """What follows a command's name is the command's."""
    text = lab.run("miniktruss.py", "/bin/sh", "-c", "echo -f", trace=False).stdout.decode()
    assert "-f\n" in text, "the command did not run with its arguments"
    assert "execve(" in text, "its calls were not printed one by one"
    text = lab.run("miniktruss.py", "-c", "/bin/sh", "-c", "echo -f", trace=False).stdout.decode()
    assert "-f\n" in text, "with -c the command did not run with its arguments"
    assert "1 0 execve\n" in text, "with -c there is no table"


@test(points=1, hidden=True)
def another_command(lab):
    """The calls of another command, all of them."""
    lines, calls = traced(lab, "/bin/sh", "-c", "ls /etc | /usr/bin/sort -r >out; rm out")
    assert named(lines) == wanted(calls)
