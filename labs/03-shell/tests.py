# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 3."""

from stat import S_IMODE

from kernel.grade import test

FEW = "/bin/sh", "-c", "ulimit -n 16; exec /home/user/mysh.py"
LIST_FDS = """\
import os, sys
found = []
for fd in range(20):
    try:
        os.fstat(fd)
    except OSError:
        continue
    found.append(str(fd))
sys.stderr.write(" ".join(found) + "\\n")
"""


def mysh(lab, *args, **options):
    """Run mysh.py, which is not to have another shell do it."""
    result = lab.run("mysh.py", *args, **options)
    asked = " ".join([*args, options.get("stdin", "")])
    if "sh -c" not in asked:
        other = result.trace.calls("execve,posix_spawn").on("/bin/sh")
        assert not other, "the work was done by another shell"
    return result


def tells(result, name):
    """Check that a program has told what is wrong with a file."""
    assert name in result.stderr, "stderr does not say what it was"
    crashed = b"Traceback" in result.stderr
    assert not crashed, "that is a traceback, no message"


@test(
    points=1,
    hint="fork; the child becomes the command with execvp, the shell waits for it. A line may have"
    " no words at all.",
)
def runs_commands(lab):
    """Lines of the standard input are commands, but for those with nothing or only blanks."""
    result = mysh(lab, stdin="echo one\n\n  \t\necho two   three\n")
    assert result.stdout == b"one\ntwo three\n"


@test(points=1, hint="-c LINE runs that line instead. shlex knows about quotes.")
def quotes(lab):
    """What is in quotes is one word, whatever is in it."""
    result = mysh(lab, "-c", "echo 'a   b' \"c | d\" '>e'")
    assert result.stdout == b"a   b c | d >e\n"
    result = mysh(lab, "-c", "printf '<%s>' \"\" b ''")
    assert result.stdout == b"<><b><>", "a word may have nothing in it"
    result = mysh(lab, "-c", """printf '<%s>' a'b c'd "it's" x" y" """)
    assert result.stdout == b"<ab cd><it's><x y>", "quotes may be anywhere in a word"


@test(
    points=1,
    hint="The shell's status is its last command's, cd's as well; exit N is one, exit alone keeps"
    " the last, and so does a line without words.",
)
def statuses(lab):
    """The exit status of a command, of exit, of the shell."""
    mysh(lab, "-c", "false", status=1)
    mysh(lab, "-c", "sh -c 'exit 42'", status=42)
    mysh(lab, "-c", "sh -c 'exit 200'", status=200)
    mysh(lab, stdin="false\ntrue\n", status=0)
    mysh(lab, stdin="false\ncd /\n", status=0)
    mysh(lab, stdin="false\n\n  \n", status=1)
    mysh(lab, stdin="exit 3\necho not reached\n", status=3)
    assert not mysh(lab, stdin="false\nexit\necho no\n", status=1).stdout


@test(
    points=1,
    hint="The status of a command that a signal has killed is 128 and the signal's number. What"
    " waitpid gives has more in it, as whether there is a core file: os.WIFSIGNALED, os.WTERMSIG,"
    " or os.waitstatus_to_exitcode.",
)
def a_killed_command(lab):
    """A command that was killed by a signal."""
    mysh(lab, "-c", "sh -c 'kill -9 $$'", status=137)
    mysh(lab, "-c", "sh -c 'kill -TERM $$'", status=143)
    mysh(lab, "-c", "sh -c 'ulimit -c 1000; kill -ABRT $$'", status=134)


@test(
    points=1,
    hint="When execvp fails you are in the child, which is still your program: say NAME: not found,"
    " and end it with os._exit(127).",
)
def a_command_that_is_not_there(lab):
    """A command that is not there: a message, status 127, and the shell goes on."""
    result = mysh(lab, stdin="nosuchthing\necho on\n")
    assert result.stdout == b"on\n", "the next line was not run once"
    assert b"nosuchthing: not found" in result.stderr
    mysh(lab, "-c", "nosuchthing", status=127)


@test(
    points=2,
    hint="In the child, before execvp: open the file, dup2 it to 0 or 1, close what open gave.",
)
def redirections(lab):
    """Input and output from and to files, with and without blanks; >> appends."""
    lab.write("in", "b\na\n")
    mysh(lab, stdin="sort <in >out\necho c >> out\necho d>>out2\n")
    assert lab.read("out") == b"a\nb\nc\n"
    assert lab.read("out2") == b"d\n"
    mysh(lab, "-c", "echo short > out")
    assert lab.read("out") == b"short\n", "> does not replace what was there"
    mysh(lab, "-c", "echo last >out >third")
    found = [lab.read("out"), lab.read("third")]
    assert found == [b"", b"last\n"], "of two files for descriptor 1"
    mode = oct(S_IMODE(lab.system.files()["/home/user/out"].mode))
    assert mode == "0o644", "os.open's third argument is the mode of a file that it makes"


