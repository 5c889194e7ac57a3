i=0; while [ $i -lt 2000 ]; do echo "line $i of the data $((i * 7919 % 1000))"; i=$((i + 1)); done >${TMPDIR:-/tmp}/bd.$$
f=${TMPDIR:-/tmp}/bd.$$
wc <$f | tr -s ' '; sort -k 6n -k 2n $f | head -n 3; sort -k 6nr $f | head -n 2; cut -d ' ' -f 6 $f | sort -n | uniq -c | sort -rn | head -n 2 | tr -s ' '
tail -n 2 $f; head -c 20 $f; echo; cat $f $f $f | wc -l | tr -d ' '; cat $f | cat | cat | tail -c 10
x=$(cat $f); echo ${#x}; set -- $x; echo $#; echo "$x" | tail -n 1
tr a-z A-Z <$f | sort -r | head -n 1; rm $f
