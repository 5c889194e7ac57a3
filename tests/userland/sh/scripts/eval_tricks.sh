for i in 1 2 3; do eval "v$i=val$i"; done; for i in 1 2 3; do eval "echo \$v$i"; done
set -- a b c; eval "last=\${$#}"; echo $last; i=2; eval echo \${$i}; cmd='echo "a  b" | tr a c'; eval "$cmd"; eval 'x=1;' 'y=2'; echo $x$y
q() { printf "'%s'\n" "$(echo "$1" | tr "'" '"')"; }; q "it's"; eval "set -- $(printf "'%s' " 'a b' c)"; echo $# "$1"; a='$b' b='$c' c=d; eval eval echo $a; eval "f_$c() { echo dyn; }"; f_d
