unset u; e=; s=set
echo "1 ${u-d} ${u:-d} ${e-d} ${e:-d} ${s-d} ${s:-d}"
echo "2 ${u+d} ${u:+d} ${e+d} ${e:+d} ${s+d} ${s:+d}"
echo "3 ${u=assigned} $u ${e:=now} $e"
unset u; echo ${u-a   b} "${u-a   b}" ${u:-"a   b"}
p=/usr/local/lib/libc.so.6
echo ${p#*/} ${p##*/} ${p%/*} ${p%%/*} ${p%.*} ${p%%.*} ${p#nomatch} ${p%[0-9]}
echo ${#p} ${#} ${#e} "${#s}"
star='a*b*c'; echo "${star#*\*}" "${star#'a*'}" "${star%"*c"}"
(echo ${u?}) 2>/dev/null; echo $?
(echo ${u:?message here}) 2>/dev/null; echo $?
set -- one two three four five six seven eight nine ten eleven
echo $1 $10 ${10} ${11} $# ; shift 3; echo $1 $#; echo ${#1} ${1%e}
v=x; echo ${v}y $v-y "${v}"y ${v}${v} $vv.
