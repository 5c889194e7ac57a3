while read cmd arg; do
  case $cmd in
    add) total=$((${total:-0} + arg)) ;;
    sub) total=$((total - arg)) ;;
    show) echo "total=$total" ;;
    quit) break ;;
    ''|'#'*) continue ;;
    *) echo "unknown: $cmd" >&2 ;;
  esac
done 2>&1 <<'END'
add 5
# comment

add 7
show
sub 2
bogus
show
quit
show
END
echo "final $total"
