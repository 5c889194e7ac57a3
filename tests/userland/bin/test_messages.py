# SPDX-License-Identifier: BSD-2-Clause
"""What utilities say, and to whom: NetBSD's messages, statuses and formats."""

import pytest

from kernel import api


@pytest.fixture(scope="module")
def system():
    with api.boot() as k:
        yield k


def sh(system, command, **kwargs):
    return system.run(b"/bin/sh", ["-c", command], **kwargs)


MESSAGES = {
    "cat nofile": (1, "cat: nofile: No such file or directory"),
    "cat /etc": (1, "cat: /etc: Is a directory"),
    "cat -z": (1, "cat: unknown option -- z"),
    "chmod u+q /etc/passwd": (1, "chmod: invalid file mode: u+q"),
    "chmod 644": (1, "usage: chmod [-R [-H | -L | -P]] [-fhv] mode file ..."),
    "chown nouser /etc/passwd": (1, "chown: nouser: invalid user name"),
    "cp /etc/passwd /etc/passwd": (
        1,
        "cp: /etc/passwd and /etc/passwd are identical (not copied).",
    ),
    "cp /etc x": (1, "cp: /etc is a directory (not copied)."),
    "cp a b c": (1, "cp: c is not a directory"),
    "date 99": (1, "date: illegal time format"),
    "dd foo=1": (1, "dd: unknown operand foo"),
    "dd if=nofile": (1, "dd: nofile: No such file or directory"),
    "env nocommand": (127, "env: nocommand: No such file or directory"),
    "head -n 0 /etc/passwd": (1, "head: illegal line count -- 0"),
    "head nofile": (1, "head: nofile: No such file or directory"),
    "id nouser": (1, "id: nouser: No such user"),
    "/bin/kill 99999": (1, "kill: 99999: No such process"),
    "/bin/kill x": (1, "kill: illegal process id: x"),
    "ktrace": (
        1,
        "usage:\tktrace [-aCcdins] [-f trfile] [-g pgrp] [-p pid] [-t [AaceilmnSsuvw+-]]",
    ),
    "ktrace -t Q true": (1, "ktrace: unknown facility in Q"),
    "ktrace -g 1 -p 1": (1, "ktrace: only one -g or -p flag is permitted."),
    "ktrace -p ''": (1, "ktrace: illegal process id."),
    "ktrace -p 9999": (1, "ktrace: file ktrace.out, pid 9999: No such process"),
    "ktrace nocommand": (1, "ktrace: exec of 'nocommand' failed: No such file or directory"),
    "ktrace -f /nodir/f true": (1, "ktrace: /nodir/f: No such file or directory"),
    "kdump -f nofile": (1, "kdump: nofile: No such file or directory"),
    "ln nofile x": (1, "ln: nofile: No such file or directory"),
    "ln /etc x": (1, "ln: /etc: is a directory"),
    "ls nofile": (1, "ls: nofile: No such file or directory"),
    "mkdir /etc": (1, "mkdir: /etc: File exists"),
    "mkdir": (1, "usage: mkdir [-p] [-m mode] dirname ..."),
    "mkfifo /etc": (1, "mkfifo: /etc: File exists"),
    "mv nofile x": (1, "mv: rename nofile to x: No such file or directory"),
    "ps -o nokey": (1, "ps: nokey: keyword not found"),
    "rm nofile": (1, "rm: nofile: No such file or directory"),
    "rm /etc": (1, "rm: /etc: is a directory"),
    "rm -r .": (1, 'rm: "." and ".." may not be removed'),
    "rm -rf /": (1, 'rm: "/" may not be removed'),
    "rmdir nofile": (1, "rmdir: nofile: No such file or directory"),
    "rmdir /etc": (1, "rmdir: /etc: Directory not empty"),
    "sleep x": (1, "usage: sleep seconds"),
    "sort nofile": (2, "sort: nofile: No such file or directory"),
    "sort -k 0": (2, "sort: unknown sort key `0'"),
    "tail nofile": (1, "tail: nofile: No such file or directory"),
    "tee /nodir/x </dev/null": (1, "tee: /nodir/x: No such file or directory"),
    "/bin/test 1 -eq x": (2, "test: x: bad number"),
    "/bin/test a b": (2, "test: b: unexpected operator"),
    "/bin/[ a": (2, "[: missing ]"),
    "touch /nodir/x": (1, "touch: /nodir/x: No such file or directory"),
    "uniq nofile": (1, "uniq: nofile: No such file or directory"),
    "wc nofile": (1, "wc: nofile: No such file or directory"),
    # the shell's own
    "nocommand": (127, "sh: nocommand: not found"),
    "/etc/passwd": (126, "sh: /etc/passwd: permission denied"),
    "fi": (2, 'sh: 1: Syntax error: "fi" unexpected'),
    "cat < nofile": (2, "sh: cannot open nofile: no such file"),
    "echo > /nodir/x": (2, "echo: cannot create /nodir/x: directory nonexistent"),
    "cd /nodir": (2, "cd: can't cd to /nodir"),
    "echo ${x?not there}": (2, "sh: x: not there"),
    "echo ${x:?}": (2, "sh: x: parameter null or not set"),
    "set -u; echo $x": (2, "sh: x: parameter not set"),
    "readonly r=1; r=2": (2, "sh: r: is read only"),
    "echo $((1/0))": (2, 'sh: arithmetic expression: division by zero: "1/0"'),
    "shift 2": (2, "shift: can't shift that many"),
    "f() { f; }; f": (2, "sh: Maximum function recursion depth (1000) reached"),
}


