# SPDX-License-Identifier: BSD-2-Clause
"""Arguments that are no text, or numbers that fit nowhere: a line says so, or they count as most."""

import pytest

HUGE = "9" * 23
FIRST = b"root:*:0:0:Charlie &:/root:/bin/sh\n"


@pytest.fixture
def sh(k):
    """Runs a command line; returns its status, what it said and what it complained of."""

    def run(command):
        done = k.run(b"/bin/sh", ["-c", command])
        return done.status, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    "command",
    [
        f"tail -n {HUGE}", f"tail -c {HUGE}", f"tail -r -n {HUGE} | tail -n 1", f"head -n {HUGE}",
        f"grep -B {HUGE} root",
    ],
)  # fmt: skip
def test_as_many_as_there_are(sh, command):
    """More than there can be is all."""
    command, _, more = command.partition("|")
    status, out, complaints = sh(f"{command} /etc/passwd | {more or 'head -n 1'}")
    assert (status, out, complaints) == (0, FIRST, b"")


@pytest.mark.parametrize(
    ("command", "status", "complaint"),
    [
        (f"strings -n {HUGE}", 1, f"strings: invalid minimum string length {HUGE}"),
        (f"timeout {HUGE} true", 1, "timeout: invalid duration"),
        (f"timeout -k {HUGE} 1 true", 1, "timeout: invalid duration"),
    ],
)
def test_too_much(sh, command, status, complaint):
    """It is refused."""
    assert sh(command) == (status, b"", f"{complaint}\n".encode())


def test_no_limit(sh):
    """A limit beyond all is none."""
    assert sh(f"ulimit -t {HUGE}; ulimit -t") == (0, b"unlimited\n", b"")


@pytest.mark.parametrize(
    ("command", "status", "complaint"),
    [
        ("diff", 2, b"diff: missing operand after `\xff'\ndiff: Try `diff --help' for more"),
        ("sysctl", 1, b"sysctl: top level name '\xff' in '\xff' is invalid"),
    ],
)
def test_no_text(sh, command, status, complaint):
    """It is shown as it is."""
    found, _, complaints = sh(f"{command} $(printf '\\377')")
    assert found == status
    assert complaints.startswith(complaint)


def test_no_text_to_tell(sh):
    """What is not UTF-8 is told as it is."""
    status, out, complaints = sh("shutdown -k now $(printf '\\377')")
    assert (status, complaints) == (0, b"")
    assert b"\n\xff\r\n" in out


BEYOND = "9" * 5000  # more digits than Python's int takes
NO_MEMORY = "Cannot allocate memory"


@pytest.mark.parametrize("many", [HUGE, BEYOND])
@pytest.mark.parametrize(
    "command",
    [
        "tail -n {}", "tail -c {}", "head -n {}", "head -c {}", "grep -m {} :", "sort -n -k 1.{}",
        "cut -c 1-{}", "diff -U {} /etc/group -", "sed -n 1,{}p", "od -c -N {}", "hexdump -c -n {}",
        "xargs -R {} -I % true", "split -b {} -", "find / -maxdepth {} -prune",
        "expr {} '>' 1", "sh -c 'ulimit -c {}'",
    ],
)  # fmt: skip
def test_no_number_is_too_long(sh, command, many):
    """It is as good as the greatest."""
    status, out, complaints = sh(f"cd /tmp; {command.format(many)} </etc/passwd | head -n 1")
    assert (status, complaints) == (0, b"")
    assert not out or len(out) < 200


