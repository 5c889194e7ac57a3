# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 5: commands with too little time, and a shell at a terminal."""

from kernel.grade import test
from kernel.grade.asserts import CheckFailed

INTERRUPT, SUSPEND, END = "\x03", "\x1a", "\x04"

STUBBORN = """\
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    time.sleep(50)
    open("/tmp/survived", "w").close()
    os._exit(0)
time.sleep(100)
"""

POLITE = """\
import signal, sys, time
signal.signal(signal.SIGTERM, lambda signo, frame: sys.exit(3))
time.sleep(100)
"""

FAMILY = """\
import os, time
if os.fork() == 0:
    time.sleep(50)
    open("/tmp/survived", "w").close()
    os._exit(0)
time.sleep(100)
"""

JOB = """\
#!/bin/sh
sleep 1000
exit 0
"""

STOPS = """\
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
"""


class Session:
    """The shell at a terminal, and who types there."""

    def __init__(self, lab, program=b"/home/user/jobsh.py"):
        if not lab.exists("jobsh.py"):
            raise CheckFailed("jobsh.py was not handed in")
        self.system = lab.system
        self.terminal = lab.system.terminal()
        self.shell = lab.system.login(self.terminal, uid=1000)
        lab.system.start(self.shell, program, [])
        self.text = self.type("")
        assert self.text.endswith("$ "), "the shell shows no prompt"

    def shown(self):
        """Return what has been shown since the last time."""
        return self.terminal.read().decode(errors="replace").replace("\r\n", "\n")

    def type(self, text):
        """Type; return what is shown."""
        self.terminal.type(text.encode())
        return self.shown()

    def run(self, line):
        """Type a line and wait for the next prompt; return what is shown between them."""
        shown = self.type(f"{line}\n").removeprefix(f"{line}\n")
        assert shown.endswith("$ "), f"after the line {line!r} no prompt comes back"
        return shown.removesuffix("$ ")

    def named(self, name):
        """Return the states of the processes of that name, as ps knows them."""
        return [left.state for left in self.system.left() if left.name == name]


@test(points=1, hint="fork, execvp in the child, waitpid in the parent; os.waitstatus_to_exitcode.")
def passes_the_status_on(lab):
    """timeout.py exits as the command does, if that ends in time."""
    assert lab.run("timeout.py", "5", "/bin/echo", "in", "time").stdout == b"in time\n"
    lab.run("timeout.py", "5", "sh", "-c", "exit 3", status=3)


@test(points=1, hint="A command that a signal has ended: 128 and the signal's number, as a shell.")
def tells_signals(lab):
    """timeout.py exits with 128 + N if signal N ended the command."""
    lab.run("timeout.py", "5", "/bin/sh", "-c", "kill -9 $$", status=137)


@test(points=1, hint="If execvp fails, the child says why on stderr, and os._exit(127).")
def no_such_command(lab):
    """timeout.py exits with 127 if there is no such command."""
    result = lab.run("timeout.py", "5", "nothere", status=127)
    assert b"nothere" in result.stderr, "stderr does not say which"


@test(points=2, hint="signal.setitimer has SIGALRM come; its handler may raise, out of waitpid.")
def ends_in_time(lab):
    """When the time is up the command gets SIGTERM, and the status is 124."""
    result = lab.run("timeout.py", "10", "/bin/sleep", "1000", status=124)
    assert result.seconds >= 10, "how many seconds it took"
    assert result.seconds < 12, "how many seconds it took"
    assert result.trace.signals("TERM").to("sleep").count == 1, "sleep did not get SIGTERM"
    lab.write("polite.py", POLITE, 0o755)  # ends by itself at SIGTERM
    lab.run("timeout.py", "5", "./polite.py", status=124)


@test(
    points=2, hint="Wait for the command, not for the time: waitpid comes back when it has ended."
)
def does_not_wait_longer(lab):
    """A command that ends early is not waited for longer; and waiting takes no calls."""
    least = lab.run("timeout.py", "1000", "/bin/sleep", "1").trace.calls.count
    result = lab.run("timeout.py", "1000", "/bin/sleep", "100")
    assert result.seconds < 101, "how many seconds it took"
    more = result.trace.calls.count - least
    assert more < 5, "so many calls more are made in 100 seconds than in one: it does not sleep"


@test(points=2, hint="A command may ignore SIGTERM: send SIGKILL when it is there 2 seconds later.")
def kills_who_is_stubborn(lab):
    """A command that ignores SIGTERM gets SIGKILL 2 seconds later."""
    lab.write("stubborn.py", STUBBORN, 0o755)
    result = lab.run("timeout.py", "5", "./stubborn.py", status=124)
    assert result.seconds >= 7, "how many seconds it took"
    assert result.seconds < 9, "how many seconds it took"
    lab.system.advance(100)
    assert not lab.exists("/tmp/survived"), "a child of the command is still there"


