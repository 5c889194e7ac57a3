true | false; echo "$?"; false | true; echo "$?"; ! true | false; echo "$?"; ! false; echo "$?"
exit 3 | exit 4; echo "$?"
seq() { i=$1; while [ $i -le $2 ]; do echo $i; i=$((i + 1)); done; }
seq 1 1000 | head -n 3; seq 1 20 | tail -n 2 | { read a; read b; echo $((a + b)); }
seq 1 5 | while read n; do [ $n -eq 3 ] && break; echo $n; done; echo "$?"
x=0; seq 1 3 | while read n; do x=$((x + n)); done; echo "x=$x"
echo a | cat | cat | cat | tr a b
(echo one; exit 2) | cat; echo "$?"; { echo two; } | { cat; exit 6; }; echo "$?"
yes | head -n 2; echo "$?"
seq 1 3 | { while read n; do echo "n=$n"; done; echo end; } | sort -r
f() { cat; return 9; }; echo data | f; echo "$?"
echo to file | tee /dev/null | wc -c | tr -d ' '
true && echo a || echo b; false && echo c || echo d; true || echo e && echo f
false; { echo "in $?"; }; (echo "sub $?"); true; echo "end $?"
