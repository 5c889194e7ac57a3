# SPDX-License-Identifier: BSD-2-Clause
"""Job control: a shell at a terminal, and what is typed at it."""

import pytest

from kernel import api
from kernel.process import Process


class Session:
    """A login shell at a terminal."""

    def __init__(self, k: api.System, *argv: str, uid: int = 0) -> None:
        self.k = k
        self.term = k.terminal()
        self.shell: Process = k.login(self.term, uid)
        k.start(self.shell, b"/bin/sh", argv or ("-i",), {"PS1": "$ "})
        self.text = self.type("")

    def type(self, text: str) -> str:
        """Type text; return what the terminal shows of it and after it."""
        self.term.type(text.encode())
        self.text = self.term.read().decode().replace("\r\n", "\n")
        return self.text

    def run(self, line: str) -> str:
        """Type a line; return what its command writes, up to the next prompt."""
        shown = self.type(f"{line}\n").removeprefix(f"{line}\n")
        assert shown.endswith("$ "), shown
        return shown.removesuffix("$ ")

    def advance(self, seconds: float) -> str:
        """Let time pass; return what has been shown."""
        self.k.advance(seconds)
        return self.term.read().decode().replace("\r\n", "\n")

    def foreground(self) -> str:
        """Return the name of the program that leads the foreground process group."""
        kernel = self.k.kernel
        pgrp = self.shell.proc.p_pgrp.pg_session.s_ttyp.t_pgrp
        return kernel.allproc[pgrp.pg_id].p_comm.partition(b"\0")[0].decode()


@pytest.fixture
def sh(k: api.System) -> Session:
    return Session(k)


SUSPENDED = "[1] + Suspended               sleep 100\n"


def test_stop_and_go(sh):
    """^Z stops the job in the foreground, bg and fg have it go on, ^C ends it."""
    assert sh.text == "$ "
    sh.type("sleep 100\n")
    assert sh.foreground() == "sleep"
    assert sh.type("\x1a") == "^Z" + SUSPENDED + "$ "
    assert sh.foreground() == "sh"
    assert sh.run("echo $?") == "146\n"
    assert sh.run("jobs") == SUSPENDED
    assert sh.run("bg") == "[1] sleep 100\n"
    assert sh.run("jobs") == "[1] + Running                 sleep 100\n"
    assert sh.type("fg\n") == "fg\nsleep 100\n"
    assert sh.foreground() == "sleep"
    assert sh.type("\x03") == "^C\n$ "
    assert sh.run("echo $?; jobs") == "130\n"


def test_done_is_told_before_the_prompt(sh):
    """What a background job has become is told before the next prompt, once."""
    assert sh.run("sleep 1 & sleep 2 | cat & (exit 3) &") == ""
    assert sh.run("") == "[3]   Done(3)                 (exit 3)\n"
    assert sh.advance(1.5) == ""
    assert sh.run("") == "[1]   Done                    sleep 1 &\n"
    assert sh.run("jobs -l").split()[:4] == ["[2]", "+", str(sh.shell.pid + 2), "Running"]
    assert sh.advance(1) == ""
    assert sh.run("") == "[2]   Done                    sleep 2 | cat\n"
    assert sh.run("jobs") == ""


def test_a_job_is_a_process_group(sh):
    """A pipeline is one process group; a background job reads the terminal at its peril."""
    assert sh.run("sleep 9 | sleep 9 &") == ""
    first = int(sh.run("jobs -p"))
    assert sh.run("jobid; jobid -g; jobid -j; jobid -p").split() == [
        str(first), str(first + 1), str(first), "%1", str(first + 1),
    ]  # fmt: skip
    assert sh.run("ps -o pgid= -p $!").split() == [str(first)]
    assert sh.run("kill %1; wait %1; echo $?") == (
        "[1]   Terminated              sleep 9 | sleep 9\n143\n"
    )
    assert sh.run("cat &") == ""
    assert sh.run("") == "[1] + Stopped (tty input)     cat &\n"
    assert sh.type("fg\n") == "fg\ncat &\n"
    assert sh.type("x\n") == "x\nx\n"
    assert sh.type("\x04").endswith("$ ")


def test_background_output_stops_with_tostop(sh):
    """With stty tostop a background job that writes is stopped, too."""
    assert sh.run("stty tostop; echo written &") == ""
    assert sh.run("") == "[1] + Stopped (tty output)    echo written &\n"
    assert sh.type("fg\n") == "fg\necho written &\nwritten\n$ "


