n=0
for a in 1 2; do for b in x y; do case $a$b in 1x) if true; then while :; do n=$((n + 1)); [ $n -gt 2 ] && break; continue; done; fi;; 2*) until [ $n -ge 10 ]; do n=$((n + 3)); done;; *) ( { echo "inner $a$b $n"; } );; esac; done; done; echo $n
for i in 1 2 3; do for j in 1 2 3; do [ $j = 2 ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done
while true; do while true; do break 2; done; echo never; done; echo out
f() { for i in 1 2 3; do [ $i = 2 ] && return 5; echo f$i; done; }; f; echo $?
if if false; then true; else false; fi; then echo a; elif { false || true; }; then echo b; else echo c; fi
x=$(for i in 1 2 3; do if [ $i -ne 2 ]; then echo $(case $i in 1) echo one;; 3) echo three;; esac); fi; done); echo $x
{ { { { echo deep; } } } }; ( ( ( (echo deeper) ) ) )
until false; do echo once; break; done && echo ok; for i in; do echo never; done; echo "empty $?"
for i do echo "arg $i"; done; set -- p q; for i do echo "arg $i"; done
while read l; do for w in $l; do printf '%s.' $w; done; echo; done <<EOF
a b c
d e
EOF
