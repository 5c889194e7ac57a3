x=global
f() { local x=f; g; echo "f $x"; }
g() { echo "g sees $x"; x=changed; }
f; echo "$x"
h() { local x; echo "h ${x-unset}"; x=h; i; echo "h $x"; }
i() { local x=$x$x; echo "i $x"; }
h; echo "$x"
k() { local a=1 b=2; echo "$a$b"; unset a; echo "${a-none}"; }
k; echo "${a-a unset}${b-b unset}"
fact() { local n=$1; [ $n -le 1 ] && { echo 1; return; }; echo $((n * $(fact $((n - 1))))); }
fact 10
depth() { local d=$1; [ $d -eq 0 ] || { depth $((d - 1)); echo -n "$d "; }; }
depth 15; echo
r() { return $1; }; r 0 && echo zero; r 7 || echo "seven $?"
v() { set -- new args; echo "$# $*"; }; set -- old; v a b c; echo "$# $*"
outer() { inner() { echo "defined inside"; }; }; outer; inner
pre() { echo "$VAR"; }; VAR=temp pre; echo "${VAR-gone}"
unset -f pre; pre 2>/dev/null; echo "unset $?"
