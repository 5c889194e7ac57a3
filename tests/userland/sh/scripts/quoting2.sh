printf '%s|' 'single $x `y` \n' "double \$x \`y\` \\ \"q\"" un\ quoted\\
x='a  b'; echo $x "$x" '$x' "'$x'" '"$x"' \$x "\$x"
echo "a
b" 'c
d'
echo a\
b "c\
d" 'e\
f'
echo "" '' "x"'y'z "$x"'$x'"$x"
echo "$(echo "nested "quotes" $(echo "deeper $x")")"
echo `echo \`echo back\`` "`echo "in $x"`"
echo $(echo 'a)b') "$(echo "c)d")" $(case x in x) echo "case)";; esac)
echo \# not a comment # comment
echo a#b "#c" '#d'
printf '%s\n' "tab	here" 'new\nline' "a\tb"
y="it's"; z='say "hi"'; echo "$y $z" ${y}${z}
echo "${x}y" "${x:-"a"}" "${u:-$x}" ${u:-"$x"} ${u:-$x}
set -- 'a b' c 'd  e'; for i in "$@"; do echo "<$i>"; done; for i in $@; do echo "[$i]"; done; echo "$*"
eval "set -- 'q r' \"s t\""; echo "$# $1"
printf '%s|' \\ \\\\ '\\' "\\" "\a" '\a' \a
echo "!" '!' ! "a!b"; echo {a,b} {1..3}; echo ~nosuchuser "~" a=~ 
