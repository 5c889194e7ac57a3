producer() { i=1; while [ $i -le 20 ]; do echo $i; i=$((i+1)); done; }
consumer() { sum=0; while read n; do sum=$((sum+n)); done; echo "$1 $sum"; }
producer | consumer all; producer | { a=0 b=0; while read n; do if [ $((n%2)) = 0 ]; then a=$((a+n)); else b=$((b+n)); fi; done; echo $a $b; }
producer | tee $TMPDIR/copy | wc -l | tr -d ' '; consumer file < $TMPDIR/copy; rm $TMPDIR/copy
