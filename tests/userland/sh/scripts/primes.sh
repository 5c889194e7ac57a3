n=2; while [ $n -le 50 ]; do d=2; p=1; while [ $((d*d)) -le $n ]; do if [ $((n%d)) -eq 0 ]; then p=0; break; fi; d=$((d+1)); done; [ $p -eq 1 ] && printf '%d ' $n; n=$((n+1)); done; echo