def test_which_job(sh):
    """A job is named by number, +, -, the beginning of its command or any part of it."""
    for seconds in (100, 200, 300):
        sh.run(f"sleep {seconds} &")
    assert sh.run("jobs").splitlines() == [
        "[1]   Running                 sleep 100 &",
        "[2] - Running                 sleep 200 &",
        "[3] + Running                 sleep 300 &",
    ]
    for name, number in {
        "%2": 2, "%%": 3, "%+": 3, "%-": 2, "%": 3, "%?100": 1, "'%sleep 20'": 2,
    }.items():  # fmt: skip
        assert sh.run(f"jobid -j {name}") == f"%{number}\n"
    assert sh.run("jobid %sleep") == "jobid: %sleep: ambiguous\n"
    assert sh.run("jobid %7") == "jobid: No such job: %7\n"
    assert sh.run("fg %x") == "fg: No such job: %x\n"
    assert sh.type("%?200\n") == "%?200\nsleep 200 &\n"
    assert sh.type("\x1a") == "^Z[2] - Suspended               sleep 200 &\n$ "
    assert sh.run("jobs %- %+").splitlines() == [
        "[3] - Running                 sleep 300 &",
        "[2] + Suspended               sleep 200 &",
    ]
    assert sh.run("kill -9 %1 %3; wait %1; kill %2; bg %2; wait; jobs").splitlines() == [
        "[3]   Killed                  sleep 300 &",
        "[1]   Killed                  sleep 100 &",
        "[2] sleep 200 &",
        "[2]   Terminated              sleep 200 &",
    ]
    assert sh.run("fg") == "fg: No current job\n"


def test_stopped_jobs_are_warned_of(sh):
    """exit and ^D warn of stopped jobs; the second in a row ends the shell."""
    sh.type("sleep 100\n")
    sh.type("\x1a")
    assert sh.run("exit") == "You have stopped jobs.\n"
    assert sh.run("echo on") == "on\n"
    assert sh.run("exit") == "You have stopped jobs.\n"
    sh.type("\x04")
    assert not sh.shell.alive


def test_a_stopped_pipeline(sh):
    """A pipeline stops and goes on as one; its processes are told apart if they differ."""
    sh.type("sleep 5 | cat\n")
    assert sh.type("\x1a") == "^Z[1] + Suspended               sleep 5 | cat\n$ "
    assert sh.type("fg\n") == "fg\nsleep 5 | cat\n"
    assert sh.advance(6) == "$ "
    sh.type("sleep 50 | true\n")
    assert sh.type("\x1a").splitlines() == [
        "^Z[1] + Suspended               sleep 50 |",
        "      Done                    true",
        "$ ",
    ]
    sh.run("kill %1; bg >/dev/null")
    assert sh.run("").splitlines() == [
        "[1]   Terminated              sleep 50 |",
        "      Done                    true",
    ]


def test_commands_in_functions_and_loops(sh):
    """^C in the middle of a list of commands ends the list; ^Z stops what runs."""
    sh.type("for i in 1 2 3; do sleep 100; echo $i; done\n")
    assert sh.type("\x03") == "^C\n$ "
    sh.type("f() { sleep 100; echo after; }; f\n")
    assert sh.type("\x1a") == "^Z" + SUSPENDED + "after\n$ "
    assert sh.run("kill %1; bg") == "[1] sleep 100\n"
    sh.type("(sleep 100; echo after)\n")
    assert sh.type("\x1a").splitlines() == [
        "^Z[2] + Suspended               (sleep 100; echo after)",
        "[1]   Terminated              sleep 100",
        "$ ",
    ]
    sh.type("fg\n")
    assert sh.type("\x03") == "^C\n$ "


def test_the_shell_itself_does_not_stop(sh):
    """^Z, ^C and the quit character at the prompt do nothing to the shell but a new prompt at ^C."""
    assert sh.type("\x1a") == "^Z"
    assert sh.type("\x1c") == "^\\"
    assert sh.type("\x03") == "^C\n$ "
    assert sh.type("kill -TSTP $$; kill -TERM $$; kill -TTOU $$; echo alive\n").endswith(
        "alive\n$ "
    )


def test_unfinished_lines(sh):
    """^C drops an unfinished command, here-document or line for read; ^D in one is an error."""
    sh.type("echo 'un\n")
    assert sh.type("\x03") == "^C\n$ "
    assert sh.type("cat <<E\n") == "cat <<E\n> "
    sh.type("line\n")
    assert sh.type("\x03") == "^C\n$ "
    sh.type("read x\n")
    sh.type("some")
    assert sh.type("\x03") == "^C\n$ "
    assert sh.run('echo $? "<$x>"') == "130 <>\n"
    sh.type("read x\n")
    sh.type("\x04")
    assert sh.run("echo $?") == "1\n"
    sh.type("if true\n")
    assert 'Syntax error: end of file unexpected (expecting "then")\n$ ' in sh.type("\x04")
    assert sh.type("cat <<E\nbody\nE\n").endswith("> > body\n$ ")


def test_a_trap_for_the_interrupt_key(sh):
    """At ^C what runs ends, the trap is run, and there is a new prompt."""
    sh.run("trap 'echo INT $?' INT")
    assert sh.type("\x03") == "^C\nINT 130\n$ "
    sh.type("while :; do sleep 100; done; echo no\n")
    assert sh.type("\x03") == "^C\nINT 130\n$ "
    sh.run("trap '' INT")
    assert sh.type("\x03") == "^C"
    assert sh.run("echo on") == "on\n"


def test_typed_ahead(sh):
    """What is typed while a command runs is its input, or the shell's afterwards."""
    sh.type("sleep 1; echo first\n")
    sh.type("read x\nvalue\necho $x\n")
    assert sh.advance(2).endswith("first\n$ $ value\n$ ")


