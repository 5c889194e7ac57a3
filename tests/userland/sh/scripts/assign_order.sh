# In which order a command's words, assignments and redirections are looked at, and what stays.
n=2; n=$((n * 3)) true; echo $n; x=$((n += 1)) sh -c 'echo $x'; echo $n; n=$((n * 2)) : ; echo $n
x=1; x=2 y=$x sh -c 'echo $x $y'; x=3 y=$x eval 'echo $x $y'; f() { echo $x $y; }; x=4 y=$x f; echo $x
x=5 y=$x; echo $x $y; unset x y; x=a x=${x}b; echo $x; x=${u=new} true; echo ${u-unset}
z=1; f() { z=3; local w=$z; echo $z; }; z=2 f; echo $z; z=4 command eval 'echo $z'; echo $z
IFS=: read -r a b <<E
1 2:3
E
echo "$a|$b"; echo "a b" | { read -r a b; echo "$a|$b"; }
x=old; x=new exec 3>/dev/null; exec 3>&-; export x=1; x=2 sh -c 'echo $x'; x=3 export y=4; sh -c 'echo $x $y'
readonly r=1; (r=2 true; echo not here) 2>/dev/null; echo $?; (r=2; echo not here) 2>/dev/null; echo $?
(set -e; { echo no; } < /nowhere; echo not here) 2>/dev/null; echo $?; (set -e; { :; } < /nowhere || echo saved) 2>/dev/null
(set -e; if { :; } < /nowhere; then :; else echo else; fi) 2>/dev/null; PATH=/nowhere ls 2>/dev/null; echo $?; ls / > /dev/null; echo $?
set -- a b c; echo "${*#?}" "${*%?}"; set -x 2>/dev/null; { n=$((n + 1)); echo $n; } 2>/dev/null; set +x 2>/dev/null; echo $n
unset z; n=1; echo "${z##$((n = 5))}" "${z%$((n = 6))}" $n; z=56; echo "${z##$((n = 5))}" $n
cat /etc/passwd >&-; echo $?
