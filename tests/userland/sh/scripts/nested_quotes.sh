a='x y'; echo "$(echo "$a" | tr 'xy' "ab")" "`echo "$a"`" "${a#"x "}"
b="it's"; echo '"'"$b"'"' "'$b'" \'$b\' "\"$b\""
eval "echo '$a' \"\$a\" \\\$a"; sh -c "echo '$a' \"$a\""
echo "a'b\"c" 'a"b' "a\'b" "$(printf '%s' "in 'q' \"d\"")"
printf "%s\n" "\a\b\$\`\\" '\a' \a\\