@test(
    points=2,
    hint="A command may have children. Give it a process group of its own (os.setpgid), and signal"
    " the group: os.killpg.",
)
def ends_the_whole_family(lab):
    """The command's own children are ended, too; timeout.py itself is not."""
    lab.write("family.py", FAMILY, 0o755)
    lab.run("timeout.py", "5", "./family.py", status=124)
    lab.system.advance(100)
    assert not lab.exists("/tmp/survived"), "a child of the command is still there"


@test(
    points=1,
    hint="A process that is stopped gets no SIGTERM before it goes on: send SIGCONT as well.",
)
def ends_who_is_stopped(lab):
    """A command that has stopped is ended by SIGTERM, too."""
    lab.write("stops.py", STOPS, 0o755)
    result = lab.run("timeout.py", "5", "./stops.py", status=124)
    assert result.seconds < 6.9, "it took until SIGKILL"


@test(points=2, hint="Give the job the terminal (os.tcsetpgrp), wait, and take the terminal back.")
def runs_commands(lab):
    """jobsh.py runs commands in the foreground, one after the other."""
    session = Session(lab)
    assert session.run("echo one") == "one\n"
    assert session.run("echo two") == "two\n"
    assert session.run("") == session.run("  ") == "", "a line without words is no command"
    assert session.named("echo") == [], "a command is left as a zombie"


@test(
    points=2,
    hint="A job in the foreground has the terminal: a process group of its own, which os.tcsetpgrp"
    " names. The others are stopped by SIGTTIN when they read from it.",
)
def a_job_has_the_terminal(lab):
    """A job in the foreground reads what is typed."""
    session = Session(lab)
    session.type("cat\n")
    assert session.type("hello\n") == "hello\nhello\n", "cat did not get the line"
    assert session.type(END).endswith("$ "), "the shell does not come back"
    assert session.run("echo more") == "more\n"


@test(
    points=2,
    hint="^C goes to the process group that has the terminal: each job needs one of its own. The"
    " shell ignores SIGINT; its children must not: set it to SIG_DFL before execvp, for what is"
    " ignored stays ignored.",
)
def interrupts(lab):
    """^C ends the job in the foreground, and neither the shell nor a job in the background."""
    session = Session(lab)
    session.run("sleep 1000 &")
    session.type("sleep 2000\n")
    assert session.named("sleep") == ["active", "active"]
    assert session.type(INTERRUPT).endswith("$ "), "the shell does not come back after ^C"
    assert session.named("sleep") == ["active"], "of the two jobs the wrong ones are left"
    session.type(INTERRUPT)
    assert session.run("echo alive").endswith("alive\n"), "^C at the prompt ends the shell"


@test(
    points=3,
    hint="^Z stops the job: os.waitpid has to tell you (os.WUNTRACED), and the shell takes the"
    " terminal back and says so.",
)
def suspends(lab):
    """^Z stops the job in the foreground: the shell says so, and knows it."""
    session = Session(lab)
    session.type("sleep 1000\n")
    shown = session.type(SUSPEND)
    assert shown.endswith("$ "), "the shell does not come back after ^Z"
    assert "\n[1] stopped sleep 1000\n" in shown, "that is not on a line of its own"
    assert session.named("sleep") == ["stopped"]
    assert session.run("jobs") == "[1] stopped sleep 1000\n"


@test(points=2, hint="bg sends SIGCONT to the job's group, and does not wait for it.")
def goes_on_in_the_background(lab):
    """bg has a stopped job go on."""
    session = Session(lab)
    session.type("sleep 1000\n")
    session.type(SUSPEND)
    assert session.run("bg") == "[1] running sleep 1000\n"
    assert session.named("sleep") == ["active"], "sleep does not go on"
    assert session.run("jobs") == "[1] running sleep 1000\n"
    lab.boot()
    lab.write("job", JOB, 0o755)
    session = Session(lab)
    session.type("./job\n")
    session.type(SUSPEND)
    session.run("bg")
    assert session.named("sleep") == ["active"], "of the job only the shell goes on"


@test(points=2, hint="fg: give the job the terminal, send it SIGCONT, and wait as for a new one.")
def comes_to_the_foreground(lab):
    """fg has a stopped job go on with the terminal."""
    session = Session(lab)
    session.type("cat\n")
    session.type(SUSPEND)
    session.type("fg\n")
    assert session.type("hello\n").endswith("hello\nhello\n"), "cat did not get the line"
    assert "[1] stopped cat\n" in session.type(SUSPEND), "it cannot be stopped a second time"
    assert session.run("jobs") == "[1] stopped cat\n", (
        "a job that was in the foreground is forgotten"
    )
    session.type("fg\n")
    assert session.type(INTERRUPT).endswith("$ "), "the shell does not come back"
    assert session.named("cat") == []


