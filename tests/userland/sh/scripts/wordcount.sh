text='the quick brown fox jumps over the lazy dog the end'
for w in $text; do echo $w; done | sort | uniq -c | sort -rn | while read n w; do echo "$w $n"; done | head -n 1
