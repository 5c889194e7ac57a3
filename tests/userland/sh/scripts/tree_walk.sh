cd $TMPDIR && mkdir -p t/a/b t/c && cd t || exit 1; echo 1 > f; echo 22 > a/g; echo 333 > a/b/h
walk() { for e in "$1"/*; do [ -e "$e" ] || continue; if [ -d "$e" ]; then echo "$2$e/"; walk "$e" "$2  "; else echo "$2$e $(wc -c < "$e" | tr -d ' ')"; fi; done; }
walk . ''; total=0; for f in f a/g a/b/h; do total=$((total + $(wc -c < $f))); done; echo $total; cp -R a c; walk c ''; cd ..; rm -r t; [ -d t ] || echo gone
