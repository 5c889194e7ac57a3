# SPDX-License-Identifier: BSD-2-Clause
"""More of what NetBSD's utilities say and print where GNU's differ, or the host has none."""

import binascii
import random

import pytest

MESSAGES = {
    "comm x": (1, "usage: comm [-123f] file1 file2"),
    "comm nofile /dev/null": (1, "comm: nofile: No such file or directory"),
    "expand -t x /dev/null": (1, "expand: bad tab stop spec"),
    "expand -t 4,2 /dev/null": (1, "expand: bad tab stop spec"),
    "unexpand -z": (1, "unexpand: unknown option -- z"),
    "fold -w 0": (1, "fold: illegal width value"),
    "join x": (1, "usage: join [-a fileno | -v fileno ] [-e string] [-1 field] [-2 field]"),
    "join -t ab x y": (1, "join: illegal tab character specification"),
    "join -o 3.1 x y": (1, "join: malformed -o option field"),
    "join -1 0 x y": (1, "join: -1 option field number less than 1"),
    "join -2 1x x y": (1, "join: illegal field number -- 1x"),
    "join -o 1.0 x y": (1, "join: field numbers are 1 based"),
    "join -a 1 -v 2 x y": (1, "join: -a and -v options mutually exclusive"),
    "comm /etc /etc": (1, "comm: /etc: Is a directory"),
    "join /etc x": (1, "join: /etc: Is a directory"),
    "paste /etc": (1, "paste: /etc: Is a directory"),
    "nl /etc": (1, "input error: Is a directory"),
    "split /etc": (1, "split: read: Is a directory"),
    "uuencode /etc x": (1, "uuencode: read error: Is a directory"),
    "uudecode /etc": (1, 'uudecode: /etc: no "begin" line'),
    "join -v 3 x y": (1, "join: -v option file number not 1 or 2"),
    "join - -": (1, "join: only one input file may be stdin"),
    "paste -d '' x": (1, "paste: no delimiters specified"),
    "paste nofile": (1, "paste: nofile: No such file or directory"),
    "rev -x": (1, "rev: unknown option -- x"),
    "nl -b x": (1, "nl: illegal body line numbering type -- x"),
    "nl -n xx": (1, "nl: illegal format -- xx"),
    "nl -w 0": (1, "nl: width argument must be > 0 -- 0"),
    "nl -w x": (1, "invalid width value -- x"),
    "nl -i x": (1, "invalid incr argument -- x"),
    "nl nofile": (1, "nofile: No such file or directory"),
    "nl -h 'p\\('": (1, "nl: header expr: parentheses not balanced -- \\("),
    "echo a | tsort": (1, "tsort: odd data count"),
    "echo a b b a | tsort": (0, "tsort: cycle in data"),
    "tsort a b": (1, "usage: tsort [-lq] [file]"),
    "split -l 0": (1, "split: 0: illegal line count."),
    "split -b x": (1, "split: x: illegal byte count."),
    "cd /tmp; seq 30 | split -a 1 -l 1 - t": (1, "split: too many files."),
    "pathchk": (1, "usage: pathchk [-p] pathname ..."),
    "pathchk -p 'a b'": (1, "pathchk: a b: a b: component contains non-portable character ` '"),
    "pathchk -p -- -a": (1, "pathchk: -a: -a: component contains non-portable character `-'"),
    "pathchk /etc/passwd/x": (1, "pathchk: /etc/passwd/x: /etc/passwd: Not a directory"),
    "cksum nofile": (1, "cksum: nofile: No such file or directory"),
    "cksum -a none": (1, "cksum: illegal argument to -a option"),
    "cksum -o 9": (1, "cksum: illegal argument to -o option"),
    "cksum -s x": (1, "cksum: -s flag requires `-a algorithm'"),
    "cksum -z": (1, "cksum: unknown option -- z"),
    "cksum -c nofile": (1, "cksum: nofile: No such file or directory"),
    "echo bogus | cksum -cw": (1, "cksum: bogus format: bogus. Skipping..."),
    "uuencode": (1, "usage: uuencode [-m] [inputfile] outputfile"),
    "uuencode nofile x": (1, "uuencode: nofile: No such file or directory"),
    "uudecode nofile": (1, "uudecode: nofile: No such file or directory"),
    "uudecode /etc/passwd": (1, 'uudecode: /etc/passwd: no "begin" line'),
    "echo 'begin 644 /tmp/x' | uudecode": (1, "uudecode: stdin: short file"),
    "printf 'begin 644 /tmp/x\\n`\\n' | uudecode": (1, 'uudecode: stdin: no "end" line'),
    "strings -n 0": (1, "strings: invalid minimum string length 0"),
    "time": (1, "Usage: time [-clp] utility [argument ...]"),
    "time nocommand": (127, "time: nocommand: No such file or directory"),
    "time /etc/passwd": (126, "time: /etc/passwd: Permission denied"),
    "timeout x true": (1, "timeout: invalid duration"),
    "timeout 1y true": (64, "timeout: invalid duration"),
    "timeout -s NOSUCH 1 true": (64, "timeout: invalid signal"),
    "timeout 1 nocommand": (127, "timeout: nocommand: No such file or directory"),
    "link a": (1, "usage: link file1 file2"),
    "link nofile x": (1, "link: x: No such file or directory"),
    "unlink": (1, "usage: unlink file"),
    "unlink nofile": (1, "unlink: nofile: No such file or directory"),
    "unlink /etc": (1, "unlink: /etc: Operation not permitted"),
    "mknod x q": (1, "mknod: node type must be 'b', 'c' or 'p'."),
    "mknod x c a b": (1, "mknod: invalid major number: a"),
    "mknod /etc p": (1, "mknod: /etc: File exists"),
    "getconf NOSUCH": (1, "getconf: NOSUCH: unknown variable"),
    "getconf NAME_MAX": (1, "getconf: NAME_MAX: invalid variable type"),
    "getconf PATH /": (1, "getconf: PATH: invalid variable type"),
    "getconf NAME_MAX /nofile": (1, "getconf: pathconf(/nofile, 4): No such file or directory"),
    "pr nofile": (1, "pr: nofile: No such file or directory"),
    "pr -l x": (1, "pr: number of lines must be a positive number: x"),
    "pr -m -3 a b": (1, "pr: -m cannot be used with multiple columns"),
    "vis -F 3": (1, "vis: can't fold lines to less than 5 cols"),
    "vis -h -m": (1, "vis: Can't specify -m and -h at the same time"),
    "vis nofile": (1, "vis: nofile: No such file or directory"),
    "echo '\\q' | unvis": (0, "unvis: stdin: offset: 1: can't decode"),
    "chgrp nogroup /etc/passwd": (1, "chgrp: nogroup: invalid group name"),
}


