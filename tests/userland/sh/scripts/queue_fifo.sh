cd $TMPDIR || exit 1; mkfifo q
{ for i in 1 2 3; do echo "job $i"; done; } > q &
while read a b; do echo "done $a $b"; done < q; wait; rm q
mkfifo a b; (read x < a; echo "got $x"; echo reply > b) & echo ask > a; read y < b; echo $y; wait; rm a b
