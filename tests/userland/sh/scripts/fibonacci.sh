fib() { if [ "$1" -lt 2 ]; then echo "$1"; return; fi; echo $(( $(fib $(($1-1))) + $(fib $(($1-2))) )); }
for n in 0 1 2 3 4 5 6; do fib $n; done
