# Who reads what of one input: the shell, its children, a group, a loop.
printf '1\n2\n3\n4\n5\n6\n' > in
{ read -r a; read -r b; cat; } < in | tr '\n' ' '; echo
while read -r l; do [ "$l" = 2 ] && cat > rest; echo got $l; done < in; cat rest | tr '\n' ' '; echo
exec 3< in; read -r x <&3; read -r y <&3; echo $x $y; (read -r z <&3; echo sub $z); read -r w <&3; echo $w; exec 3<&-
sh -c 'read -r a; echo child $a; sh -c "read -r b; echo grandchild \$b"; read -r c; echo child $c' < in
head -1 < in; f() { read -r v; echo f $v; }; { f; f; f; } < in; f < in
while read -r l <&4; do while read -r m <&5; do echo $l$m; done 5<<E
a
b
E
done 4<<E
1
2
E
echo piped | { read -r p; echo $p; read -r q || echo eof; }; read -r n < /dev/null || echo none
{ echo one; echo two >&2; } 2>&1 >/dev/null | cat; { { echo o; echo e >&2; } 3>&1 1>&2 2>&3 3>&-; } 2>/dev/null