@pytest.mark.parametrize("command", MESSAGES)
def test_message(system, command):
    """An error's first line and the exit status are NetBSD's."""
    status, message = MESSAGES[command]
    result = system.run(b"/bin/sh", ["-c", command], stdin=b"")
    assert result.stderr.decode().splitlines()[:1] == [message]
    assert result.status == status


def test_uuencode(in_tmp):
    """Lines of 45 bytes, their length first; -m is base64."""
    assert in_tmp("printf Cat | uuencode x; umask 027; printf Cat | uuencode -m x") == (
        b"begin 644 x\n#0V%T\n`\nend\nbegin-base64 640 x\nQ2F0\n====\n".replace(b"Q2F0", b"Q2F0")
    )
    data = random.Random(1).randbytes(1000)
    text = in_tmp("cat > in; uuencode in out", stdin=data).split(b"\n")
    expected = [
        binascii.b2a_uu(data[at : at + 45], backtick=True)[:-1] for at in range(0, 1000, 45)
    ]
    assert text[1:-3] == expected


@pytest.mark.parametrize("option", ["", "-m"])
def test_uudecode_undoes_uuencode(in_tmp, option):
    """The file comes back, with its mode; -p and -o send it elsewhere."""
    data = random.Random(2).randbytes(777)
    assert (
        in_tmp(f"cat > a; uuencode {option} a b > c; uudecode c; cmp a b; echo $?", data) == b"0\n"
    )
    assert in_tmp("chmod 600 a; uuencode a d | uudecode; stat -f %Lp d") == b"600\n"
    assert in_tmp("uudecode -p c") == data
    assert in_tmp("uudecode -o e c; cmp a e; echo $?") == b"0\n"


