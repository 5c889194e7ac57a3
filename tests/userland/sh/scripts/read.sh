echo 'a b  c d' | { read x y; echo "[$x][$y]"; }
echo '  lead trail  ' | { read x; echo "[$x]"; }
echo 'one' | { read x y z; echo "[$x][$y][$z]"; }
echo 'a\ b c\d' | { read x y; echo "[$x][$y]"; }
echo 'a\ b c\d' | { read -r x y; echo "[$x][$y]"; }
echo 'a:b:c' | { IFS=: read x y; echo "[$x][$y]"; }
echo 'a:b:' | { IFS=: read x y; echo "[$x][$y]"; }
echo ':a::b' | { IFS=: read x y z; echo "[$x][$y][$z]"; }
printf 'no newline' | { read x; echo "$? [$x]"; }
read x < /dev/null; echo "$? [$x]"
printf 'l1\nl2\nl3\n' | { read a; read b; echo "$a $b"; cat; }
printf 'a\\\nb\n' | { read x; echo "[$x]"; }
