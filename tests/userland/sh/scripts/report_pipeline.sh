# A report from a table: sed, grep, sort, uniq, cut, tr, head in pipelines.
cat > data.txt <<E
2024-01-03 alice  login  ok
2024-01-03 bob    login  fail
2024-01-04 alice  read   ok
2024-01-04 carol  write  ok
2024-01-05 bob    login  ok
2024-01-05 bob    write  fail
2024-01-06 alice  logout ok
# a comment
E
grep -v '^#' data.txt | tr -s ' ' | cut -d ' ' -f 2 | sort | uniq -c | sort -rn | sed 's/^ *//'
grep -c fail data.txt; grep -n login data.txt | cut -d: -f1 | tr '\n' ' '; echo
sed -n '/bob/s/.*bob *\([a-z]*\) *\([a-z]*\)/\1=\2/p' data.txt
total=0; while read -r day who what how; do case $day in \#*) continue;; esac; total=$((total + ${#who})); done < data.txt; echo $total
sed -e '/^#/d' -e 's/  */,/g' data.txt > data.csv; head -2 data.csv; tail -n 1 data.csv
for w in $(cut -d, -f2 data.csv | sort -u); do printf '%-6s|%3d|\n' "$w" "$(grep -c ",$w," data.csv)"; done
IFS=, ; set -- $(head -1 data.csv); echo $# "$4"; unset IFS
sed '1,3d;$!d' data.csv; sed -n '2{p;q;}' data.csv; sed = data.csv | sed 'N;s/\n/:/' | head -2
