(set -e; false; echo no); echo "e $?"
(set -e; false || true; if false; then :; fi; ! true; echo yes); echo "e2 $?"
(set -e; f() { false; echo in f; }; f || echo caught; f; echo no); echo "e3 $?"
(set -e; x=$(false); echo no); echo "e4 $?"
(set -e; (exit 3); echo no); echo "e5 $?"
(set -e; true && false; echo yes); echo "e6 $?"
(set -e; while false; do :; done; until true; do :; done; echo yes); echo "e7 $?"
(set -u; echo "$undefined") 2>/dev/null; echo "u $?"
(set -u; echo "${undefined-ok}" "${undefined:-ok}" $#); echo "u2 $?"
(set -f; echo /et*); (set -n; echo no); (set -a; v=exported; sh -c 'echo $v')
(set -x; echo traced; x=1) 2>&1
(PS4='T> '; set -x; for i in 1 2; do : $i; done) 2>&1
(set -v; eval 'echo verbose') 2>&1
case $- in *e*) echo has e;; *) echo no e;; esac
set -eu; case $- in *e*u*|*u*e*) echo has eu;; esac; set +eu
set -- a b c; set -o noglob; echo *; set +o noglob; echo $#
set -- -x y; echo "$1"; set -; echo "$#"
