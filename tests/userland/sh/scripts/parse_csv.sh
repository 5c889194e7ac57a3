while IFS=, read -r name age city; do [ "$name" = name ] && continue; printf '%-10s|%3d|%s\n' "$name" "$age" "$city"; done <<'E'
name,age,city
Alice,30,New York
Bob,4,Paris
E