@pytest.mark.parametrize("many", [HUGE, BEYOND, " -1", "2147483648", "x", "", "1x"])
@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("uniq -f '{}'", "uniq: illegal field skip value: {}"),
        ("uniq -s '{}'", "uniq: illegal character skip value: {}"),
        ("pr -l '{}'", "pr: number of lines must be a positive number: {}"),
        ("pr -w '{}'", "pr: width must be a positive number: {}"),
        ("pr -o '{}'", "pr: offset must be positive: {}"),
        ("fold -w '{}'", "fold: illegal width value"),
        ("expand -t '{}'", "expand: bad tab stop spec"),
        ("strings -n '{}'", "strings: invalid minimum string length {}"),
        ("kill '{}'", "kill: illegal process id: {}"),
        ("/bin/kill 2147483647 '{}'", "kill: illegal process id: {}"),
    ],
)
def test_one_line_says_what_number_is_none(sh, command, many, complaint):
    """And the status tells it."""
    if "kill" in command and many == " -1":
        return  # that is everybody
    status, out, complaints = sh(f"{command.format(many)} </etc/passwd")
    assert (status, out) == (1, b"")
    assert complaints.endswith(complaint.format(many).encode() + b"\n")
    assert complaints.count(b"\n") == 1 + complaints.count(b"No such process")


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("nl -w {}", f"nl: cannot allocate preformatting buffer: {NO_MEMORY}"),
        ("pr -o {}", "pr: memory allocation failed"),
        ("pr -e{}", "pr: memory allocation failed"),
        ("pr -n{}", "pr: memory allocation failed"),
        ("dd bs={}", f"dd: input buffer: {NO_MEMORY}"),
        ("cat -B {}", f"cat: buffer: {NO_MEMORY}"),
        ("split -a {}", f"split: suffix: {NO_MEMORY}"),
        ("tr a '[b*{}]'", f"tr: malloc: {NO_MEMORY}"),
        ("printf %{}d 1", f"printf: {NO_MEMORY}"),
        ("printf %.*d {} 1", f"printf: {NO_MEMORY}"),
        ("stat -f %{}z /", f"stat: %{{}}z: {NO_MEMORY}"),
        ("stat -f %.{}Fm /", f"stat: %.{{}}Fm: {NO_MEMORY}"),
        ("seq -f %{}g 1", f"seq: %{{}}g: {NO_MEMORY}"),
        ("""hexdump -e '"%{}d"'""", f"hexdump: {NO_MEMORY}"),
    ],
)
def test_there_is_no_memory_for_it(sh, command, complaint):
    """More than RLIMIT_DATA is refused before anything is made of that size."""
    many = 2**31 - 1
    status, out, complaints = sh(f"{command.format(many)} </etc/passwd")
    assert (status, out, complaints) == (1, b"", f"{complaint.format(many)}\n".encode())


def test_skipping_costs_no_more_than_there_is(sh):
    """A line has only so many fields: two billion are skipped at once."""
    assert sh("printf 'a b\\nc d\\ne\\n' | uniq -c -f 2147483647") == (0, b"   3 a b\n", b"")
    assert sh("printf 'a b\\nc b\\nd\\n' | uniq -f 1") == (0, b"a b\nd\n", b"")
    assert sh("printf 'abc\\nxbc\\nb\\n' | uniq -s 1") == (0, b"abc\nb\n", b"")


def test_sorting_numbers_of_any_length(sh):
    """Also those that Python makes no int of."""
    status, out, complaints = sh(
        f"printf '%s\\n' {BEYOND} 1{BEYOND} -{BEYOND} 5 -.5 x 05.50 | sort -n"
    )
    assert (status, complaints) == (0, b"")
    assert [line[:5] for line in out.split()] == [
        b"-9999", b"-.5", b"x", b"5", b"05.50", b"99999", b"19999",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "complaint"),
    [
        ("4096 0", "invalid major number"),
        ("-1 0", "invalid major number"),
        ("0 1048576", "invalid minor number"),
        ("0 -1", "invalid minor number"),
        (f"{HUGE} 0", f"invalid major number: {HUGE}"),
        (f"0 {BEYOND}", f"invalid minor number: {BEYOND}"),
        (HUGE, f"invalid device number: {HUGE}"),
        ("1_0", "invalid device number: 1_0"),
        ("-1", "/tmp/device: Invalid argument"),
    ],
)
def test_a_device_has_no_such_number(sh, numbers, complaint):
    """12 bits of a dev_t are the driver's, 20 the unit's."""
    assert sh(f"mknod /tmp/device c {numbers}") == (1, b"", f"mknod: {complaint}\n".encode())
    assert sh("test -e /tmp/device")[0] == 1


def test_the_greatest_device(sh):
    """That is one that can be made."""
    assert sh("mknod /tmp/device c 4095 1048575; stat -f '%Hr %Lr' /tmp/device") == (
        0, b"4095 1048575\n", b"",
    )  # fmt: skip
