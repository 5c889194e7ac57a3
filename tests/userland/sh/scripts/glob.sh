cd $TMPDIR && mkdir -p gd && cd gd || exit 1
touch a.c b.c c.h .hid 'sp ace' ab; mkdir -p d/e; touch d/x.c d/e/y.c
echo *; echo *.c; echo ?.c; echo [ab].c; echo [!a].c; echo .h*; echo */*.c; echo */*/*; echo d*
echo "*.c" '*.c' \*.c; echo *.none; x='*.c'; echo $x "$x"
echo "a"*; echo *"."c; for f in *; do echo "<$f>"; done
echo */; echo ./*.c; echo [a-c].[ch]; echo [[:alpha:]].c; set -f; echo *; set +f
case file.c in *.c) echo cfile;; esac
cd ..; rm -rf gd