@pytest.mark.parametrize("command", MESSAGES)
def test_message(system, command):
    """An error's first line and the exit status are NetBSD's."""
    status, message = MESSAGES[command]
    result = sh(system, command)
    assert result.stderr.decode().splitlines()[:1] == [message]
    assert result.status == status


@pytest.mark.parametrize("command", ["uniq -aaa", "rm -ab", "ktrace -zz", "head -n"])
def test_a_wrong_option_is_told_once(system, command):
    """Whatever else is wrong: the option is told in a line, then the usage."""
    result = sh(system, command)
    told, usage = result.stderr.decode().splitlines()[:2]
    assert told.startswith(f"{command.split()[0]}: ")
    assert usage.startswith("usage:")
    assert result.status == 1


def test_ls_long(system):
    """Ls -l: type and mode, links, owner, group, size, date, name; a total before it."""
    result = sh(
        system,
        "mkdir /tmp/l; cd /tmp/l; echo hello > f; ln f g; ln -s f s; mkdir d; chmod 640 f;"
        " chown user:users f; touch -t 200001020304 f; ls -l; ls -ln f; ls -i f | wc -w",
    )
    assert result.stdout.decode() == (
        "total 24\n"
        "drwxr-xr-x 2 root  wheel  0 Aug  7 16:45 d\n"
        "-rw-r----- 2 user  users  6 Jan  2  2000 f\n"
        "-rw-r----- 2 user  users  6 Jan  2  2000 g\n"
        "lrwxr-xr-x 1 root  wheel  1 Aug  7 16:45 s -> f\n"
        "-rw-r----- 2 1000  100  6 Jan  2  2000 f\n"
        "       2\n"
    )


def test_ls_devices(system):
    """Devices show their numbers instead of a size."""
    assert (
        sh(system, "ls -l /dev/null").stdout.decode().startswith("crw-rw-rw- 1 root  wheel  2, 2 ")
    )


def test_ls_hides_dot_files_from_users(system):
    """The super-user sees them without -A."""
    sh(system, "mkdir -m 777 /tmp/h; touch /tmp/h/.x /tmp/h/y")
    assert sh(system, "ls /tmp/h").stdout == b".x\ny\n"
    assert sh(system, "ls /tmp/h", uid=1000).stdout == b"y\n"


def test_date_formats(system):
    """The clock starts at a fixed date; -r takes seconds or a file."""
    assert sh(system, "date -r 0").stdout == b"Thu Jan  1 00:00:00 UTC 1970\n"
    assert sh(system, "date -r 1060274705 '+%F %T %j %u %w %y %C %e %I %p %s'").stdout == (
        b"2003-08-07 16:45:05 219 4 4 03 20  7 04 PM 1060274705\n"
    )


def test_date_sets_the_clock():
    """The super-user may set the time, nobody else."""
    with api.boot() as k:
        assert sh(k, "date 202001020304.05; date +%Y%m%d%H%M").stdout == b"202001020304\n"
        result = sh(k, "date 2001010000", uid=1000)
        assert result.stderr == b"date: settimeofday: Operation not permitted\n"


def test_ps_shows_processes(system):
    """Ps without options shows what runs beside it; -o chooses columns."""
    lines = sh(system, "sleep 5 & ps -o pid,ppid,state,comm; kill $!").stdout.decode().splitlines()
    assert lines[0].split() == ["PID", "PPID", "STAT", "COMMAND"]
    assert [line.split()[3] for line in lines[1:]] == ["sh", "sleep", "ps"]
    assert sh(system, "ps -p 1 -o pid= -o comm=").stdout.split() == [b"1", b"init"]
    aux = sh(system, "ps aux").stdout.decode().splitlines()
    assert aux[0].split()[:4] == ["USER", "PID", "%CPU", "%MEM"]


