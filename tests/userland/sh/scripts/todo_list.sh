f=$TMPDIR/todo; : > $f
add() { echo "$*" >> $f; }; list() { n=0; while read -r l; do n=$((n+1)); echo "$n. $l"; done < $f; }
del() { n=0; while read -r l; do n=$((n+1)); [ $n -eq $1 ] || echo "$l"; done < $f > $f.new; mv $f.new $f; }
add buy milk; add 'write "tests"'; add fix bugs; list; del 2; list; wc -l < $f | tr -d ' '; rm $f
