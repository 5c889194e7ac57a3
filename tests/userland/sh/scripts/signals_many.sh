for s in HUP INT QUIT TERM USR1 USR2; do trap "echo got $s" $s; done
for s in HUP INT QUIT TERM USR1 USR2; do kill -$s $$; done; trap - HUP INT
(trap 'echo child exit' EXIT; trap 'exit 4' USR1; kill -USR1 $(sh -c 'echo $PPID'); echo no); echo $?
n=0; trap 'n=$((n+1))' USR2; for i in 1 2 3 4 5; do kill -USR2 $$; done; echo $n; trap 'echo bye; exit 6' EXIT; false
