sleep 0.1 & p=$!; wait $p; echo $?
(exit 7) & wait $!; echo $?
for i in 1 2 3; do (exit $i) & eval p$i=$!; done; wait $p2; echo $?; wait $p1; echo $?; wait $p3; echo $?
{ echo bg; } & wait; echo done
wait 99999; echo $?
true & wait; echo $?
(sleep 0.2; echo late) & echo early; wait
x=1; { x=2; } & wait; echo $x
cat < /dev/null & wait $!; echo $?
false & a=$!; true & b=$!; wait $a $b; echo $?; true & b=$!; wait $b; echo $?
