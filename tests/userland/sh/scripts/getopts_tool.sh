usage() { echo "usage: tool [-abv] [-n num] [-o out] file ..." >&2; return 2; }
tool() {
	local OPTIND=1 a=0 b=0 v=0 num=- out=- opt
	while getopts :abvn:o: opt; do
		case $opt in
		a) a=1;; b) b=1;; v) v=$((v + 1));;
		n) case $OPTARG in *[!0-9]*|'') echo "bad number '$OPTARG'"; return 3;; esac; num=$OPTARG;;
		o) out=$OPTARG;;
		:) echo "-$OPTARG needs an argument"; return 4;;
		\?) echo "unknown -$OPTARG"; usage 2>&1; return;;
		esac
	done
	shift $((OPTIND - 1))
	echo "a=$a b=$b v=$v num=$num out=$out rest($#)=$*"
}
tool -ab -vvv x y; echo $?
tool -n 5 -ofile -- -x; echo $?
tool -n; echo $?
tool -n 5x; echo $?
tool -q; echo $?
tool; echo $?
tool -an7 -b file; echo $?
set -- -x 1 -y; OPTIND=1
while getopts xy: o; do echo "$o ${OPTARG-none} $OPTIND"; done 2>/dev/null; echo "end $OPTIND $#"
