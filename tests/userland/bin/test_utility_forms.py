# SPDX-License-Identifier: BSD-2-Clause
"""What NetBSD's utilities say and print where GNU's differ, from its manual and sources."""

import pytest

from kernel import api

FIND = "usage: find [-H | -L | -P] [-dEhsXx] [-f file] file [file ...] [expression]"
MESSAGES = {
    "du -a -s .": (1, "usage: du [-H | -L | -P] [-a | -d depth | -s] [-cghikmnrx] [file ...]"),
    "du nofile": (1, "du: nofile: No such file or directory"),
    "egrep '(' /etc/passwd": (2, "egrep: parentheses not balanced"),
    "find": (1, FIND),
    "find -x -z": (1, FIND),
    "find . -foo": (1, "find: -foo: unknown option"),
    "find . -name": (1, "find: -name: requires additional arguments"),
    "find . '(' -print": (1, "find: (: missing closing ')'"),
    "find . -print ')'": (1, "find: ): no beginning '('"),
    "find . -o -print": (1, "find: -or: no expression before -or"),
    "find . -print -o": (1, "find: -or: no expression after -or"),
    "find . !": (1, "find: !: no following expression"),
    "find . -size x": (1, "find: -size: x: illegal numeric value"),
    "find . -size 1q": (1, "find: -size: 1q: illegal trailing character"),
    "find . -type q": (1, "find: -type: q: unknown type"),
    "find . -user nobodyatall": (1, "find: -user: nobodyatall: no such user"),
    "find . -group nogroupatall": (1, "find: -group: nogroupatall: no such group"),
    "find . -perm u+q": (1, "find: -perm: Cannot set file mode `u+q': Invalid argument"),
    "find . -newer nofile": (1, "find: nofile: No such file or directory"),
    "find . -exec true": (1, 'find: -exec: no terminating ";" or "+"'),
    "find . -execdir true": (1, 'find: -execdir: no terminating ";"'),
    "find . -ok true {} +": (1, 'find: -ok: terminating "+" not permitted.'),
    "find nofile": (1, "find: nofile: No such file or directory"),
    "find /etc/passwd -exec nocommand ';'": (0, "find: nocommand: No such file or directory"),
    "grep x nofile": (2, "grep: nofile: No such file or directory"),
    "grep x /etc": (2, "grep: /etc: Is a directory"),
    "grep '[' /etc/passwd": (2, "grep: brackets ([ ]) not balanced"),
    "grep -A x y": (2, "grep: x: invalid context length argument"),
    "grep": (2, "Usage: grep [OPTION]... PATTERN [FILE]..."),
    "readlink": (1, "usage: readlink [-fnqsv] [file ...]"),
    "readlink -v /etc/passwd": (1, "readlink: /etc/passwd: Invalid argument"),
    "sed": (1, "Usage:  sed [-aEGglnru] command [file ...]"),
    "sed z": (1, 'sed: 1: "z": invalid command code z'),
    "sed /x": (1, 'sed: 1: "/x": unterminated regular expression'),
    "sed s/a": (1, 'sed: 1: "s/a": unterminated substitute pattern'),
    "sed s/a/b": (1, 'sed: 1: "s/a/b": unterminated substitute in regular expression'),
    "sed s/a/b/z": (1, "sed: 1: \"s/a/b/z\": bad flag in substitute command: 'z'"),
    "sed s/a/b/gg": (
        1,
        "sed: 1: \"s/a/b/gg\": more than one number or 'g' in substitute flags",
    ),
    "sed 's/a/\\1/'": (1, 'sed: 1: "s/a/\\1/": \\1 not defined in the RE'),
    "sed 's/\\(/x/'": (1, 'sed: 1: "s/\\(/x/": RE error: parentheses not balanced'),
    "sed 1,2": (1, 'sed: 1: "1,2": command expected'),
    "sed 1,2=": (1, 'sed: 1: "1,2=": command = expects up to 1 address(es), found 2'),
    "sed pq": (1, 'sed: 1: "pq": extra characters at the end of p command'),
    "sed '{p'": (1, 'sed: 1: "{p": unexpected EOF (pending }\'s)'),
    "sed '}'": (1, 'sed: 1: "}": unexpected }'),
    "sed 'a x'": (1, 'sed: 1: "a x": command a expects \\ followed by text'),
    "sed y/ab/c/": (1, 'sed: 1: "y/ab/c/": transform strings are not the same length'),
    "sed 'b x'": (1, "sed: undefined label 'x'"),
    "sed :": (1, 'sed: 1: ":": empty label'),
    "sed w": (1, 'sed: 1: "w": filename expected'),
    "sed //p /etc/passwd": (1, "sed: first RE may not be empty"),
    "sed -f nofile": (1, "sed: nofile: No such file or directory"),
    "sed p nofile": (1, "sed: nofile: No such file or directory"),
    "sed -i p": (1, "sed: -I or -i may not be used with stdin"),
    "sed -i p /dev/null": (
        1,
        "sed: /dev/null: in-place editing only works for regular files",
    ),
    "sed s/averyveryverylongpattern/x": (
        1,
        'sed: 1: "s/averyveryverylongpatt ...": unterminated substitute in regular expression',
    ),
    "seq": (1, "usage: seq [-w] [-f format] [-s string] [-t string] [first [incr]] last"),
    "seq x": (2, "seq: invalid floating point argument: x"),
    "seq 1 0 2": (1, "seq: zero increment"),
    "seq 2 1 1": (1, "seq: needs negative decrement"),
    "seq 1 -1 2": (1, "seq: needs positive increment"),
    "seq -f %d 1": (1, "seq: invalid format string: `%d'"),
    'echo "\'" | xargs': (1, "xargs: unterminated quote"),
    "echo a | xargs -n 0": (1, "xargs: illegal argument count"),
    "echo a | xargs -x": (
        1,
        "Usage: xargs [-0opt] [-E eofstr] [-I replstr [-R replacements] [-S replsize]]",
    ),
    "echo a | xargs nocommand": (127, "xargs: nocommand: No such file or directory"),
    "echo a | xargs /etc/passwd": (126, "xargs: /etc/passwd: Permission denied"),
    "echo a | xargs sh -c 'exit 255'": (124, "xargs: sh exited with status 255"),
    "echo a | xargs sh -c 'kill $$'": (125, "xargs: sh terminated by SIGTERM"),
    "echo aaaaaaaaaaaaaaaaaaaa | xargs -s 10 x": (1, "xargs: insufficient space for argument"),
}


