moves=0; hanoi() { [ $1 -eq 0 ] && return; hanoi $(($1-1)) $2 $4 $3; echo "$2 -> $3"; moves=$((moves+1)); hanoi $(($1-1)) $4 $3 $2; }
hanoi 3 A C B; echo $moves
