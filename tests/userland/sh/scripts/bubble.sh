set -- 5 3 9 1 7; sorted=0
while [ $sorted = 0 ]; do sorted=1; out=; prev=$1; shift
  for x; do if [ $prev -gt $x ]; then out="$out $x"; sorted=0; else out="$out $prev"; prev=$x; fi; done
  set -- $out $prev; done; echo $*
