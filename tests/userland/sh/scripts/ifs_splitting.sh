show() { printf '%d:' $#; for a; do printf '<%s>' "$a"; done; echo; }
v='a:b::c:'
IFS=:; show $v; show "$v"; set -- $v; show "$@"; echo "$*"
IFS=' :'; v=' a : b  c::d '; show $v
IFS=; v='a b:c'; show $v; set -- x y z; echo "$*"
IFS='-+'; set -- 1 2 3; echo "$*"; unset IFS; echo "$*"
v='  lead  trail  '; show $v; show pre$v'post'
IFS=,; v=1,2,,3; for x in $v; do printf '[%s]' "$x"; done; echo
show $(echo a,b) "$(echo c,d)" `echo e,f`
IFS=' '; show ${undefined-a b} "${undefined-a b}" ${undefined:-"a b" c}
empty=; show $empty; show "$empty"; show $empty"" ""$empty
IFS=x; show axbxc; y=axbxc; show $y; echo $y "$y"
unset IFS; set --; show "$@"; show x"$@"; show "$*"; show a"$@"b
