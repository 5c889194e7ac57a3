repeat() { s=; i=0; while [ $i -lt $2 ]; do s=$s$1; i=$((i+1)); done; echo "$s"; }; repeat ab 3; repeat - 10
pad() { v=$1; while [ ${#v} -lt $2 ]; do v="0$v"; done; echo $v; }; pad 7 3; pad 1234 3
trim() { t=$1; t=${t#"${t%%[! ]*}"}; t=${t%"${t##*[! ]}"}; echo "[$t]"; }; trim '  a b  '; trim ''; trim x
upper() { echo "$1" | tr a-z A-Z; }; upper 'mixed Case'; contains() { case $1 in *"$2"*) echo yes;; *) echo no;; esac; }; contains hello ell; contains hello xyz; contains 'a*b' '*'
count() { c=0 s=$1; while [ "$s" != "${s#*"$2"}" ]; do s=${s#*"$2"}; c=$((c+1)); done; echo $c; }; count banana an; count a,b,c ,; replace() { s=$1 r=; while case $s in *"$2"*) ;; *) false;; esac; do r=$r${s%%"$2"*}$3; s=${s#*"$2"}; done; echo "$r$s"; }; replace 'a-b-c' - +; replace aaa a bb
