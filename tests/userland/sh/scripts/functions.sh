f() { echo "f $# $1"; return 3; }
f a b; echo $?
g() { local x=in; echo $x; x=changed; h; }
h() { echo "h sees $x"; }
x=out; g; echo $x
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }
fact 8
set -- a b; k() { set -- x y z; echo $#; }; k; echo $#
r() { for i in 1 2 3; do [ $i = 2 ] && return $i; done; }; r; echo $?
m() ( x=sub; echo $x ); m; echo $x
n() { echo to-stdout; echo to-stderr >&2; } 2>&1; n | sort
v=1; a() { v=2; }; a; echo $v
w() { echo "$v"; }; v=tmp w; 
unset -f f; f 2>/dev/null; echo $?
loop() { while true; do break; done; echo after; }; loop
deep() { [ $1 -gt 0 ] && deep $(($1-1)) || echo bottom; }; deep 20