def test_a_shell_in_a_shell(sh):
    """An inner shell has the terminal while it lasts, and gives it back."""
    assert sh.type("sh\n") == "sh\n$ "
    sh.type("sleep 100\n")
    assert sh.type("\x1a") == "^Z" + SUSPENDED + "$ "
    assert sh.type("kill -STOP $$\n").splitlines()[1:] == [
        "[1] + Suspended (signal)      sh",
        "$ ",
    ]
    assert sh.type("fg\n") == "fg\nsh\n$ "
    assert sh.run("kill %1; bg") == "[1] sleep 100\n"
    assert sh.type("exit\n").endswith("$ ")
    assert sh.foreground() == "sh"


def test_without_job_control(sh):
    """After set +m a job is in the shell's group: ^C ends both, the shell only its line."""
    assert sh.run("set +m; echo $-") == "is\n"
    sh.type("sleep 100; echo no\n")
    assert sh.foreground() == "sh"
    assert sh.type("\x03") == "^C\n$ "
    assert sh.run("sleep 100 & fg") == "fg: job not created under job control\n"
    assert sh.run("set -m; case $- in *m*) echo on;; esac") == "on\n"


def test_job_control_in_a_script(k):
    """sh -c with -m has jobs in groups of their own, and gives the terminal back at the end."""
    session = Session(
        k, "-mc", "sleep 5 & sleep 1 | ps -o pgid=,comm= | grep -c ' sleep'; wait; jobs"
    )
    session.advance(9)
    assert not session.shell.alive


def test_signals_to_stopped_jobs(sh):
    """A job that somebody else continues is told of as running."""
    sh.type("sleep 100\n")
    sh.type("\x1a")
    assert sh.run("kill -CONT %1") == "[1] + Running                 sleep 100\n"
    assert sh.run("kill -STOP %1") == ""
    assert sh.run("") == "[1] + Suspended (signal)      sleep 100\n"
    assert sh.run("kill -9 %1") == ""
    assert sh.run("") == "[1]   Killed                  sleep 100\n"


def test_wait(sh):
    """wait -n waits for any job, -p names it; a job that is stopped is not waited for."""
    sh.type("sleep 3 & sleep 1 & wait -n -p who %1 %2; echo $? $who\n")
    shown = sh.advance(2)
    assert shown == "0 %2\n$ "


def test_hangup(k, sh):
    """A terminal that goes away takes the shell with it."""
    sh.type("sleep 100\n")
    sh.term.hangup()
    assert not sh.shell.alive


def test_modes_are_the_programs_own(sh):
    """A full-screen program's terminal modes are its own business: stty sane mends them."""
    sh.run("stty -echo")
    assert sh.type("echo hidden\n") == "hidden\n$ "
    sh.type("stty echo\n")
    assert sh.run("echo shown") == "shown\n"


def test_a_signal_right_after_the_fork(k):
    """A signal to a child that has not run yet kills it; it is not the parent's trap that runs."""
    script = "trap 'echo parent' TERM; sleep 5 & kill $!; wait $!; echo $?; kill $$"
    assert k.run(b"/bin/sh", ["-c", script]).stdout == b"143\nparent\n"


def test_traps_of_the_parent_are_shown(k):
    """A subshell shows its parent's traps until it sets one of its own, and runs none of them."""
    script = """trap 'echo bye' EXIT; trap '' HUP; trap 'echo usr1' USR1
    (trap; trap 'echo mine' USR2; trap)
    (trap -p USR1 INT; trap -P EXIT; trap -; trap)
    trap x FOO 99; echo $?; trap -- x KILL; trap '' sigstop; trap -P"""
    result = k.run(b"/bin/sh", ["-c", script])
    assert result.stdout.decode().splitlines() == [
        "trap -- '' HUP",
        "trap -- 'echo bye' EXIT",
        "trap -- 'echo usr1' USR1",
        "trap -- '' HUP",
        "trap -- 'echo mine' USR2",
        "trap -- 'echo usr1' USR1",
        "trap -- - INT",
        "echo bye",
        "1",
        "bye",
    ]
    assert result.stderr.decode().splitlines()[:5] == [
        "trap: 'FOO' bad condition",
        "trap: '99' bad condition",
        "trap: 'SIGKILL' cannot be caught",
        "trap: 'sigstop' cannot be ignored",
        "Usage: trap [-l]",
    ]


def test_what_the_caller_ignored_stays_ignored(k):
    """A script cannot trap a signal that was ignored when it began; an interactive shell can."""
    script = "trap '' USR1; sh -c 'trap \"echo caught\" USR1; kill -USR1 $$; echo on'"
    assert k.run(b"/bin/sh", ["-c", script]).stdout == b"on\n"
    assert k.run(b"/bin/sh", ["-c", script.replace("-c", "-ic")]).stdout == b"caught\non\n"


def test_background_input(k):
    """A background command reads nothing without job control, unless a redirection is in force."""
    script = "(cat & wait) <<E\nkept\nE\ncat & wait"
    assert k.run(b"/bin/sh", ["-c", script], stdin=b"lost\n").stdout == b"kept\n"
