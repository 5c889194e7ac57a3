for s in 'if' 'fi' 'for' 'case x in' '(' ')' 'a | ' '&& b' 'echo "x' 'f() ' '{ a' 'while true; done' 'echo ${x' ';;' 'if true; then echo; else'; do
  sh -c "$s" 2>/dev/null; echo "$s: $?"
done
