# A dialogue over a here-document: commands, arguments, errors, a stack.
stack=
push() { stack="$1 $stack"; }
pop() { [ -n "$stack" ] || { echo "empty" >&2; return 1; }; top=${stack%% *}; stack=${stack#* }; }
binary() { pop && b=$top && pop && a=$top && push $((a $1 b)); }
while read -r word rest; do
    case $word in
    [0-9]* | -[0-9]*) push "$word"; [ -z "$rest" ] || for n in $rest; do push "$n"; done ;;
    + | - | '*' | / | %) binary "$word" || echo "need two" ;;
    dup) pop && { push $top; push $top; } ;;
    swap) pop && b=$top && pop && { a=$top; push $b; push $a; } ;;
    p) echo "${stack:-nothing}" ;;
    "" | '#'*) : ;;
    q) break ;;
    *) echo "what is $word?" ;;
    esac
done <<'E'
3 4 5
+
p
*
p
dup
*
p
swap
# comment

7 swap
p
frob
swap
p
-
-
-
q
never
E
echo end $?
