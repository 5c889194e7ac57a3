cd $TMPDIR || exit 1
echo 'dotvar=set; echo "in dot"; return 5; echo never' > d.sh
. ./d.sh; echo $? $dotvar
echo 'f() { echo from file; }' > e.sh; . ./e.sh; f
(. ./nofile) 2>/dev/null; echo "status $?"
echo 'echo $1' > g.sh; set -- param; . ./g.sh; rm -f d.sh e.sh g.sh
