upper() { printf '%s' "$1" | tr '[:lower:]' '[:upper:]'; }
len() { echo ${#1}; }
rev() { local s=$1 r=; while [ -n "$s" ]; do r=${s%"${s#?}"}$r; s=${s#?}; done; echo "$r"; }
contains() { case $1 in *"$2"*) return 0;; esac; return 1; }
replace() { local s=$1 r=; while contains "$s" "$2"; do r=$r${s%%"$2"*}$3; s=${s#*"$2"}; done; echo "$r$s"; }
split() { local IFS=$2 w; set -f; for w in $1; do echo "[$w]"; done; set +f; }
trim() { local s=$1; s=${s#"${s%%[! ]*}"}; s=${s%"${s##*[! ]}"}; echo "<$s>"; }
repeat() { local i=0 r=; while [ $i -lt $2 ]; do r=$r$1; i=$((i + 1)); done; echo "$r"; }
pad() { printf '%-*s|%*s|\n' $2 "$1" $2 "$1" 2>/dev/null || printf "%-${2}s|%${2}s|\n" "$1" "$1"; }
upper 'hello world'; echo; len 'four'; rev 'stressed'; contains foobar oba && echo yes; contains foobar xyz || echo no
replace 'a-b-c' - +; replace 'aaa' a bb; replace 'x*y*z' '*' '?'; split 'a,b,*,c' ,; trim '   in the middle  '; repeat ab 4; pad x 5
palin() { [ "$1" = "$(rev "$1")" ] && echo "$1 is" || echo "$1 is not"; }; palin racecar; palin racecars
caesar() { printf '%s\n' "$1" | tr 'a-z' 'n-za-m'; }; caesar 'hello'; caesar "$(caesar hello)"
