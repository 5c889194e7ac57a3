# SPDX-License-Identifier: BSD-2-Clause
"""Utilities do what the host's do: same output, same status, same files."""

import pytest

from kernel import api

# Run in an empty directory; each makes what it needs.
COMMANDS = {
    "cat": [
        "printf 'a\\nb\\n' > f; cat f f - < f; cat < f; printf x | cat",
        "printf 'a\\n\\n\\nb\\tc\\n' > f; cat -n f; cat -b f; cat -s f; cat -e f; cat -t f",
        "printf '\\001\\177\\200\\377\\n' | cat -v",
        "cat nofile 2>/dev/null; echo $?; cat /dev/null; echo $?",
    ],
    "chmod": [
        "umask 022; touch f; for m in 644 u+x go-r a=rw o= +x -w u=g,g+w 4755 ug+s +t 0; do"
        " chmod $m f; ls -l f | cut -c1-10; done",
        "mkdir d; touch d/f; chmod -R a-rwx,u+rwX d; ls -ld d d/f | cut -c1-10",
        "mkdir d; touch d/f; chmod -R g=u d; ls -l d | tail -n 1 | cut -c1-10; chmod 700 nofile"
        " 2>/dev/null; echo $?",
    ],
    "cp": [
        "echo a > f; cp f g; cat g; cp f g h 2>/dev/null; echo $?; mkdir d; cp f g d; ls d | cat",
        "mkdir -p a/b; echo 1 > a/f; echo 2 > a/b/g; ln -s f a/l; cp -R a c; ls -R c | cat;"
        " cat c/l c/b/g; cp -R a c; ls c | cat",
        "mkdir a; cp a b 2>/dev/null; echo $?; cp nofile x 2>/dev/null; echo $?; echo 1 > f;"
        " cp f f 2>/dev/null; echo $?",
        "echo 1 > f; chmod 640 f; touch -t 200101010101 f; cp -p f g; ls -l g | cut -c1-10; [ g -ot"
        " /dev/null ] && echo old",
        "echo 1 > f; ln -s f l; cp l m; [ -h m ]; echo $?; cp -RP l n; [ -h n ]; echo $?",
    ],
    "cut": [
        "printf 'a:b:c\\nd\\n' | cut -d : -f 2; printf 'a:b:c\\nd\\n' | cut -s -d: -f1,3-;"
        " echo abcdef | cut -c 2-3,5; echo abcdef | cut -b -2; echo abc | cut -c9",
    ],
    "date": [
        "TZ=UTC0 date -u +%Y >/dev/null; echo $?",
    ],
    "dd": [
        "printf 0123456789 > f; dd if=f of=g bs=3 count=2 skip=1 2>/dev/null; cat g; echo;"
        " dd if=f bs=4 2>/dev/null | wc -c | tr -d ' '; dd if=f conv=notrunc,ucase 2>/dev/null",
        "printf abcdef > f; printf XY | dd of=f seek=2 bs=1 conv=notrunc 2>/dev/null; cat f; echo;"
        " printf abcd | dd conv=swab 2>/dev/null; echo; printf aB | dd conv=lcase 2>/dev/null",
        "dd if=/dev/zero of=z bs=1k count=3 2>err; wc -c < z | tr -d ' '; head -n 2 err;"
        " dd if=nofile 2>/dev/null; echo $?",
        "printf abc | dd ibs=1 obs=2 2>err; echo; head -n 2 err; printf ab | dd bs=4 conv=sync"
        " 2>/dev/null | wc -c | tr -d ' '",
    ],
    "echo": ["echo; echo a  b 'c  d'; echo -n x; echo -n; echo -- -n; /bin/echo a b; echo '' x"],
    "env": [
        "env -i A=1 B=2 env; env A=x sh -c 'echo $A'; env -u HOME sh -c 'echo [$HOME]';"
        " env nosuchprogram 2>/dev/null; echo $?; env A=1 false; echo $?",
    ],
    "false": ["false; echo $?; true; echo $?; /usr/bin/false x; echo $?; /usr/bin/true x; echo $?"],
    "head": [
        "i=0; while [ $i -lt 15 ]; do echo $i; i=$((i+1)); done > f; head f; head -n 3 f; head -2 f;"
        " head -c 5 f; head -n 1 f f; head < f | tail -n 1; head -n 2 nofile 2>/dev/null; echo $?",
        "printf 'no newline' | head; printf 'a\\nb' | head -n 2; head -q -n 1 /dev/null /dev/null",
    ],
    "id": ["id -u; id -g; id -un; id -G | cut -d' ' -f1; id nosuchuser 2>/dev/null; echo $?"],
    "kill": [
        "sleep 9 & kill $!; wait $!; echo $?; sleep 9 & kill -9 $!; wait $! 2>/dev/null; echo $?",
        "sh -c 'kill -s HUP $$'; echo $?; /bin/kill -INT 99999 2>/dev/null; echo $?;"
        " kill -0 $$; echo $?; /bin/kill -l 15; /bin/kill -l 2",
    ],
    "ln": [
        "echo a > f; ln f g; ls -l f | cut -c12; ln -s f s; cat s; readlink s 2>/dev/null || echo f;"
        " ln f g 2>/dev/null; echo $?; echo b > h; ln -f h g; cat g; ln -s nowhere d; [ -h d ]; echo"
        " $?; mkdir dir; ln f g dir; ls dir | cat; ln -sf h s; cat s",
        "ln nofile x 2>/dev/null; echo $?; mkdir d; ln d e 2>/dev/null; echo $?; ln -s /etc/passwd;"
        " [ -h passwd ]; echo $?",
    ],
    "ls": [
        "mkdir -p d/e; touch b a d/f; chmod 755 a; ls | cat; ls -a d | cat; ls -A | cat;"
        " ls -r | cat; ls -F | cat; ls -p | cat; ls d a | cat; ls -d d | cat; ls -R . | cat",
        "touch -t 202001010000 old; touch -t 202101010000 new; ls -t | cat; ls -tr | cat;"
        " printf 12345 > big; ls -S | head -n 1; ls -m | cat; ls nofile 2>/dev/null; [ $? != 0 ]",
        "mkdir d; ls d; echo $?; ls -1 d; ln -s nowhere l; ls l; ls -F | cat; mkfifo p; ls -F p",
    ],
    "mkdir": [
        "mkdir a; [ -d a ]; echo $?; mkdir a 2>/dev/null; echo $?; mkdir -p a/b/c a; ls -R a | cat;"
        " mkdir x/y 2>/dev/null; echo $?; mkdir -m 700 m; ls -ld m | cut -c1-10; umask 077; mkdir -p"
        " q/r; ls -ld q q/r | cut -c1-10; touch f; mkdir -p f/g 2>/dev/null; echo $?",
    ],
    "mkfifo": [
        "mkfifo p; [ -p p ]; echo $?; mkfifo p 2>/dev/null; echo $?; mkfifo -m 600 q; ls -l q | cut"
        " -c1-10; echo through > p & cat p; wait",
    ],
    "mv": [
        "echo a > f; mv f g; cat g; [ -e f ]; echo $?; mkdir d; mv g d; cat d/g; mv d e; cat e/g;"
        " mv nofile x 2>/dev/null; echo $?; echo 1 > p; echo 2 > q; mv p q; cat q; touch r s; mv r s"
        " e; ls e | cat; mv r s nodir 2>/dev/null; [ $? != 0 ]; echo $?",
    ],
    "printenv": [
        'printenv HOME; printenv NOSUCH; echo $?; X=1 printenv X; X=1 printenv | while read l; do [ "$l" = X=1 ] && echo $l; done; true'
    ],
    "pwd": ["mkdir d; cd d; [ $(pwd) = $(/bin/pwd) ]; echo $?; cd /; /bin/pwd"],
    "rm": [
        "touch f; rm f; [ -e f ]; echo $?; rm f 2>/dev/null; echo $?; rm -f f; echo $?; mkdir d;"
        " rm d 2>/dev/null; echo $?; rm -r d; [ -e d ]; echo $?; mkdir -p a/b; touch a/f a/b/g; rm"
        " -rf a nofile; ls | cat; rm -f; echo $?; mkdir e; rm -d e; ls | cat; rm . 2>/dev/null; echo $?",
        "touch ./-f; rm -- -f; ls | cat; touch a; echo n | rm -i a 2>/dev/null; ls | cat; echo y | rm"
        " -i a 2>/dev/null; ls | cat; ln -s /etc/passwd l; rm l; [ -e /etc/passwd ]; echo $?",
    ],
    "rmdir": [
        "mkdir a; rmdir a; ls | cat; mkdir -p b/c; rmdir b 2>/dev/null; echo $?; rmdir -p b/c; ls |"
        " cat; rmdir nodir 2>/dev/null; echo $?; touch f; rmdir f 2>/dev/null; echo $?",
    ],
    "sleep": ["sleep 0; echo $?; sleep 0.01; echo $?; sleep 2>/dev/null; echo $?"],
    "sort": [
        "printf 'c\\na\\nb\\n' > f; sort f; sort -r f; sort < f; sort f f | uniq -c | tr -s ' ';"
        " sort -u f f; sort -o f f; cat f; sort -c f; echo $?; printf 'b\\na\\n' | sort -c"
        " 2>/dev/null; echo $?",
        "printf '10\\n9\\n-1\\n1.5\\n1.25\\nx\\n' | sort -n; printf '3\\n10\\n2\\n' | sort -rn",
        "printf 'x 3\\ny 1\\nz 2\\n' | sort -k 2; printf 'x 3\\ny 10\\nz 2\\n' | sort -k 2n;"
        " printf 'a:2:x\\nb:1:y\\nc:1:a\\n' | sort -t : -k 2,2 -k 3; printf 'b 1\\na 1\\n' | sort -s"
        " -k 2; printf 'b 1\\na 1\\n' | sort -k 2,2; printf 'B\\na\\nC\\nb\\n' | sort -f;"
        " printf 'ab\\na-a\\n' | sort -d; printf ' b\\na\\n' | sort -b",
        "printf 'a b 9\\na a 10\\nb a 1\\n' | sort -k1,1 -k3nr; printf 'ab\\naa\\n' | sort -k 1.2;"
        " printf 'xb1\\nxa2\\n' | sort -k1.2,1.2r; printf 'a\\n\\nb\\n' | sort; sort /dev/null",
    ],
    "tail": [
        "i=0; while [ $i -lt 15 ]; do echo $i; i=$((i+1)); done > f; tail f; tail -n 3 f; tail -2 f;"
        " tail -n +14 f; tail -c 5 f; tail -c +30 f; tail -n 1 f f; tail < f | head -n 1; cat f | tail"
        " -n 2; tail nofile 2>/dev/null; echo $?; printf 'x\\ny' | tail -n 1; tail -n 0 f",
    ],
    "tee": [
        "echo a | tee f g; cat f g; echo b | tee -a f; cat f; echo c | tee /nodir/x 2>/dev/null; echo $?"
    ],
    "test": [
        "touch e; echo x > f; mkdir d; touch d/x; ln -s f l; mkfifo p; for t in -e -f -d -h -L -p -r -w -s -x -b"
        " -c -S -u -g -k; do for x in e f d l p nofile; do /bin/test $t $x; printf %s $?; done; done",
        "for e in '' 'a' '! a' 'a = a' 'a != a' '1 -lt 2' '1 -ge 2' '-n a' '-z a' 'a -a b' 'a -o b'"
        " '( a )' '! a = b' '( a = b ) -o ( c = c )' '-f' '! ! a'; do /bin/test $e; printf '%s ' $?;"
        " [ $e ]; printf '%s ' $?; done",
        "touch -t 200001010000 o; touch n; /bin/test n -nt o; echo $?; /bin/test n -ot o; echo $?; ln n"
        " m; /bin/test n -ef m; echo $?; test 1 -eq x 2>/dev/null; echo $?; [ a 2>/dev/null; echo $?;"
        " test a b c 2>/dev/null; echo $?; test '' -o x; echo $?; test -t 9; echo $?",
    ],
    "touch": [
        "touch f; [ -f f ]; echo $?; touch -c g; [ -e g ]; echo $?; touch -t 200001020304.05 f; touch"
        " -r f h; [ f -nt h ]; echo $?; [ f -ot h ]; echo $?; touch /nodir/x 2>/dev/null; echo $?;"
        " echo data > f; touch f; cat f",
    ],
    "tr": [
        "echo hello | tr a-y b-z; echo hello | tr -d l; echo aabbcc | tr -s b; echo abc | tr -c a-b x;"
        " echo; echo 'a b' | tr ' ' '\\n'; echo aBc | tr '[:lower:]' '[:upper:]'; echo abc | tr abc x;"
        " echo a1b2 | tr -d '[:digit:]'; printf 'a\\nb\\n' | tr '\\012' ' '; echo aab | tr -s a-b xy;"
        " echo abc | tr -cd 'ac\\n'",
    ],
    "uniq": [
        "printf 'a\\na\\nb\\nc\\nc\\nc\\n' > f; uniq f; uniq -c f | tr -s ' '; uniq -d f; uniq -u f; uniq"
        " < f | wc -l | tr -d ' '; printf '1 a\\n2 a\\n3 b\\n' | uniq -f 1; printf 'xa\\nya\\n' | uniq -s"
        " 1; uniq f g; cat g; uniq nofile 2>/dev/null; echo $?; printf 'a\\na' | uniq",
    ],
    "wc": [
        "printf 'a b\\nc\\n' > f; for o in -l -w -c; do wc $o < f | tr -d ' '; done; wc f | (read a b; echo $a $b);"
        " wc f f | while read a b; do echo $a $b; done; wc -lw f | (read a b; echo $a $b); printf 'no newline' | wc | (read a b; echo $a $b); wc nofile"
        " 2>/dev/null; echo $?; wc /dev/null | (read a b; echo $a $b); printf '\\303\\251' | wc -c | tr -d ' '",
    ],
    "yes": ["yes | head -n 2; yes a b | head -n 2; yes | head -c 7"],
}


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(text, id=f"{name}{i}")
        for name, each in COMMANDS.items()
        for i, text in enumerate(each)
    ],
)
def test_same_as_the_host(command, on_host):
    """Output and exit status of a command line equal the host's."""
    host = on_host(command)
    with api.boot() as k:
        guest = k.run(b"/bin/sh", ["-c", command])
    assert guest.stdout == host.stdout, guest.stderr.decode()
    assert guest.status == host.returncode