def test_id_of_users(system):
    """Id shows names beside numbers, for oneself and for others."""
    assert sh(system, "id").stdout == b"uid=0(root) gid=0(wheel) groups=0(wheel)\n"
    assert sh(system, "id user").stdout == b"uid=1000(user) gid=100(users) groups=100(users)\n"
    assert sh(system, "id -un", uid=1000).stdout == b"user\n"


def test_ktrace_and_kdump_inside(system):
    """Ktrace writes v2 records that kdump reads; -a appends, -i follows children."""
    result = sh(
        system,
        "cd /tmp; ktrace echo hi; kdump | head -n 3; ktrace -a true; kdump | grep 2>/dev/null;"
        " ktrace -i sh -c 'true; /usr/bin/true; :'; kdump -f ktrace.out | cut -c 15-20 | sort -u",
    )
    lines = result.stdout.decode().splitlines()
    assert lines[0] == "hi"
    assert [line.split(None, 2)[2] for line in lines[1:3]] == [
        'ktrace   EMUL  "netbsd"',
        lines[2].split(None, 2)[2],
    ]
    assert {"sh    ", "true  ", "ktrace"} <= set(lines[4:])


def test_ktrace_to_standard_output(system):
    """-f - sends the trace through a pipe and a copier."""
    result = sh(system, "ktrace -f - true | kdump -f - | tail -n 1")
    assert result.stdout.decode().split(None, 2)[2] == "true     CALL  exit(0)\n"


def test_sh_reads_standard_input(system):
    """Commands come from descriptor 0; -s gives them parameters; no prompt without a terminal."""
    result = system.run(b"/bin/sh", ["-s", "a", "b"], stdin=b"echo $# $2\nexit 3\n")
    assert (result.stdout, result.stderr, result.status) == (b"2 b\n", b"", 3)


def test_sh_interactive(system):
    """-i prompts, reports errors and goes on."""
    result = system.run(
        b"/bin/sh", ["-i"], stdin=b"nocommand\necho ${x?gone}\nfi\nif true\nthen echo yes; fi\n"
    )
    assert result.stdout == b"yes\n"
    assert result.stderr.decode() == (
        "sh: can't access tty; job control turned off\n"
        "# sh: nocommand: not found\n# sh: x: gone\n"
        '# sh: 1: Syntax error: "fi" unexpected\n# > # \n'
    )


def test_sh_ends_as_its_last_command(system):
    """A signal that kills the shell, or what it became, shows in the status."""
    assert sh(system, "exit 7").status == 7
    assert sh(system, "kill -TERM $$").status == 128 + 15
    assert sh(system, "exec sleep 1").status == 0


def test_write_errors(system):
    """What cannot be written is told, and the status says so."""
    result = sh(
        system,
        "for c in /bin/echo 'ls /' 'sort /etc/passwd' 'wc /etc/group' pwd; do"
        " $c > /dev/full; echo $?; done; echo x > /dev/full; echo $?; echo x >&-; echo $?",
    )
    assert result.stdout == b"1\n" * 7
    assert result.stderr.decode().splitlines() == [
        *(f"{c}: stdout: No space left on device" for c in ("echo", "ls", "sort", "wc")),
        "pwd: No space left on device",
        "echo: No space left on device",
        "echo: Bad file descriptor",
    ]


def test_ulimit(system):
    """Limits are shown and set, soft and hard apart; nobody but root raises a hard one."""
    result = sh(
        system,
        "ulimit -n; ulimit -Hn; ulimit -S -n 20; ulimit -n; ulimit -a | wc -l; ulimit -n 30;"
        " ulimit -n; ulimit -n 40",
        uid=1000,
    )
    assert result.stdout == b"128\n3404\n20\n      12\n30\n"
    assert result.stderr == b"ulimit: error setting limit (Operation not permitted)\n"


def test_umask_and_noclobber(system):
    """Umask -S shows permissions; set -C keeps files."""
    result = sh(system, "umask 027; umask -S; cd /tmp; echo a > n; set -C; echo b > n; cat n")
    assert result.stdout == b"u=rwx,g=rx,o=\na\n"
    assert result.stderr == b"echo: cannot create n: file exists\n"


def test_mv_to_another_file_system(tmp_path):
    """Where rename(2) cannot, mv copies and removes: files, hierarchies, modes."""
    with api.boot() as k:
        k.mount(tmp_path, b"/mnt/host")
        result = sh(
            k,
            "cd /tmp; echo data > f; mkdir -p d/e; echo deep > d/e/g; chmod 640 f;"
            " mv f d /mnt/host; echo $?; ls /tmp; cat /mnt/host/f /mnt/host/d/e/g;"
            " mv /mnt/host/f /tmp/back; cat /tmp/back; ls /mnt/host",
        )
    assert (result.stdout, result.stderr) == (b"0\ndata\ndeep\ndata\nd\n", b"")
    assert (tmp_path / "d" / "e" / "g").read_text() == "deep\n"
