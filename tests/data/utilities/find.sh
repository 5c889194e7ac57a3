mkdir -p a/b/c; touch a/f a/.h a/b/g.txt a/b/c/G.TXT; ln -s f a/l; find a | sort; find a -type f | sort; find a -type d -print | sort; find a -type l; find a -name '*.txt'; find a -iname '*.txt' | sort

mkdir -p a/b/c; touch a/x a/b/y a/b/c/z; find a -name b -prune -o -print | sort; find a -maxdepth 1 | sort; find a -mindepth 2 | sort; find a -path 'a/b/*' | sort; find a ! -type d | sort; find a -type f -a -name x -o -name z | sort; find a \( -name x -o -name y \) -type f | sort; find a -not -name a | sort

mkdir -p a/b; echo 1 > a/f; echo 22 > a/b/g; find a -type f -exec cat {} \; | sort; find a -type f -exec echo {} + | tr ' ' '\n' | sort; find a -name f -exec false {} \; -print; find a -name f -exec true {} \; -print; find a -exec echo x{}y \; | sort; find a -type f -exec nosuch {} \; 2>/dev/null; echo $?

printf 12345 > s; printf '' > e; mkdir d; i=0; while [ $i -lt 100 ]; do echo 0123456789; i=$((i+1)); done > big; find . -size 5c; find . -type f -size 0; find . -size +2 -type f; find . -size -1 -type f; find . -empty | sort; find . -type f -size 3

touch -t 200001010000 old; touch -t 200006010000 new; find . -newer old -type f; find . -type f -mtime +1000 | sort; chmod 600 old; chmod 755 new; find . -perm 600; find . -perm -u+x -type f; find . -perm -100 -type f; find . -type f -perm 0644; find . -newer nofile 2>/dev/null; echo $?

mkdir a; touch a/x a/y; ln a/x a/z; find a -links 2 -type f | sort; find a -depth | tail -n 1; find a -name x -delete; ls a; find a -type f -print0 | tr '\0' '\n' | sort; find a -delete; ls; find nofile 2>/dev/null; echo $?; find . -name 2>/dev/null; echo $?; find . -nosuch 2>/dev/null; echo $?

mkdir -p d/e; touch d/f; ln -s d s; find s; find -H s | sort; find -L s | sort; find s -follow | sort; find . -type l -exec readlink {} \;; echo y | find d -name f -ok echo {} \; 2>/dev/null; echo n | find d -name f -ok echo {} \; 2>/dev/null; find d -user root -group 0 -type f; find d -inum $(ls -i d/f | cut -d' ' -f1)

mkdir -p d/e; touch d/e/f; cd d; find . -type f -execdir echo {} \; | sed 's,^\./,,'; find . -regex '.*/e/.' ; find . -iregex '.*/E/F'; find e -xdev; find . -nouser; find . -nogroup; find . e | sort; find ./ -name f; find . \( -name f 2>/dev/null; [ $? != 0 ] && echo unbalanced

mkdir -p src/lib doc; for f in a b c; do printf 'int %s;\n/* TODO %s */\n' $f $f > src/$f.c; done; printf 'extern int a;\n' > src/lib/h.h; echo TODO > doc/notes; find . -name '*.c' | sort | xargs grep -l TODO; find . -type f | sort | xargs grep -c TODO; find src -name '*.c' -exec basename {} .c \; | sort; find . -type f -name '*.[ch]' | sort | while read f; do echo "$(dirname $f) $(wc -l < $f | tr -d ' ')"; done; grep -rn 'int a' src | sort; find . -name '*.c' -print0 | xargs -0 sed -i.orig 's/TODO/DONE/'; grep -h DONE src/*.c; ls src; find . -name '*.orig' | xargs rm; find . -type f | wc -l | tr -d ' '
