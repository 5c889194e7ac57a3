for c in 'exit 0' 'exit 7' 'kill -9 $$' 'kill -TERM $$' 'nocommand' 'false'; do sh -c "$c" 2>/dev/null & wait $!; echo "$c $?"; done
(sleep 0.1; exit 5) & a=$!; (exit 6) & b=$!; wait $a; echo $?; wait $b; echo $?; pids=; for i in 3 1 2; do (sleep 0.0$i; exit $i) & pids="$pids $!"; done; for p in $pids; do wait $p; echo $?; done; wait; echo $?
