path=/usr/local/share/doc/file.tar.gz
echo ${path##*/} ${path%/*} ${path#*/} ${path%%.*} ${path##*.} ${path%.gz}
echo "${path#"/usr/"}" "${path%"*"}" "${path%[.]*}"
x=; unset y
echo "${x:-d1}" "${x-d2}" "${y:-d3}" "${y-d4}" "${x:+s1}" "${x+s2}" "${y:+s3}" "${y+s4}"
echo "${y:=assigned}" "$y" "${x=notassigned}"
(: ${nope:?is required}) 2>/dev/null; echo "status $?"
(: ${nope?}) 2>/dev/null; echo "status $?"
echo ${#path} ${#x} ${#undefined}
set -- one two three
echo $# ${#1} "${@}" ${2%o} 
v='a*b?c[d]'; echo "${v%'*b?c[d]'}" "${v#'a*'}" "${v%%\**}" "${v#*[[]}"
n='nested ${x}'; echo "$n" "${n%\$*}" "${n#"${n%??}"}"
a=1 b=a; eval "echo \${$b}"; eval c=\$$b; echo $c
long=$(printf '%0100d' 7); echo ${#long} ${long##*0}
s='one  two'; echo ${s% *}: "${s% *}:" ${s:+"$s"}
echo "${x:-"quoted default"}" ${x:-'single $x'} "${x:-'single $a'}"
echo ${x:-${y:-${z:-deep}}} "${x:-${q:-"in quotes"}}"
