rev() { s=$1 r=; while [ -n "$s" ]; do c=${s%"${s#?}"}; s=${s#?}; r=$c$r; done; echo "$r"; }
rev hello; rev 'a b c'; set -- 1 2 3 4; r=; for x; do r="$x $r"; done; echo $r