def test_digests(in_tmp):
    """Cksum -a, and md5 and sha1 by their names; -s a string, -n without the frame."""
    in_tmp("printf abc > abc")
    assert in_tmp("md5 abc") == b"MD5 (abc) = 900150983cd24fb0d6963f7d28e17f72\n"
    assert in_tmp("sha1 -s abc") == b'SHA1 ("abc") = a9993e364706816aba3e25717850c26c9cd0d89d\n'
    assert in_tmp("cksum -n -a SHA256 abc").startswith(b"ba7816bf8f01cfea414140de5dae2223b00361a3")
    assert in_tmp("cksum -a md5 < abc") == b"900150983cd24fb0d6963f7d28e17f72\n"
    assert in_tmp("sum abc; cksum -o 2 abc") == b"16556 1 abc\n294 1 abc\n"


def test_vis(in_tmp):
    """What cannot be seen gets a code; the options choose which, and for what."""
    data = b"a\\b\x01\x7f\x80\xe9\ttab\n"
    assert in_tmp("cat > v; vis v", data) == b"a\\134b\\^A\\^?\\M^@\\M-i\ttab\n"
    assert in_tmp("vis -c v") == b"a\\\\b\\^A\\^?\\M^@\\M-i\ttab\n"
    assert in_tmp("vis -o v") == b"a\\134b\\001\\177\\200\\351\ttab\n"
    assert in_tmp("vis -t v") == b"a\\134b\\^A\\^?\\M^@\\M-i\\011tab\n"
    assert in_tmp("vis -cw v") == b"a\\\\b\\^A\\^?\\M^@\\M-i\\ttab\\n"
    assert in_tmp("vis -b v") == b"a\\b^A^?M^@M-i\ttab\n"
    assert in_tmp("vis -l v") == b"a\\134b\\^A\\^?\\M^@\\M-i\ttab\\$\n"
    assert in_tmp("vis -n v") == b"a\\\\b\x01\x7f\x80\xe9\ttab\n"
    assert in_tmp("printf 'a b/' | vis -h") == b"a%20b%2f"
    assert in_tmp("printf 'a\\007\\033' | vis -s") == b"a\x07\\^["
    assert in_tmp("printf abc | vis -e b") == b"a\\142c"
    assert in_tmp("printf abcdefghij | vis -f -F 8") == b"abcdef\\\nghij\\\n"
    assert in_tmp("printf 'a\\0001' | vis -c") == b"a\\0001"


@pytest.mark.parametrize("option", ["", "-c", "-o", "-w", "-cw", "-f", "-l", "-h", "-m"])
def test_unvis_undoes_vis(in_tmp, option):
    """Every byte comes back."""
    data = bytes(range(256)) * 2 + b"\n"
    undo = option if option in {"-h", "-m"} else ""
    assert in_tmp(f"vis {option} | unvis {undo}", data) == data


