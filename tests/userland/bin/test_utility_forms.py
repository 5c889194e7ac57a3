# SPDX-License-Identifier: BSD-2-Clause
"""What NetBSD's utilities say and print where GNU's differ, from its manual and sources."""

import pytest

FIND = "usage: find [-H | -L | -P] [-dEhsXx] [-f file] file [file ...] [expression]"
MESSAGES = {
    "basename": (1, "usage: basename string [suffix]"),
    "cmp x": (2, "usage: cmp [-cl | -s] file1 file2 [skip1 [skip2]]"),
    "cmp nofile /etc/passwd": (2, "cmp: nofile: No such file or directory"),
    "cmp /dev/null /etc/passwd": (1, "cmp: EOF on /dev/null"),
    "cmp - -": (2, "cmp: standard input may only be specified once"),
    "cmp x y z": (2, "cmp: z: bad offset"),
    "diff": (2, "diff: missing operand after `diff'"),
    "diff x": (2, "diff: missing operand after `x'"),
    "diff x y z": (2, "diff: extra operand `z'"),
    "diff nofile /etc/passwd": (2, "diff: nofile: No such file or directory"),
    "diff -U x y z": (2, "diff: invalid context length `x'"),
    "diff --nosuch": (2, "diff: unrecognized option `--nosuch'"),
    "dirname": (1, "usage: dirname path"),
    "du -a -s .": (1, "usage: du [-H | -L | -P] [-a | -d depth | -s] [-cghikmnrx] [file ...]"),
    "du nofile": (1, "du: nofile: No such file or directory"),
    "egrep '(' /etc/passwd": (2, "egrep: parentheses not balanced"),
    "expr": (2, "usage: expr expression"),
    "expr 1 / 0": (2, "expr: second argument to '/' must not be zero"),
    "expr 1 % 0": (2, "expr: second argument to '%' must not be zero"),
    "expr a + 1": (2, "expr: non-integer argument 'a'"),
    "expr 1 +": (2, "expr: syntax error"),
    "expr '('": (2, "expr: syntax error"),
    "expr 1 2": (2, "expr: syntax error"),
    "expr a : '\\('": (2, "expr: parentheses not balanced"),
    "expr 9223372036854775807 + 1": (
        2,
        "expr: integer overflow or underflow occurred for operation '9223372036854775807 + 1'",
    ),
    "expr 9223372036854775808 + 1": (
        2,
        "expr: value '9223372036854775808' is too big, maximum is 9223372036854775807",
    ),
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
    "find . -since x": (1, "find: -since: x: invalid timestamp value"),
    "find . -flags x": (1, "find: -flags: x: illegal flags string"),
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
    "hexdump nofile": (1, "hexdump: nofile: No such file or directory"),
    "hexdump -s 999999 /etc/passwd": (1, "hexdump: cannot skip past end of input"),
    "hexdump -n x": (1, "hexdump: x: bad length value"),
    "hexdump -f nofile": (1, "hexdump: can't read nofile: No such file or directory"),
    "hexdump -e '1/3 \"%d\"'": (
        1,
        "hexdump: %d: bad byte count for conversion character",
    ),
    "hexdump -e x": (1, 'hexdump: "x": bad format'),
    "install x": (1, "usage: install [-Ubcprs] [-M log] [-D dest] [-T tags] [-B suffix]"),
    "install nofile /tmp/x": (1, "install: nofile: stat: No such file or directory"),
    "install /etc/passwd /nodir/x": (1, "install: /nodir/x: open: No such file or directory"),
    "install /etc/passwd /etc/passwd": (
        1,
        "install: /etc/passwd and /etc/passwd are the same file",
    ),
    "install -m u+q /etc/passwd x": (
        1,
        "install: Cannot set file mode `u+q': Invalid argument",
    ),
    "install -o nouser x y": (1, "install: unknown user nouser"),
    "mktemp /nodir/x.XXXX": (
        1,
        "mktemp: mkstemp failed on /nodir/x.XXXX: No such file or directory",
    ),
    "mktemp -d /tmp/x": (1, "mktemp: mkdtemp failed on /tmp/x: Invalid argument"),
    "mktemp -z": (1, "mktemp: unknown option -- z"),
    "nohup": (127, "usage: nohup utility [argument ...]"),
    "nohup nocommand": (127, "nohup: nocommand: No such file or directory"),
    "nohup /etc/passwd": (126, "nohup: /etc/passwd: Permission denied"),
    "od -t q": (1, "usage: od [-aBbcDdeFfHhIiLlOovXx] [-A base] [-j skip] [-N length] [-t type]"),
    "od -t d3": (1, "od: d3: format not supported"),
    "od -j x": (1, "od: x: bad skip value"),
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
    "stat nofile": (1, "stat: nofile: lstat: No such file or directory"),
    "stat -L nofile": (1, "stat: nofile: stat: No such file or directory"),
    "stat -f %Q /": (1, "stat: %Q: bad format"),
    "stat -f %Fz /": (1, "stat: %Fz: bad format"),
    "stat -l -x /": (1, "stat: can't use format 'l' with 'x'"),
    "stat -F -x /": (1, "stat: can't use format 'x' with -F"),
    "which": (1, "Usage: which [-ap] program [...]"),
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


@pytest.fixture
def sh(in_tmp):
    """Runs a command of the shell in /tmp; returns what it printed, as text."""
    return lambda command: in_tmp(command).decode()


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
    """Each line is written with a newline; N without a next line writes what there is."""
    assert sh("printf 'a\\nb' | sed p") == "a\na\nb\nb\n"
    assert sh("printf 'a\\nb\\nc\\n' | sed N") == "a\nb\nc\n"


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


def test_diff_of_binary_files_is_trouble(sh):
    """As diff 2.8.1 has it: 2, but 1 with -q."""
    sh("printf 'a\\0' > b1; printf 'b\\0' > b2")
    assert sh("diff b1 b2; echo $?; diff -q b1 b2; echo $?") == (
        "Binary files b1 and b2 differ\n2\nFiles b1 and b2 differ\n1\n"
    )


def test_od_spacing(sh):
    """Od is hexdump: two blanks after the address, the end of the last line filled up."""
    assert sh("printf abcd | od") == "0000000  061141 062143" + " " * 42 + "\n0000004\n"
    assert sh("printf 'a ' | od -A x -t a") == "0000000    a  sp" + " " * 56 + "\n0000002\n"
    assert sh("printf abcdef | od -c +3.").splitlines()[-1] == "0000006"


def test_stat_formats(sh):
    """-f has items of NetBSD's; -s is for the shell, -r raw, -x long, -l as ls has it."""
    sh("mkdir st; cd st; echo hi > f; chmod 4751 f; ln -s f l; touch -t 200001020304.05 f")
    assert sh("cd st; stat -f '%Sp %SHp %SMp %SLp %p %Lp %Mp %Hp' f") == (
        "-rwsr-x--x rws r-x --x 104751 751 4 10\n"
    )
    assert sh("cd st; stat -f '%z %l %Su:%Sg %N %HT %T%n%m %Fm %.3Fm %Sm' f") == (
        "3 1 root:wheel f Regular File *\n"
        "946782245 946782245.000000000 946782245.000 Jan  2 03:04:05 2000\n"
    )
    assert sh("cd st; stat -f '%N%SY %Y %@ %HN %LN%%' l ./f") == "l -> f f 1 . l%\n./f  2 . f%\n"
    assert sh("cd st; stat -n -f %5z f; stat -f '%-5z|%05z|%Xz|%+z' f") == "    33    |00003|3|+3\n"
    assert sh("cd st; stat -lF f") == "-rwsr-x--x 1 root wheel 3 Jan  2 03:04:05 2000 f*\n"
    assert (
        sh("cd st; eval $(stat -s f); echo $st_size $st_mode $st_mtime") == "3 0104751 946782245\n"
    )
    assert sh("cd st; stat -t %Y -f %Sm f; stat -f %Z /dev/null; stat -L -f %HT l") == (
        "2000\n2,2\nRegular File\n"
    )
    assert sh("cd st; stat -x f").splitlines()[1:3] == [
        "  Size: 3            FileType: Regular File",
        "  Mode: (0751/-rwsr-x--x)         Uid: (    0/    root)  Gid: (    0/   wheel)",
    ]


def test_install_links_and_backs_up(sh):
    """-l makes links, -b and -B keep what was there, -r replaces by rename(2), -d takes an owner."""
    sh("mkdir in; cd in; echo 1 > a; echo 2 > b")
    assert sh("cd in; install -l s a c; readlink c; install -l h a d; [ a -ef d ]; echo $?") == (
        "a\n0\n"
    )
    assert sh("cd in; install -b b d; cat d d.old; install -B .bak a d; cat d.bak") == "2\n1\n2\n"
    assert sh("cd in; install -r -m 600 a z; stat -f '%Sp' z; ls | wc -l") == (
        "-rw-------\n       7\n"
    )
    assert sh("cd in; install -d -o user -g users -m 750 e/f; stat -f '%Su %Sg %Lp' e/f") == (
        "user users 750\n"
    )


def test_find_dates_and_flags(sh):
    """-since and its kin compare with a date; -flags with what chflags(2) has set."""
    sh("mkdir fd; touch -t 200001010000 fd/o; touch -t 200201010000 fd/n")
    assert sh("find fd -type f -since 2001-01-01") == "fd/n\n"
    assert sh("find fd -type f ! -since 2001-01-01") == "fd/o\n"
    assert sh("find fd -type f -csince 2001-01-01 -name o") == "fd/o\n"
    assert sh("find fd -flags none -name n; find fd -flags -uchg") == "fd/n\n"


def test_find_exits_as_the_command_of_many_files(sh):
    """The status of -exec {} + is that of the last command that failed."""
    assert sh("find /etc/passwd -exec sh -c 'exit 7' {} +; echo $?") == "7\n"
    assert sh("find /etc/passwd -exec sh -c 'kill $$' {} +; echo $?") == "255\n"
    assert sh("find /etc/passwd -exec nocommand {} + 2>&1; echo $?") == (
        "find: nocommand: No such file or directory\n1\n"
    )


def test_seq_forms(sh):
    """Numbers are shown by %g; -s follows each of them, -t the last; down without an increment."""
    assert sh("seq -s , 3; seq -s : -t end 2; seq -t '\\n' -s ' ' 3") == "1,2,3,1:2:end1 2 3 \n"
    assert sh("seq 3 1; seq 999999 1000000") == "3\n2\n1\n999999\n1e+06\n"
    assert sh("seq 0 .5 1; seq -f '%5.1f%%' 1; seq -f %a 2; seq -f x 2") == (
        "0\n0.5\n1\n  1.0%\n0x1p+0\n0x1p+1\nx\nx\n"
    )
    assert sh("seq -w 1 5 16; seq -w 0 .25 1; seq -s '\\t' 2") == (
        "01\n06\n11\n16\n0.00\n0.25\n0.50\n0.75\n1.00\n1\t2\t"
    )
