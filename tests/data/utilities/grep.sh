printf 'foo\nbar\nfoobar\nbaz\nqux\n' > f; grep foo f; grep -v foo f; grep -c o f; grep -n ba f; grep -i FOO f; grep -x foo f; grep -w foo f; grep -l foo f; grep -L foo f; grep -q foo f; echo $?; grep nothing f; echo $?; grep x nofile 2>/dev/null; echo $?; grep -s x nofile; echo $?

printf 'a1\nb22\nc333\nabc\n' > f; cp f g; grep '[0-9]' f g; grep -h 22 f g; grep -H 22 f; grep -E '[0-9]{2,}' f; grep '[0-9]\{3\}' f; grep -E 'a1|abc' f; grep -e a1 -e b22 f; printf 'a1\nabc\n' > p; grep -f p f; grep -F 'a1
c333' f; grep -c . f g; cat f | grep b; cat f | grep -c b - f; grep -vc a f

printf '1\n2\n3\n4\n5\n6\n7\n8\n9\n' > f; grep -A1 3 f; grep -B2 3 f; grep -C1 '[28]' f; grep -n -A1 '[25]' f; grep -1 5 f; grep -m 2 '[0-9]' f; grep -vn '[2-8]' f; grep -A 1 -B 1 -e 2 -e 4 f; grep -c -m 3 . f; grep -B1 -A1 -n 9 f f

printf 'the cat sat on the mat\nhat trick\n' > f; grep -o '[a-z]at' f; grep -on 'at' f; grep -ob at f; grep -b hat f; grep -ow '[a-z]*at' f; grep -oi THE f; printf 'aXbX\n' | grep -o 'X*'; grep -o 'x*' f; echo $?; printf 'abcabc\n' | grep -o 'b\|c'; printf 'foobar\n' | grep -oE 'foo|foobar|bar'

mkdir -p d/e; echo needle > d/x; echo hay > d/y; echo needle > d/e/z; grep -r needle d | sort; grep -rl needle d | sort; grep -rc needle d | sort; grep -rh needle d; cd d; grep -r needle . | sort; grep needle e 2>/dev/null; echo $?; grep -rL needle . ; grep -rn --include='z' needle .; grep -r --exclude='z' needle .

printf 'abab\nabba\nxyzxyz\n' > f; grep '\(..\)\1' f; grep -E '^(.)(.)\2\1$' f; grep '^a' f; grep 'a$' f; grep '^$' f; echo $?; grep -c '' f; grep '[[:alpha:]]\{6\}' f; grep '[^abxyz]' f; echo $?; grep 'a.b' f; grep -E 'x|^$' f; grep -E '(ab)+$' f; grep -E 'z?y' f; grep '\.' f; echo '.' | grep '\.'; echo 'a*b' | grep 'a\*b'; echo 'a]b' | grep 'a[]]b'; echo 'a-b' | grep 'a[a-]b'; printf 'a+b\naab\n' | grep 'a+b'; printf 'a+b\naab\n' | grep -E 'a+b'

printf 'one two\nonetwo\n_one\none-two\n' > f; grep -w one f; grep '\<one\>' f; grep '\bone' f; grep -E '\w+-\w+' f; grep 'one\Btwo' f; printf 'a\0b\n' > z; grep -c a z; grep -a b z | tr -d '\0'; printf 'x\0y\0' | grep -z y | tr '\0' '\n'; grep -lZ one f | tr '\0' '+'; echo; grep -e; echo $?; grep '\(' f 2>/dev/null; echo $?; grep -E 'a{,' f; echo $?

printf 'A\nb\n' > f; grep -iv a f; grep -in B f; grep -y a f; echo -v | grep -e -v; echo -v | grep -- -v; grep -nH b f; grep -c b < f; grep -F . f; echo $?; printf 'a.b\n' | grep -F .; grep -Fx b f; grep -Fi B f; grep -Fw b f; egrep 'A|b' f 2>/dev/null; fgrep -c b f 2>/dev/null; grep b f -n; grep b -- f; printf 'no newline' | grep new; grep '' /dev/null; echo $?; grep -q b f nofile 2>/dev/null; echo $?

printf 'the quick brown fox\njumps over the lazy dog\nthe end of the story\n' > t; tr -s ' ' '\n' < t | sort | uniq -c | sed 's/^ *//' | sort -k1,1nr -k2 | head -n 4; grep -o '[a-z]*' t | sort -u | wc -l | tr -d ' '; sed 's/ .*//' t | paste -s -d, ; cut -d' ' -f2 t | rev | sort; fold -w 10 t | nl -ba | expand | sed 's/^ *//'
