grade() { if [ $1 -ge 90 ]; then echo A; elif [ $1 -ge 80 ]; then echo B; elif [ $1 -ge 70 ]; then echo C; else echo F; fi; }
for g in 95 85 75 10 90; do grade $g; done; fizz() { i=1; while [ $i -le $1 ]; do if [ $((i%15)) -eq 0 ]; then echo FizzBuzz; elif [ $((i%3)) -eq 0 ]; then echo Fizz; elif [ $((i%5)) -eq 0 ]; then echo Buzz; else echo $i; fi; i=$((i+1)); done; }; fizz 20
[ 1 = 1 -a 2 = 2 ] && [ ! 1 = 2 ] && { [ 1 -gt 2 ] || echo mixed; }; if ! false && true; then echo t; fi; if (exit 1) || false; then :; else echo e$?; fi
