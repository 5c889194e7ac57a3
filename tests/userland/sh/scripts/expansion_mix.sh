HOME=/home/u; echo ~ ~/x "~" \~ a~ x=~; y=~/bin:~/lib; echo $y; echo ${u-~}
x='a b'; y="$x"; echo "$y"; z=$x$y; echo "$z"; echo "${x}${y}"
a=1 b=2 c=$a; echo $a$b$c; d=$(echo "$x")e; echo "$d"
echo ${x:+"$x y"} "${x:+$x y}" ${u:+no}
set -- 'a b' c; for i in "${@-none}"; do echo "<$i>"; done; for i in ${1+"$@"}; do echo "<$i>"; done
v='$x'; echo "$v"; eval echo "$v"; w=v; eval echo \$$w
echo "a${u-"b c"}d" "${x-unused}" "${#x}"
t=; echo "${t:-$(echo computed)}" "${t:=$((3*3))}" $t
echo "$(echo "$(echo "$x")")" "`echo "$x"`"
long=aaaabbbb; echo ${long#a} ${long##a*a} ${long%b*} ${long%%b*} ${long#*b}
echo "${long%"${long#?}"}" ${long#"${long%?}"}
