set_() { eval "$1_$2_$3=\$4"; }; get() { eval "echo \$$1_$2_$3"; }
fill() { local i j k=1; for i in 0 1 2; do for j in 0 1 2; do set_ $1 $i $j $((k * $2)); k=$((k + 1)); done; done; }
print() { local i j; for i in 0 1 2; do for j in 0 1 2; do printf '%6d' $(get $1 $i $j); done; echo; done; }
mul() { local i j k s; for i in 0 1 2; do for j in 0 1 2; do s=0; for k in 0 1 2; do s=$((s + $(get $1 $i $k) * $(get $2 $k $j))); done; set_ $3 $i $j $s; done; done; }
fill a 1; fill b 2; mul a b c; print a; print c
t=0; for i in 0 1 2; do t=$((t + $(get c $i $i))); done; echo "trace $t"
