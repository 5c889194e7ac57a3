(trap 'echo got; exit 3' USR1; echo ready; while :; do sleep 0.05; done) & p=$!
sleep 0.2; kill -USR1 $p; wait $p; echo $?
sleep 5 & p=$!; kill $p; wait $p 2>/dev/null; echo $?
sh -c 'trap "" TERM; kill -TERM $$; echo survived'
kill -0 $$; echo $?; kill -l 15 >/dev/null; echo $?
