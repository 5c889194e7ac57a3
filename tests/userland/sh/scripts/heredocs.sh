x=value
cat <<EOF
plain $x ${x}s $(echo cmd) `echo bt` $((1+1)) \$x \\ "quotes" 'single'
EOF
cat <<'EOF'
raw $x $(echo no) \$ \\
EOF
cat <<"E O F"
spaced $x
E O F
cat <<-EOF
	tabs $x
		gone
	EOF
cat <<A; cat <<B
first
A
second
B
cat <<EOF | tr a-z A-Z
piped
EOF
while read a b; do echo "$b-$a"; done <<EOF
1 2
3 4 5
EOF
f() { cat <<EOF
in function $1
EOF
}
f arg; f arg2
cat <<EOF
cont\
inued ${x:-"dq"} ${u-'sq'}
EOF
cat <<EOF; echo after
EOF
y=$(cat <<EOF
inside $x
EOF
); echo "$y"
