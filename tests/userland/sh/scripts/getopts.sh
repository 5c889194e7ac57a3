parse() { OPTIND=1; while getopts ab:c opt "$@"; do case $opt in a) echo A;; b) echo "B=$OPTARG";; c) echo C;; ?) echo bad;; esac; done; shift $((OPTIND-1)); echo "rest: $*"; }
parse -a -b val -c x y; parse -acb val z; parse -bval; parse -a -- -b; parse
parse -a x -b y; parse -x 2>/dev/null; parse -b 2>/dev/null
q() { OPTIND=1; while getopts :ab: o "$@"; do echo "$o ${OPTARG-none}"; done; }
q -a -x -b; q -b 1 -a