@test(
    points=2,
    hint="Before each prompt ask for all jobs, without waiting (os.WNOHANG): say which are done,"
    " and forget them. Whom a signal has ended is done as well.",
)
def tells_what_is_done(lab):
    """Before the next prompt the shell tells which jobs have ended; no zombie is left."""
    session = Session(lab)
    assert session.run("sleep 10 &").startswith("[1] ")
    session.system.advance(20)
    session.shown()
    assert session.run("echo now") in ("now\n[1] done sleep 10\n", "[1] done sleep 10\nnow\n")
    assert session.named("sleep") == [], "a job that has ended is left as a zombie"
    assert session.run("jobs") == ""
    pid = session.run("sleep 1000 &").split()[1]
    shown = session.run(f"kill -9 {pid}") + session.run("echo now")
    assert "[1] done sleep 1000\n" in shown, "a job that a signal has ended is done as well"
    for seconds in (10, 11):
        session.run(f"sleep {seconds} &")
    session.system.advance(20)
    session.shown()
    shown = session.run("echo now")
    for seconds in (10, 11):
        assert f" done sleep {seconds}\n" in shown, "two jobs have ended before one prompt"
    assert session.run("jobs") == ""


@test(points=1, hint="A job in the background that reads from the terminal is stopped by SIGTTIN.")
def stops_who_reads(lab):
    """A job in the background that reads is stopped, and jobs says so."""
    session = Session(lab)
    session.run("cat &")
    session.run("echo wait")
    assert session.run("jobs") == "[1] stopped cat\n"


@test(
    points=1,
    hint="If execvp fails the child is a second shell at the same terminal: say what is wrong, and"
    " os._exit(127).",
)
def has_no_such_command(lab):
    """jobsh.py says that there is no such command, and goes on."""
    session = Session(lab)
    shown = session.run("nothere")
    assert "nothere" in shown, "the shell does not say which"
    assert len(shown.splitlines()) == 1, "so many lines are shown for it"
    assert session.run("jobs") == ""
    assert session.named("jobsh.py") == ["active"], "there is a second shell"


@test(
    points=1,
    hint="Without jobs max() has nothing to choose from, and a table no such number; what is typed"
    " may be no number.",
)
def has_no_such_job(lab):
    """fg and bg say in a line that there is no such job."""
    session = Session(lab)
    for line in ("fg", "bg", "fg 7", "bg x"):
        assert len(session.run(line).splitlines()) == 1, f"for `{line}` so many lines are shown"
    session.run("sleep 1000 &")
    assert len(session.run("bg 2").splitlines()) == 1, "for `bg 2` so many lines are shown"
    assert session.run("jobs") == "[1] running sleep 1000\n"


@test(points=1, hint="exit ends the shell, and so does an empty line from readline: the end.")
def ends(lab):
    """jobsh.py ends at exit, and at the end of its input."""
    for line in ("exit\n", END):
        lab.boot()
        session = Session(lab)
        session.type(line)
        assert not session.shell.alive, f"the shell is still there after {line!r}"


@test(
    points=1,
    hint="The terminal goes back to the shell's own process group, os.getpgrp(). Below another"
    " shell the session is that one's.",
)
def runs_below_a_shell(lab):
    """jobsh.py does the same when another shell has started it."""
    session = Session(lab, b"/bin/sh")
    session.type("./jobsh.py\n")
    assert session.run("echo one") == "one\n"
    assert session.named("jobsh.py") == ["active"], "there is not one shell that runs"
    session.type("sleep 1000\n")
    assert "[1] stopped sleep 1000\n" in session.type(SUSPEND)
    assert session.run("bg") == "[1] running sleep 1000\n"
    session.type(SUSPEND)
    assert session.named("jobsh.py") == ["active"], "^Z at the prompt stops the shell"
    session.type(END)
    assert session.named("jobsh.py") == [], "the shell is still there after the end of its input"


@test(points=1, hidden=True)
def chooses_a_job(lab):
    """fg N takes the job of that number, fg the one of the highest; no two have the same."""
    session = Session(lab)
    for number in (1, 2):
        session.type(f"sleep {number}000\n")
        session.type(SUSPEND)
    assert session.run("bg 1") == "[1] running sleep 1000\n"
    assert session.named("sleep").count("active") == 1
    session.type("fg 1\n")
    session.type(INTERRUPT)
    assert session.run("jobs") == "[2] stopped sleep 2000\n"
    session.type("sleep 3000\n")
    session.type(SUSPEND)
    two, three = "[2] stopped sleep 2000\n", "stopped sleep 3000\n"
    jobs = session.run("jobs")
    assert jobs in (f"[1] {three}{two}", f"{two}[3] {three}")
    session.type("fg\n")
    session.type(INTERRUPT)
    assert session.run("jobs") == jobs[: jobs.index("\n") + 1]
