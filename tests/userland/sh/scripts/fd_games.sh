cd "${TMPDIR:-/tmp}"; f=fd.$$
exec 3>$f 4>&1
echo to three >&3; echo to one; echo to four >&4
exec 3>&-; (echo closed >&3) 2>/dev/null; echo "status $?"
exec 5<$f; read -r l <&5; echo "$l"; exec 5<&-
{ echo out; echo err >&2; } 2>&1 >/dev/null | cat
{ echo out; echo err >&2; } >$f 2>&1; cat $f
echo append >>$f; cat <$f
exec 6<>$f; read -r a <&6; echo "first $a"; echo XX >&6; exec 6>&-; cat $f
f() { echo in function; echo error >&2; }
f 2>/dev/null; f >/dev/null 2>&1; x=$(f 2>&1); echo "$x"
set -C; (echo no >$f) 2>/dev/null; echo "clobber $?"; echo yes >|$f; cat $f; set +C
while read -r line; do echo "L:$line"; cat >/dev/null; done <<EOF
a
b
EOF
cat </nonexistent 2>/dev/null; echo "$?"
: >/nonexistent/x 2>/dev/null; echo "after $?"
exec 3<&0; exec </dev/null; read x; echo "eof $?"; exec <&3 3<&-
{ { echo a >&3; echo b; } | while read v; do echo "piped $v"; done; } 3>&1 | sort
rm -f $f
