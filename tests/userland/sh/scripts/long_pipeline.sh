i=0; while [ $i -lt 300 ]; do echo "line number $i of some text that makes the data larger than a pipe"; i=$((i+1)); done | cat | sort | uniq | tail -n 1
big=$(i=0; while [ $i -lt 200 ]; do echo "0123456789012345678901234567890123456789"; i=$((i+1)); done); echo ${#big}
cat <<E | wc -c | tr -d ' '
$big
$big
E
