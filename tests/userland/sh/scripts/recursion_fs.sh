cd "${TMPDIR:-/tmp}"; d=rf.$$; mkdir $d; cd $d
mkdir -p a/b/c a/d e; for f in a/1 a/b/2 a/b/c/3 e/4 '.hidden' 'a/with space'; do echo "$f" >"$f"; done
walk() {
	local dir=$1 indent=$2 entry
	for entry in "$dir"/* "$dir"/.[!.]*; do
		[ -e "$entry" ] || continue
		printf '%s%s' "$indent" "${entry##*/}"
		if [ -d "$entry" ]; then echo /; walk "$entry" "$indent  "; else echo " ($(wc -c <"$entry" | tr -d ' '))"; fi
	done
}
walk . ''
count=0
countfiles() { for e in "$1"/*; do if [ -d "$e" ]; then countfiles "$e"; elif [ -f "$e" ]; then count=$((count + 1)); fi; done; }
countfiles .; echo "files $count"
for f in a/*; do [ -f "$f" ] && mv "$f" "$f.bak"; done
echo a/* ; echo *; echo .h*; echo nomatch*; echo a/b/*/*; echo [ae]; echo ?; echo a/[!w]*
set -f; echo *; set +f
rm -r a e .hidden; cd ..; rmdir $d && echo removed
