i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done | while read n; do echo "n=$n"; done
for f in a b; do for g in 1 2; do echo $f$g; done; done | sort -r
n=0; while read l; do n=$((n+1)); done <<E
a
b
c
E
echo $n; x=$(while :; do echo once; break; done); echo $x
seq=; for i in 1 2 3; do seq="$seq${seq:+,}$i"; done; echo $seq
until false; do echo u; break; done; while true; do while true; do break 2; done; echo no; done; echo out
