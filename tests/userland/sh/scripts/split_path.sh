split() { oldifs=$IFS; IFS=/; set -- $1; IFS=$oldifs; for p; do echo "[$p]"; done; }
split /usr/local/bin; split a//b; dirname() { case $1 in */*) echo "${1%/*}";; *) echo .;; esac; }
dirname /a/b/c; dirname x; basename() { b=${1##*/}; echo "${b%"$2"}"; }; basename /a/b.txt .txt
