# A tree, walked by find and by a function; both see the same.
mkdir -p t/a/b t/c 't/with space'; for f in t/x.c t/a/y.c t/a/b/z.h t/c/w.c 't/with space/v.h'; do echo "$f" > "$f"; done
ln -s x.c t/link; chmod 600 t/x.c
walk() { for e in "$1"/*; do [ -e "$e" ] || continue; echo "$e"; [ -d "$e" ] && [ ! -L "$e" ] && walk "$e"; done; return 0; }
walk t | sort; echo --; find t ! -path t | sort
find t -name '*.c' -type f | sort; find t -type l; find t -type d -name 'w*'
find t -name '*.h' -exec cat {} \; | sort; find t -type f -print | while IFS= read -r f; do [ "$(cat "$f")" = "$f" ] || echo differs "$f"; done
find t -perm 600 ! -type l; find t -type f -newer t/x.c | wc -l | tr -d ' ' | sed 's/[0-9]/n/'
find t -depth -name b -exec rm -r {} + ; find t -name b; find t -prune; find t -maxdepth 1 -type d | sort
du=0; for s in $(find t -type f -exec wc -c {} \; | sed 's/^ *\([0-9]*\).*/\1/'); do du=$((du + s)); done; echo $du
rm -r t; [ -e t ] || echo gone
