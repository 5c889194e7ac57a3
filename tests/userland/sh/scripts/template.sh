# A template engine: variables, loops and conditions in text, with eval held on a short leash.
esc() { printf '%s' "$1" | sed 's/[&\\|]/\\&/g'; }
fill() { text=$1; shift; for kv; do k=${kv%%=*}; v=${kv#*=}; text=$(printf '%s' "$text" | sed "s|{$k}|$(esc "$v")|g"); done; printf '%s\n' "$text"; }
fill 'Dear {name}, you owe {sum} & more.' name='Bob | Co' sum='$5\n'
render() { eval "cat <<_END_
$1
_END_"; }
name=World n=3; render 'Hello $name, $((n * 2)) times: $(for i in 1 2 3; do printf "%s " $i; done)'
table() { while IFS=: read -r a b c; do printf '<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n' "$a" "${b:-none}" "${c:+has}"; done; }
table <<E
one:1:x
two::y
three:3:
E
indent() { sed 's/^/    /'; }; { echo a; echo b | indent; } | indent
lines=$(printf 'l1\nl2\nl3'); oldifs=$IFS; IFS='
'; for l in $lines; do printf '[%s]' "$l"; done; IFS=$oldifs; echo
cat <<-'E' | sed 's/\$/D/g'
	tab stripped $x
		`two`
	E
