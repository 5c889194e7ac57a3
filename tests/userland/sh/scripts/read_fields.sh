printf 'a b c\n' | { read x y; echo "$x|$y"; }
printf 'a b\n' | { read x y z; echo "$x|$y|$z"; }
printf '  a  b  \n' | { read x; echo "$x|"; }
printf '  a  b  \n' | { IFS= read x; echo "$x|"; }
printf 'a:b:c:\n' | { IFS=: read x y; echo "$x|$y"; }
printf 'a::b\n' | { IFS=: read x y z; echo "$x|$y|$z"; }
printf 'a\\tb\\\nc\n' | { read x; echo "$x"; }
printf 'a\\tb\\\nc\n' | { read -r x; printf '%s\n' "$x"; }
printf 'no newline' | { read x; echo "$x $?"; }
printf '' | { read x; echo "[$x] $?"; }
printf '1\n2\n3\n' | while read n; do echo $((n * 2)); done
printf 'x,y;z\n' | { IFS=',;' read a b c; echo "$a-$b-$c"; }
printf 'k = v = w\n' | { IFS='= ' read k v; echo "$k|$v"; }
cnt=0; while read -r l; do cnt=$((cnt + 1)); done <<EOF
a

b
EOF
echo $cnt
printf 'one\ntwo\n' | { read a; read b; read c; echo "$a $b [$c] $?"; }
