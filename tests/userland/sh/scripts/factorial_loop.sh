n=1 f=1; while [ $n -le 15 ]; do f=$((f*n)); echo "$n! = $f"; n=$((n+1)); done
