show() { printf '%d:' $#; printf '<%s>' "$@"; echo; }
x=' a  b c '; show $x; show "$x"; show x${x}y
IFS=:; x='a::b:c:'; show $x; x=':a'; show $x; x='a: b :c'; show $x
IFS=' :'; x='a : b::c '; show $x; IFS=''; show $x
IFS=' 	
'; set -- 'a b' '' c; show $*; show "$*"; show $@; show "$@"; show pre"$@"post; show "x$*y"
IFS=,; show "$*"; show $*; IFS=''; show "$*"; unset IFS; show "$*"
set --; show "$@"; show $@; show "$*"; show ""$@; show "a$@"
