echo hello | cat | cat | tr a-z A-Z
false | true; echo $?; true | false; echo $?; ! true | false; echo $?
echo a | { read x; echo "got $x"; }
x=1; echo 2 | read x; echo $x
seq() { i=1; while [ $i -le $1 ]; do echo $i; i=$((i+1)); done; }
seq 10 | while read n; do [ $((n%2)) = 0 ] && echo $n; done | tail -n 2
(echo b; echo a; echo c) | sort | head -n 1
echo x | (cat; echo y) | wc -l | tr -d ' '
yes | head -n 3
