x='a  b'; echo $x "$x" '$x' \$x "\$x" a\ b 'it'"'"'s'
echo "back`echo "tick"`" "$(echo "nested "'q'" x")"
printf '<%s>' "" '' a"b"c "$x"c ''; echo
echo "multi
line" 'and
more' cont\
inued
echo "`echo \`echo deep\``" "\`" '`'
