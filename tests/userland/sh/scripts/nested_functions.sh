outer() { inner() { echo "inner $1 $x"; }; local x=1; inner a; x=2; inner b; }
inner 2>/dev/null || echo undefined; outer; inner c; x=g; inner d
f() { echo 1; f() { echo 2; }; }; f; f; g() { return; }; false; g; echo $?; h() { (exit 3); return; }; h; echo $?
a() { b "$@"; echo "a $?"; }; b() { for i; do [ "$i" = stop ] && return 9; echo "b $i"; done; }; a 1 2; a 1 stop 2
v() { v=$1; }; v 5; echo $v; rec() { [ $1 -le 0 ] && return 0; rec $(($1-1)); echo -n "$1 "; }; rec 30; echo
