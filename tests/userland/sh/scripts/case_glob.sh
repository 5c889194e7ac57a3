t() {
	case $1 in
	[0-9]) echo digit;; [0-9]*[!0-9]*) echo mixed;; [0-9]*) echo number;;
	-*) echo option;; *.tar.gz|*.tgz) echo archive;; .*) echo hidden;;
	[[:upper:]]*) echo upper;; [[:space:]]*) echo space;; ?) echo one;; "") echo empty;;
	a\*b) echo star;; 'a?b') echo quest;; [\]x]*) echo bracket;; *[!a-z]*) echo other;; *) echo word;;
	esac
}
for w in 5 55 5x -v x.tar.gz y.tgz .rc Upper ' sp' z '' 'a*b' 'a?b' aXb ']' x1 word wo-rd 'a b'; do printf '%s: ' "$w"; t "$w"; done
p='[ab]*'; case abc in $p) echo pattern;; esac; case abc in "$p") echo literal;; *) echo 'not literal';; esac
case "$p" in "$p") echo same;; esac
case x in (x) echo paren;; esac
case a in b) ;; esac; echo "none $?"
case a in a) false;; esac; echo "false $?"
case $(echo multi; echo line) in "multi
line") echo newline;; esac
x=5; case $((x * 2)) in 10) echo ten;; esac
