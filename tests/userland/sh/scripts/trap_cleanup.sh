tmp=${TMPDIR:-/tmp}/tc.$$
cleanup() { echo "cleanup $1"; rm -f "$tmp"; }
trap 'cleanup exit' EXIT
trap 'echo usr1; count=$((count + 1))' USR1
trap 'echo term ignored' TERM
count=0; : >"$tmp"
kill -USR1 $$; kill -USR1 $$; echo "count $count"
kill -TERM $$; echo "still here"
(trap 'echo sub exit' EXIT; trap; exit 3); echo "sub $?"
(kill -USR1 $$; :); echo "from sub: $count"
f() { trap 'echo in function' USR2; kill -USR2 $$; }
f; trap - USR2
sh -c 'trap "echo inner; exit 5" TERM; kill -TERM $$; echo not reached'; echo "inner $?"
trap '' HUP; sh -c 'kill -HUP $$; echo survived'; trap - HUP
sh -c 'kill -KILL $$'; echo "killed $?"
trap 'echo second exit; rm -f "$tmp"; exit 9' EXIT
[ -e "$tmp" ] && echo exists
exit 4
