attempts=0
flaky() { attempts=$((attempts + 1)); [ $attempts -ge $1 ]; }
retry() {
	local max=$1 delay=0.01 n=1; shift
	until "$@"; do
		[ $n -ge $max ] && { echo "giving up after $n: $*"; return 1; }
		echo "attempt $n failed"; n=$((n + 1)); sleep $delay
	done
	echo "ok after $n"
}
retry 5 flaky 3; echo "$?"; attempts=0; retry 2 flaky 9; echo "$?"
retry 3 false; echo "$?"; retry 1 true; echo "$?"
timeout_cmd() { ( "$@" & p=$!; (sleep 0.2; kill $p 2>/dev/null) & w=$!; wait $p; s=$?; kill $w 2>/dev/null; exit $s ); }
timeout_cmd sleep 5; echo "slow $?"; timeout_cmd true; echo "fast $?"; timeout_cmd sh -c 'exit 6'; echo "six $?"
lock() { mkdir "$1" 2>/dev/null; }
d=${TMPDIR:-/tmp}/lock.$$; lock $d && echo locked; lock $d || echo busy; rmdir $d; lock $d && echo again; rmdir $d
