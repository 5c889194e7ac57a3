cd $TMPDIR || exit 1
f() { echo out; echo err >&2; }; f > a 2>&1; cat a; f 2>&1 > b | cat; cat b; { f; } > c 2> d; cat c d; f >/dev/null 2>&1; (f 2>&1 1>&3) 3>&1 | cat
exec 3> log; echo one >&3; { echo two >&3; } 3>> log2; echo three >&3; exec 3>&-; cat log log2; echo x 3>&1 >&3 3>&-; [ -t 3 ]; echo $?
while read a <&4; do echo "fd4 $a"; done 4<<E
l1
l2
E
cat < a > e; cat e; cat <&3 2>/dev/null; echo $?; echo hi > 'a b'; cat < a\ b; : > "$(echo computed)"; ls | cat; rm -f a b c d e log log2 'a b' computed
