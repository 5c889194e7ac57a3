d=$TMPDIR/t.$$; mkdir "$d" || exit 1; trap 'rm -rf "$d"; echo cleaned' EXIT
for i in 3 1 2; do echo "line $i" > "$d/$i"; done
cat "$d"/*; ls "$d" | cat; [ -f "$d/1" ] && mv "$d/1" "$d/one"; ls "$d" | cat
cp "$d/2" "$d/two"; cmp=$(cat "$d/two"); echo "$cmp"; rm "$d/2"; ls "$d" | wc -l | tr -d ' '
