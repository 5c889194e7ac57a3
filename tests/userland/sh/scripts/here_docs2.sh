name=World
cat <<A; cat <<'B'; cat <<-C
Hello $name $((1 + 2)) `echo cmd` $(echo sub) \$name \\ \`x\`
A
Hello $name $((1 + 2)) `echo cmd` \$name
B
	tabs $name
		more
	C
f() { cat; }
f <<EOF | while read -r a b; do echo "[$a|$b]"; done
one two three
  four   five
EOF
if true; then
	cat <<-'X'
		indented 'x' "y"
	X
fi
cat <<EOF
${name:+set} ${none:-"default"} ${none:-'single'} "quoted $name"
line \
continued
EOF
x=$(cat <<EOF
in substitution $name
EOF
)
echo "$x"
while read -r l; do echo "> $l"; done <<EOF
$(for i in 1 2 3; do echo "item $i"; done)
EOF
cat <<EOF1 <<EOF2
first
EOF1
second
EOF2
cat 3<<EOF <&3
via three
EOF
