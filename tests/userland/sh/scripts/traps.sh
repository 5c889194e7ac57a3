trap 'echo exit $?' EXIT
(trap 'echo sub' EXIT; echo in); 
trap 'echo usr1' USR1; kill -USR1 $$; echo after
trap '' USR1; kill -USR1 $$; echo ignored
trap - USR1
(trap 'echo term; exit 9' TERM; kill -TERM $(sh -c 'echo $PPID'); echo never); echo $?
(kill -KILL $(sh -c 'echo $PPID')) ; echo $?
sh -c 'kill -TERM $$'; echo $?
trap 'echo int' INT; trap; trap - INT
f() { trap 'echo ftrap' EXIT; }; f
exit 3