@test(
    points=1,
    hint="A file that cannot be opened: a message with its name, and no command. You are in the"
    " child, which is still your program: end it with os._exit(1).",
)
def a_redirection_that_fails(lab):
    """A redirection that fails."""
    result = mysh(lab, stdin="touch ran <nothere\necho on\n")
    tells(result, b"nothere")
    assert not lab.exists("ran"), "the command ran all the same"
    assert result.stdout == b"on\n", "the next line was not run once"
    mysh(lab, "-c", "true <nothere", status=1)


@test(
    points=3,
    hint="A pipe's reader sees the end when nobody has its write end any more:"
    " close both ends in the shell once the children are started.",
)
def a_pipeline(lab):
    """Pipelines of two commands, three, and more."""
    result = mysh(lab, "-c", "printf 'b\\na\\nb\\n' | sort | uniq")
    assert result.stdout == b"a\nb\n"
    mysh(lab, "-c", "false | true", status=0)
    mysh(lab, "-c", "true | false", status=1)
    lab.write("in", "b\na\n")
    shown = mysh(lab, "-c", "echo lost | cat <in | cat | cat | sort").stdout
    assert shown == b"a\nb\n", "of a pipe and a file for descriptor 0 the file counts"


@test(
    points=2,
    hint="A pipe holds 16 kB; who writes more waits for a reader: start all of them, then wait.",
)
def a_pipeline_runs_at_once(lab):
    """More goes through a pipe than it holds."""
    assert mysh(lab, "-c", "seq 1 9000 | tail -n 1").stdout == b"9000\n"


@test(
    points=2,
    hint="yes ends when it writes and nobody can read any more. A child that keeps both ends holds"
    " the read end of its own pipe: close what it has no use for.",
)
def an_endless_writer_is_ended(lab):
    """yes | head ends."""
    assert mysh(lab, "-c", "yes | head -n 2").stdout == b"y\ny\n"


@test(
    points=1,
    hint="Each command has 0, 1 and 2: close the ends of pipes once dup2 has given them a place.",
)
def commands_get_three_descriptors(lab):
    """A command has no descriptors but 0, 1 and 2."""
    lab.write("list_fds.py", LIST_FDS, 0o755)
    lab.write("in", "")
    for line in (
        "./list_fds.py",
        "./list_fds.py <in >out",
        "./list_fds.py | cat",
        "true | ./list_fds.py | cat",
        "true | ./list_fds.py",
    ):
        seen = mysh(lab, "-c", line).stderr
        assert seen == b"0 1 2\n", f"in `{line}` it has other descriptors"


@test(
    points=2,
    hint="waitpid for each process of the pipeline, not only for the last: a child that nobody"
    " waits for stays a zombie. The status is that of the last in the line, whoever ends first.",
)
def waits_for_all(lab):
    """The shell waits for all processes of a pipeline."""
    result = mysh(lab, stdin="echo a | cat | cat\necho b | cat\n")
    assert result.stdout == b"a\nb\n"
    mine = result.trace.calls("fork,vfork,__clone,posix_spawn").by("mysh.py")
    assert mine.count >= 5, "the commands of a pipeline are processes of the shell"
    assert result.trace.no_zombies()
    assert not result.left, "processes are left"
    mysh(lab, "-c", "sleep 1 | false", status=1)


@test(
    points=1,
    hint="A child cannot change its parent's directory: cd is done by the shell itself, in its own"
    " process.",
)
def changes_directory(lab):
    """cd is for all lines that follow."""
    result = mysh(lab, stdin="cd /etc\npwd\ncd nothere\npwd\ncd\npwd\n")
    assert result.stdout == b"/etc\n/etc\n/home/user\n"
    tells(result, b"nothere")
    mysh(lab, "-c", "cd nothere", status=1)
    away = mysh(lab, stdin="cd\npwd\n", env={"HOME": "/etc"}).stdout
    assert away == b"/etc\n", "cd alone does not go to $HOME"


@test(points=1, hint="Each pipe that the shell opens it has to close: its table is small.")
def many_pipelines(lab):
    """Many pipelines in one shell, which has 16 descriptors."""
    result = lab.run(*FEW, stdin="echo x | cat\n" * 15)
    assert result.stdout == b"x\n" * 15


@test(points=1, hint="What the shell opens for a redirection it has to close, too.")
def many_redirections(lab):
    """Many redirections in one shell, which has 16 descriptors."""
    lab.run(*FEW, stdin="true >out\n" * 20)


@test(points=1, hidden=True)
def both_together(lab):
    """A pipeline with redirections at both ends, and one in its midst."""
    lab.write("in", "b\na\nb\n")
    mysh(lab, "-c", "sort <in | uniq | cat >out")
    assert lab.read("out") == b"a\nb\n"
    mysh(lab, "-c", "echo gone >side | cat >out")
    assert (lab.read("out"), lab.read("side")) == (b"", b"gone\n")
