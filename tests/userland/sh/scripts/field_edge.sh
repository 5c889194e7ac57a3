# Field splitting at its edges.
show() { printf '%s:' $#; for a; do printf '<%s>' "$a"; done; echo; }
IFS=:; v=a:b::c:; show $v; show "$v"; v=:a; show $v; v=::; show $v; v=; show $v; show ""$v
IFS=' :'; v=' a : b :: c '; show $v; v=' : '; show $v; v='a  b'; show $v
IFS=; v='a b:c'; show $v; set -- 'x y' z; show $* ; show "$*"; show $@; show "$@"
unset IFS; show $*; show "$*"; IFS=-; show "$*"; show $*; x=$*; echo "$x"; IFS=
x="$*"; echo "$x"; IFS=' 	
'; set --; show "$@"; show "$*"; show $*; show "a$@b"; show ${1+"$@"}; set -- ''; show "$@"; show $@
set -- 1 '2 3' 4; show "${@}" end; show "pre $@ post"; show ${*}; show "${*#?}"; show "${@%?}"
show $(printf 'a b\nc  d\n\n'); show "$(printf 'a b\nc  d\n\n')"; show `echo x y` "`echo x y`"
e=; show $e "$e" '' $e''; n='*'; set -f; show $n; set +f; show "$n"; show ${u-a b} "${u-a b}" ${u-"a b"} ${u-'a b'}
show ${u:-$(echo p q)} "${u:-$(echo p q)}"; v='1 2'; show ${v+$v} ${v+"$v"}; show a${v}b "a${v}b"
IFS=0; show $((102 + 1)) "$((1020))"; IFS=x; y=axbxc; for p in $y; do printf '[%s]' $p; done; echo