def test_time(in_tmp):
    """Real, user and system time on standard error: in a line, as POSIX has it, or as csh's."""
    assert in_tmp("time sleep 2 2>&1").split()[::2][0].startswith(b"2.0")
    assert in_tmp("time sleep 2 2>&1").split()[1::2] == [b"real", b"user", b"sys"]
    assert [line.split()[0] for line in in_tmp("time -p true 2>&1").splitlines()] == [
        b"real",
        b"user",
        b"sys",
    ]
    assert b"u " in in_tmp("time -c true 2>&1")
    assert len(in_tmp("time -l true 2>&1").splitlines()) == 15
    assert in_tmp("time sh -c 'kill $$' 2>&1 | head -n 1") == b"Command terminated abnormally.\n"
    assert in_tmp("time sh -c 'kill $$' 2>/dev/null; echo $?") == b"1\n"


def test_timeout_kills_what_does_not_listen(in_tmp):
    """-k sends SIGKILL after a second while; with --preserve-status its end is told."""
    command = "timeout -k 1 1 sh -c 'trap \"\" TERM; while :; do sleep 1; done'; echo $?"
    assert in_tmp(command) == b"124\n"
    assert in_tmp("timeout --preserve-status 1 sleep 9; echo $?") == b"143\n"


def test_mknod_devices(in_tmp):
    """Character and block devices by major and minor, with owner and mode."""
    assert in_tmp("mknod -m 620 -u user -g users n c 2 2; stat -f '%Sp %Su %Sg %Hr %Lr' n") == (
        b"crw--w---- user users 2 2\n"
    )
    assert in_tmp("mknod blk b 1 0; stat -f %HT blk; rm n blk") == b"Block Device\n"


def test_getconf(in_tmp):
    """System variables, and those of a file; -a lists them."""
    assert (
        in_tmp("getconf OPEN_MAX; getconf PIPE_BUF /; getconf NAME_MAX /tmp") == b"128\n512\n255\n"
    )
    assert b"PAGESIZE = 4096\n" in in_tmp("getconf -a")
    assert b"NAME_MAX = 255\n" in in_tmp("getconf -a /")


def test_pr_header(in_tmp):
    """Two blank lines, date, name and page, two blank lines; five at the end; -f ends with FF."""
    in_tmp("echo x > h; touch -t 200001020304 h")
    assert in_tmp("pr -l 12 h") == b"\n\nJan  2 03:04 2000 h Page 1\n\n\nx\n\n\n\n\n\n\n"
    assert in_tmp("pr -F -h title h") == b"\n\nJan  2 03:04 2000 title Page 1\n\n\nx\n\f"
    assert in_tmp("seq 100 | pr +2 | head -n 6").splitlines()[2].endswith(b" Page 2")
    assert in_tmp("pr -T %Y h | head -n 3") == b"\n\n2000 h Page 1\n"


def test_logname(in_tmp):
    """The name setlogin(2) gave the session."""
    assert in_tmp("logname") in {b"root\n", b""}


def test_comm_folds(in_tmp):
    """-f compares without regard to case."""
    assert in_tmp("echo A > c1; echo a > c2; comm -f c1 c2") == b"\t\tA\n"


def test_tsort_order(system, in_tmp):
    """Among names that may come next, the one that was read last comes first; cycles are broken."""
    assert in_tmp("echo a b c d a d | tsort") == b"c\na\nd\nb\n"
    result = system.run(b"/bin/sh", ["-c", "echo a b b c c a d a | tsort"])
    assert result.stdout == b"d\nc\na\nb\n"
    assert result.stderr == b"tsort: cycle in data\ntsort: a\ntsort: b\ntsort: c\n"
    assert in_tmp("echo a b b a | tsort -q 2>&1") == b"b\na\n"


WRITERS = [
    *("basename a", "cksum f", "sum f", "comm f f", "dirname a", "du f", "expand f", "unexpand f"),
    *("expr 1", "find f", "fold f", "getconf PATH", "hexdump f", "join f p", "nl f", "od f"),
    *("paste f", "pr f", "readlink l", "rev f", "sed p f", "seq 3", "stat f", "strings -n1 f"),
    *("tsort p", "unvis f", "vis f", "uuencode f f", "uudecode -p u", "which cat", "mktemp -u"),
    "logname",
]


