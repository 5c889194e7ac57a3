# Relations in files: sort, join, comm, paste, uniq, and the same by hand.
printf '%s\n' '1 ann' '2 bob' '3 cid' > people; printf '%s\n' '1 10' '1 20' '3 30' > orders
join people orders; join -v 1 people orders; sort -k2,2r people | head -1; sort -t ' ' -k 2n orders | tail -1
while read -r id name; do sum=0; while read -r oid amount; do [ "$oid" = "$id" ] && sum=$((sum + amount)); done < orders; echo "$name $sum"; done < people
cut -d' ' -f1 people > a; cut -d' ' -f1 orders | sort -u > b; comm -12 a b; comm -23 a b
paste -d, a a a | head -2; paste -s -d+ a; printf 'x\nx\ny\nx\n' | uniq -c | sed 's/^ *//'; printf 'b\na\nc\n' | sort -r | tr -d '\n'; echo
tr 'a-z' 'A-Z' < people | tr -d ' ' | rev | nl -ba | sed 's/[[:space:]]\{1,\}/ /g'
printf '%s\n' 10 9 100 1 | sort | tr '\n' ' '; printf '%s\n' 10 9 100 1 | sort -n | tr '\n' ' '; echo
split -l 2 people part.; cat part.aa; cat part.ab; cksum < people | cut -d' ' -f2; wc -l < people | tr -d ' '
