verbose=0 out= files=
main() { while [ $# -gt 0 ]; do case $1 in -v) verbose=$((verbose+1));; -o) shift; out=$1;; -o*) out=${1#-o};; --) shift; break;; -*) echo "bad $1"; return 2;; *) break;; esac; shift; done; files="$*"; echo "v=$verbose o=$out f=$files n=$#"; }
main -v -v -o x a b; verbose=0 out=; main -oy -- -z; main -q; echo $?; main
