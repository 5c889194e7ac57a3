usage() { echo "usage: $0x [-h] [-n num] file" | cut -c1-6; return 1; }
run() { n=1 OPTIND=1; while getopts hn: o; do case $o in h) usage; return;; n) n=$OPTARG;; *) return 2;; esac; done; shift $((OPTIND-1)); echo "n=$n files=$*"; }
run -n 3 a b; run -h; run a -n 3; run -n5 --  -x; run -x 2>/dev/null; echo $?
