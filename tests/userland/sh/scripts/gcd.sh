gcd() { a=$1 b=$2; while [ $b -ne 0 ]; do t=$((a%b)); a=$b; b=$t; done; echo $a; }
gcd 48 18; gcd 17 5; gcd 0 9; gcd 1071 462; pow() { r=1; i=$2; while [ $i -gt 0 ]; do r=$((r*$1)); i=$((i-1)); done; echo $r; }; pow 2 10; pow 3 0; pow 7 5
