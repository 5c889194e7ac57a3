cat <<A
outer $(cat <<B
inner $((1+1))
B
) end
A
f() { while read l; do case $l in x) cat <<E
got x
E
;; *) cat <<E
other $l
E
esac; done; }; f <<'I'
x
y
I
cat <<-T | { read a; read b; echo "$b $a"; }
	first
	second
	T
for i in 1 2; do cat <<E; done
loop $i
E
if true; then cat <<E; fi; echo after
in if
E
cat <<\E "$TMPDIR/nofile" 2>/dev/null; echo $?
$x
E
