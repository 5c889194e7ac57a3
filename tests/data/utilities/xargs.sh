echo a b c d e | xargs; echo a b c d e | xargs -n 2; printf 'a\nb\nc\n' | xargs -n1 echo x; printf 'a b\nc\nd\n' | xargs -L 2 echo; printf '1\n2\n' | xargs -I % echo '[%]' 'a%b'; printf 'x y\nz\n' | xargs -I {} echo {} {}

printf 'a "b c" d\\ e\n' | xargs -n 1 echo; printf "'q r' s\n" | xargs -n 1; printf 'a\0b c\0' | xargs -0 -n 1 echo; echo a | xargs false; echo $?; echo a | xargs nosuch 2>/dev/null; echo $?; echo a | xargs sh -c 'exit 255' 2>/dev/null; echo $?; echo 1 2 | xargs -n1 sh -c 'exit $0'; echo $?

echo 1 2 3 | xargs -n 1 -t echo 2>&1; printf 'a\nEND\nb\n' | xargs -E END echo; echo "a'b" | xargs 2>/dev/null; echo $?; seq 1 20 | xargs -n 7; mkdir d; touch d/x d/y; ls d | xargs -I F cp d/F d/F.bak; ls d; find d -name '*.bak' -print0 | xargs -0 rm; ls d; echo abc def ghi | xargs -s 20 echo; echo x | xargs -P 2 -n 1 echo; printf 'a b\n' | xargs sh -c 'echo "$0:$1"'; echo | xargs -r echo none; echo c | xargs echo a b
