state=main items=
show() { case $state in main) echo "1) add 2) list 3) clear 4) quit";; esac; }
act() {
	case $1 in
	1) IFS= read -r item || return 1; items="$items${items:+
}$item"; echo "added '$item'";;
	2) [ -n "$items" ] || { echo "(empty)"; return; }
		n=0; printf '%s\n' "$items" | while IFS= read -r i; do n=$((n + 1)); echo "  $n. $i"; done;;
	3) items=; echo cleared;;
	4) echo bye; return 1;;
	*) echo "what is '$1'?";;
	esac
}
while show; read -r choice; do act "$choice" || break; done <<'EOF'
2
1
buy milk & eggs
1
  spaces kept  
2
9
3
2
4
never
EOF
echo "left with $?"
