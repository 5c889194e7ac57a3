x=1; (x=2; echo $x; (x=3; echo $x); echo $x); echo $x
(cd /; pwd); [ "$(pwd)" != / ] && echo elsewhere
(exit 5) || echo failed $?; (echo a; exit 0; echo b) && echo ok
echo $(x=9; echo $x) $x; { x=4; }; echo $x; f() ( x=5 ); f; echo $x
(trap 'echo t' EXIT; exit 2); echo $?
a=$( (echo one) 2>&1; (echo two >&2) 2>&1 ); echo $a
