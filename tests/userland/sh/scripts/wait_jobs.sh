job() { sleep "$1"; exit "$2"; }
job 0.1 3 & a=$!
job 0.2 5 & b=$!
job 0.05 0 & c=$!
wait $b; echo "b $?"
wait $a; echo "a $?"
wait $c; echo "c $?"
wait 99999; echo "unknown $?"
for i in 1 2 3; do (sleep 0.0$i; echo "done $i") & done
wait; echo "all $?"
sleep 5 & victim=$!
kill $victim; wait $victim; echo "victim $?"
{ sleep 0.1; echo group; } & wait $!; echo "group $?"
false & wait $!; echo "false $?"
(exit 7) & p=$!; sleep 0.1; wait $p; echo "late $?"
x=1; { x=2; } & wait; echo "x $x"
sh -c 'sleep 0.05 & exit 2'; echo "child $?"
trap 'echo got usr1' USR1
(sleep 0.1; kill -USR1 $$) & 
sleep 0.3 & s=$!
wait $s; r=$?; [ $r -gt 128 ] && echo interrupted
wait $s; echo "then $?"