@pytest.fixture(scope="module")
def system():
    with api.boot() as k:
        yield k


@pytest.fixture
def sh(system):
    """Runs a command of the shell in /tmp; returns what it printed."""

    def run(command):
        result = system.run(b"/bin/sh", ["-c", f"cd /tmp; {command}"], stdin=b"")
        return result.stdout.decode()

    return run


@pytest.mark.parametrize("command", MESSAGES)
def test_message(system, command):
    """An error's first line and the exit status are NetBSD's."""
    status, message = MESSAGES[command]
    result = system.run(b"/bin/sh", ["-c", command], stdin=b"")
    assert result.stderr.decode().splitlines()[:1] == [message]
    assert result.status == status


def test_du_counts_blocks(sh):
    """Of 512 bytes, of what BLOCKSIZE says, or of what an option says; -n counts files."""
    text = sh(
        "mkdir -p u/v; head -c 5000 /dev/zero > u/v/f; cd u/v; du f; du -k f; du -h f;"
        " BLOCKSIZE=1k du f; du -n .. ; du -c f f"
    )
    assert text == "16\tf\n8\tf\n8.0K\tf\n8\tf\n2\t../v\n3\t..\n16\tf\n16\tf\n32\ttotal\n"


def test_find_rounds_times_up(sh):
    """A file that was changed some seconds ago is one day old; less than a second, none."""
    sh("touch t; sleep 5; touch -t 200308061645 d")
    assert sh("find t d -mtime 1") == "t\n"
    assert sh("find t d -mtime -1") == "t\n"
    assert sh("find t d -mtime 2") == "d\n"
    assert sh("find t d -mmin +2") == "d\n"


def test_find_ls(sh):
    """-ls: inode, blocks, mode, links, owner, group, size, date, name."""
    line = sh("mkdir l; touch -t 200001020304 l/f; find l -name f -ls; rm -r l").split()
    assert line[1:] == ["0", "-rw-r--r--", "1", "root", "wheel", "0", "Jan", "2", "2000", "l/f"]


def test_find_leaves_out_what_xargs_cannot_read(sh):
    """-X warns; -printx escapes; -s sorts; -exit ends."""
    assert sh("mkdir x; cd x; touch 'a b' c; find -X . -type f 2>&1") == (
        "find: ./a b: illegal path\n./c\n"
    )
    assert sh("cd x; find -s . -type f -printx") == "./a\\ b ./c "
    assert sh("find x -exit 3; echo $?; find -s -f x -- -print") == "3\nx\nx/a b\nx/c\n"


def test_grep_binary_files(sh):
    """A line of a binary file is not shown."""
    assert sh("printf 'a\\0b\\n' > b; grep a b; grep -c a b") == "Binary file b matches\n1\n"


def test_sed_writes_the_last_newline(sh):
    """Each line is written with a newline; N without a next line ends without output."""
    assert sh("printf 'a\\nb' | sed p") == "a\na\nb\nb\n"
    assert sh("printf 'a\\nb\\nc\\n' | sed N") == "a\nb\n"


def test_sed_l_folds(sh):
    """Lines of l are as long as COLUMNS says, 60 if nothing does."""
    assert sh("echo 1234567890 | COLUMNS=6 sed -n l") == "12345\\\n67890\\\n$\n"


def test_sed_numbers_in_place(sh):
    """-I goes on counting from file to file, -i does not."""
    assert sh("echo x > a; echo x > b; sed -i = a b; cat a b") == "1\nx\n1\nx\n"
    assert sh("echo x > a; echo x > b; sed -I = a b; cat a b") == "1\nx\n2\nx\n"


def test_xargs_joins_words_for_replstr(sh):
    """-J puts all arguments in one place; -R bounds how often -I replaces, -S how long."""
    assert sh("echo 1 2 | xargs -J % echo a % b") == "a 1 2 b\n"
    assert sh("echo 1 | xargs -I % -R 1 echo % %") == "1 %\n"
    assert sh("echo 123456 | xargs -I % -S 9 echo %% x") == "123456% x\n"
