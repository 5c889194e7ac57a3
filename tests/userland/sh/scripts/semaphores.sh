# A lock made of mkdir, a counter made of a file, workers that share them.
dir=${TMPDIR:-/tmp}/lock.$$; echo 0 > count
lock() { until mkdir "$dir" 2>/dev/null; do sleep 0.01; done; }
unlock() { rmdir "$dir"; }
worker() {
    for n in 1 2 3 4 5; do
        lock; read -r c < count; echo $((c + $1)) > count; unlock
    done
    exit $1
}
pids=
for w in 1 2 3; do worker $w & pids="$pids $!"; done
sum=0; for p in $pids; do wait $p; sum=$((sum + $?)); done
cat count; echo $sum; [ -d "$dir" ] || echo free
