# Functions made by functions, objects of a kind, and arrays by eval.
make_counter() { eval "$1=0; $1_next() { $1=\$(($1 + \${1:-1})); echo \$$1; }"; }
make_counter a; make_counter b; a_next; a_next; b_next 10; a_next 5; echo $a $b
set_at() { eval "arr_$1=\$2"; }; get_at() { eval "echo \"\$arr_$1\""; }
i=0; while [ $i -lt 5 ]; do set_at $i "v $((i * i))"; i=$((i + 1)); done; get_at 3; get_at 4
map() { fn=$1; shift; for x; do $fn "$x"; done; }; sq() { printf '%s ' $(($1 * $1)); }; map sq 1 2 3 4; echo
filter() { p=$1; shift; for x; do if $p "$x"; then printf '%s ' "$x"; fi; done; echo; }; even() { [ $(($1 % 2)) -eq 0 ]; }; filter even 1 2 3 4 5 6
fold() { f=$1; acc=$2; shift 2; for x; do acc=$($f "$acc" "$x"); done; echo "$acc"; }; add() { echo $(($1 + $2)); }; cat2() { echo "$1$2"; }; fold add 0 1 2 3 4; fold cat2 '' a b c
compose() { eval "$1() { $2 \"\$($3 \"\$@\")\"; }"; }; inc() { echo $(($1 + 1)); }; dbl() { echo $(($1 * 2)); }; compose incdbl inc dbl; incdbl 5
unset -f inc; inc 2>/dev/null || echo undefined; f() { unset -f f; echo once; }; f; f 2>/dev/null || echo twice
try() { "$@" || { s=$?; echo "failed $s: $*"; return $s; }; }; try true; try sh -c 'exit 3' || echo $?
rec() { local n=$1; [ $n -le 0 ] && { echo; return; }; printf '%s' $n; rec $((n - 1)); printf '%s' $n; [ $n -eq 3 ] && echo; return 0; }; rec 3
