cd $TMPDIR || exit 1
echo one > f; echo two >> f; cat f; cat < f > g; cat g
wc -l < f | tr -d ' '
{ echo a; echo b; } > h; cat h
echo err 2>&1 >&2 2>/dev/null; (echo out; echo err >&2) 2>&1
exec 3> three; echo to3 >&3; exec 3>&-; cat three
exec 4< f; read l1 <&4; read l2 <&4; exec 4<&-; echo "$l1,$l2"
cat <> f; : > f; cat f; echo x >| f; cat f
set -C; (echo y > f) 2>/dev/null; echo $?; echo z >| f; cat f; set +C
while read line; do echo "got $line"; done < h
for i in 1 2; do echo $i; done > loop; cat loop
if true; then echo in-if; fi > iff; cat iff
cat < /nonexistent 2>/dev/null; echo $?
echo hi > /nonexistent/x 2>/dev/null; echo $?
f=name; echo data > $f; cat name; cat "$f"
2>&1 echo front; >empty; [ -s empty ]; echo $?
echo a b > 'sp ace'; cat 'sp ace'; rm -f f g h three loop iff name empty 'sp ace'
