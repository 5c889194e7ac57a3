row() { eval "m_$1=\"\$2\""; }; row 0 '1 2 3'; row 1 '4 5 6'; row 2 '7 8 9'
get() { eval "set -- \$m_$1 $2"; eval "shift $(($4))"; echo $1; }
get 0 0; get 1 1; get 2 2; t=; for c in 0 1 2; do for r in 0 1 2; do t="$t $(get $r $c)"; done; done; echo $t