def test_write_errors(in_tmp):
    """What cannot be written is told, and the status says so."""
    in_tmp("seq 1 3 > f; ln -s f l; printf '1 2\\n2 3\\n' > p; uuencode f f > u")
    for command in WRITERS:
        name = command.split()[0]
        assert in_tmp(f"{command} 2>&1 >/dev/full; echo $?").decode() == (
            f"{name}: stdout: No space left on device\n1\n"
        )
    for command in ("grep 1 f", "diff f p", "cmp -l f p"):
        assert in_tmp(f"{command} 2>/dev/null >/dev/full; echo $?") == b"2\n"


@pytest.mark.parametrize("command", ["seq 1 100000", "yes", "grep . big", "sed p big", "nl big"])
def test_a_reader_that_has_enough(in_tmp, command):
    """A utility that writes to a pipe without a reader ends by SIGPIPE."""
    in_tmp("[ -f big ] || seq 1 30000 > big")
    assert (
        in_tmp(f"{{ {command}; echo $? > status; }} | head -n 1 >/dev/null; cat status") == b"141\n"
    )


def test_tail_follows(in_tmp):
    """-f writes what is added, for each of several files; -F goes with the name."""
    assert in_tmp("seq 3 | tail -f -n 1") == b"3\n"
    command = (
        "echo a > t1; echo b > t2; tail -f t1 t2 > o & sleep 1; echo c >> t1; sleep 1;"
        " echo d >> t2; sleep 1; kill $!; cat o"
    )
    assert in_tmp(command) == (
        b"==> t1 <==\na\n\n==> t2 <==\nb\n\n==> t1 <==\nc\n\n==> t2 <==\nd\n"
    )
    command = (
        "echo a > t1; tail {} t1 > o & sleep 1; mv t1 t3; echo x > t1; sleep 1; kill $!; cat o"
    )
    assert in_tmp(command.format("-F")) == b"a\nx\n"
    assert in_tmp(command.format("-f")) == b"a\n"
    shorter = "seq 9 > t1; tail -n1 -f t1 > o & sleep 1; echo n > t1; sleep 1; kill $!; cat o"
    assert in_tmp(shorter) == b"9\nn\n"


def test_nl_sections(in_tmp):
    """Lines that begin a header, body or footer are not printed, and numbers start again."""
    sections = (
        "printf '\\\\:\\\\:\\\\:\\nh\\n\\\\:\\\\:\\nb\\n\\nc\\n\\\\:\\nf\\n\\\\:\\\\:\\nd\\n'"
    )
    assert in_tmp(f"{sections} | nl") == (
        b"      \th\n     1\tb\n      \t\n     2\tc\n      \tf\n     1\td\n"
    )
    assert in_tmp(f"{sections} | nl -p -h a") == (
        b"     1\th\n     2\tb\n      \t\n     3\tc\n      \tf\n     4\td\n"
    )
    assert in_tmp("printf 'a\\n\\n\\n\\nb\\n' | nl -b a -l 2 -w 1 -s :") == (
        b"1:a\n :\n2:\n :\n3:b\n"
    )


def test_cksum_checks(in_tmp):
    """-c reads what cksum, or md5, has written, and tells what is different now."""
    in_tmp(
        "echo a > ka; echo b > kb; cksum ka kb > k1; md5 ka kb > k2; md5 -n ka kb > k3; sum ka > k4"
    )
    assert in_tmp("cksum -c k1; cksum -c k2; md5 -c k3; sum -c k4; echo $?") == b"0\n"
    assert in_tmp("echo c > kb; cksum -c k1; echo $?; md5 -c k2; rm ka; sum -c k4; echo $?") == (
        b"kb: FAILED\n1\n(MD5) kb: FAILED\nka: FAILED\n1\n"
    )
    assert in_tmp("echo a > ka; md5 -q ka") == b"60b725f10c9c85c70d97880dfe8191b3\n"
