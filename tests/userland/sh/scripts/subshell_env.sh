x=1; (x=2; echo $x; (x=3; echo $x); echo $x); echo $x
cd /; (cd /tmp; pwd); pwd; y=$(cd /tmp; pwd); echo $y; pwd
export E=exp; N=not; sh -c 'echo "$E ${N-unset}"'; (export N; sh -c 'echo $N'); sh -c 'echo ${N-unset}'
readonly R=5; (R=6) 2>/dev/null; echo "$R"; (unset R) 2>/dev/null; echo "$R"
umask 027; (umask 077; umask); umask
f() { echo old; }; (f() { echo new; }; f); f
set -- a b; (set -- c; echo $1); echo $1; (shift; echo $1); echo $1
trap 'echo parent' USR1; (kill -USR1 $$; :); trap - USR1
alias ll='echo aliased'; (exit 3); echo $?; echo $(exit 4)$?; z=$(exit 5); echo $?
echo "$(echo a; echo; echo)|" "$(printf 'b\n\n\n')|"; echo $(printf 'c\nd\n')
(echo one; (echo two; exit 2) || echo "caught $?"; exit 3) || echo "outer $?"
{ v=brace; }; echo $v; { cd /tmp; } ; pwd; : $((w = 4)); echo $w; (: $((w = 9))); echo $w
