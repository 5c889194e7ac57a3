# Signals between processes of one script: handshakes, counts, ends.
count=0; trap 'count=$((count + 1))' USR1
parent=$$
child() { trap 'echo child got; exit 7' TERM; kill -USR1 $parent; while :; do sleep 0.05; done; }
child & pid=$!
while [ $count -eq 0 ]; do sleep 0.05; done; echo count $count
kill -TERM $pid; wait $pid; echo status $?
trap '' USR1; kill -USR1 $$; echo ignored $count; trap - USR1
(trap 'echo sub exit' EXIT; exit 3); echo $?
(trap 'exit 9' HUP; kill -HUP $(sh -c 'echo $PPID'); sleep 1; echo not here); echo $?
sh -c 'trap "" INT; kill -INT $$; echo survives'
sh -c 'kill -TERM $$; echo no'; echo $?
(sleep 5 & kill $!; wait $! 2>/dev/null; echo $?) 2>/dev/null
trap 'echo last words; exit 5' EXIT; trap 'echo int' INT; kill -INT $$; echo before end; exit 4
