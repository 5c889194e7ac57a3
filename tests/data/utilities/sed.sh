printf 'one\ntwo\nthree\nfour\n' > f; sed 's/o/0/' f; sed 's/o/0/g' f; sed -n 2p f; sed 2d f; sed -n '2,3p' f; sed '$d' f; sed -n '$=' f; sed '/two/d' f; sed '/two/,/four/d' f; sed -n '/t/p' f; sed '2!d' f; sed 2q f; sed -n '2{p;q;}' f

printf 'one\ntwo\nthree\nfour\n' > f; sed '2a\
after' f; sed '2i\
before\
again' f; sed '2c\
changed' f; sed '2,3c\
both' f; sed '$a\
end' f; sed -e '1a\' -e 'x' f; sed '2{
s/t/T/
s/o/O/
}' f; sed '/three/{n;d;}' f; sed '1,2{/o/!d
}' f

printf 'one\ntwo\nthree\nfour\n' > f; sed -n '1!G;h;$p' f; sed G f; sed -n '$!{h;d;};H;x;p' f; sed '$!N;s/\n/ /' f; sed '$!N;P;D' f; sed x f; sed 'N;N;N;s/\n/,/g' f; sed ':a
N
$!b a
s/\n/+/g' f; sed -e :a -e '$q;N;3,$D;ba' f; sed 'n;d' f; sed = f | sed 'N;s/\n/ /'

printf 'hello world\nfoo bar\n' > f; sed 's/\(.*\) \(.*\)/\2 \1/' f; sed -E 's/([a-z]+) ([a-z]+)/\2 \1/' f; sed 's/o/[&]/g' f; sed 's/o/[\&]/g' f; sed 's/o/0/2' f; sed -n 's/o/0/2p' f; sed 's,o,/,' f; sed 's/./\n/2' f; sed 's/l*/x/g' f; sed 's/x*/-/g' f; sed 's/O/0/I' f; sed 's/[aeiou]//g;s/^/>/;s/$/</' f; sed 's/a\{0,1\}b/X/' f; sed -E 's/(foo|foob)(ar)?/<\1>/' f; sed 's|\(f\)o*|\1|' f; sed 's/o\|l/_/g' f

printf 'abc\n' | sed 'y/abc/xyz/'; printf 'a/b\n' | sed 'y/\//|/'; printf 'a b\n' | sed 'y/ /\n/'; printf 'a\tb\\c\001\n' | sed -n l; printf 'x\ny\nz\n' | sed -n 'x;G;p' ; printf '1\n2\n3\n4\n5\n6\n' | sed -n '2,+2p'; printf '1\n2\n3\n4\n5\n6\n' | sed -n '/2/,/2/p'; printf '1\n2\n3\n4\n5\n6\n' | sed -n '4,2p'; printf '1\n2\n3\n4\n5\n' | sed -n '\,3,,$p'; printf '1\n2\n' | sed -n '1!p'

printf 'a\nb\nc\n' > f; printf 'X\nY\n' > g; sed '1r g' f; sed -n '/b/w out' f; cat out; sed 's/a/A/w out2' f; cat out2; sed -e 's/a/1/' -e 's/b/2/' f; printf 's/a/Q/\n# comment\n/b/d\n' > s; sed -f s f; sed '$r nofile' f; sed p f g | wc -l | tr -d ' '; sed -n '$p' f g; sed -n 4p f g; cat f | sed s/a/z/

printf 'a\nb\n' > f; cp f g; sed -i s/a/X/ f g; cat f g; sed -i.bak s/b/Y/ f; cat f f.bak; sed -n -i 1p g; cat g; sed nosuch f 2>/dev/null; echo $?; sed 's/a' f 2>/dev/null; echo $?; sed '{p' f 2>/dev/null; echo $?; sed 'b nolabel' f 2>/dev/null; [ $? != 0 ]; echo $?; sed 's/\(/x/' f 2>/dev/null; echo $?; sed -n '/X/=' f; sed 's/X/\t|/' f

printf 'if x\nthen y\nfi\n' > f; sed 's/^/    /' f; sed -n '/then/{s/.* //
p
}' f; sed '/x/s//Z/' f; sed 's/[^ ]* //' f; sed -n '/if/,/fi/{//!p
}' f; sed '/then/t
s/f/F/' f; sed -e ':top' -e 's/i/I/' -e 't top' f; sed 's/x/a\
b/' f; sed -E 's/^(.)(.*)$/\2\1/' f; sed 's/\//x/' f; sed -n '/[/]/p' f; echo /a/b | sed 's/[/]/-/g'; sed --  s/i/o/ f; sed 's/a//;;s/i/j/' f; sed '#n
p' f; echo aaa | sed 's/a/b/2g' 2>/dev/null >/dev/null; sed -n 'H;${x;s/\n/;/g;p;}' f

printf '# comment\nhost = example\nport=80\n\n[section]\nkey = value with spaces\n' > conf; sed -e '/^#/d' -e '/^$/d' -e 's/ *= */=/' conf; sed -n '/^\[/,$p' conf; grep -E '^[a-z]+ *=' conf | cut -d= -f1 | tr -d ' '; sed -n 's/^port=//p' conf; while IFS== read k v; do [ "$v" ] && echo "<$k>"; done < conf; sed '/section/a\
new = 1' conf | tail -n 2; sed -E 's/^([a-z]+) *= *(.*)$/\2=\1/' conf; grep -n '' conf | sed -n '$p'; cp conf conf2; printf 'x\n' >> conf2; diff conf conf2 | sed 1d; diff -u conf conf2 | tail -n +3

printf 'a\nb\nc\n' > f; sed ':a;N;$!ba;s/\n/,/g' f; sed -n ':x;p;n;bx' f; sed 's/b/X/;t;s/a/Y/' f; sed ':top;s/^.\{1,5\}$/ &/;ttop' f; sed -e ':a' -e 's/^\(-*\)[a-z]/\1-/;ta' f; echo 1234567 | sed ':a;s/\B[0-9]\{3\}\>/,&/;ta'; sed '2{b end
s/b/no/
:end
}' f; sed 'b;s/a/no/' f; printf 'x\ny\n' | sed '/x/{s/x/q/;b};s/./z/'
