set a 'b c' ''; echo $# "$2" "[$3]"; set -- "$@" d; echo $#; shift; echo "$1" $#; set --; echo $#; set -- -x; echo $1; for a in x y; do set -- "$@" $a; done; echo "$*"; f() { set q; echo $1; }; f z; echo $1
set -- 1 2 3; while [ $# -gt 0 ]; do echo -n "$1 "; shift; done; echo; IFS=-; set -- a b; echo "$*"; set -- $(echo x-y-z); echo $# $2
