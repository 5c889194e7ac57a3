printf 'a\nb\nc\nd\n' > x; printf 'a\nB\nc\nd\ne\n' > y; diff x y; echo $?; diff x x; echo $?; diff -q x y; diff -s x x; diff -e x y; diff -n x y; diff y x; printf 'a\nc\n' > z; diff x z; diff z x; diff x /dev/null; diff /dev/null x; diff nofile x 2>/dev/null; echo $?

seq 1 30 > x; sed -e 3d -e 's/^15$/fifteen/' -e '28a\
new' x > y; touch -t 200001020304.05 x; touch -t 200102030405 y; diff -u x y; diff -c x y; diff -U 1 x y; diff -C 0 x y; diff -U 0 x y; diff -u --label one --label two x y; diff -u10 x y 2>/dev/null | head -n 5

printf 'a b\n' > x; printf 'a  b \n' > y; printf 'A B\n' > z; printf 'ab\n' > w; diff -b x y; echo $?; diff -w x w; echo $?; diff -i x z; echo $?; diff -bi y z; echo $?; diff x w >/dev/null; echo $?; printf 'a\n\n\nb\n' > p; printf 'a\nb\n' > q; diff -B p q; echo $?; diff -q p q; printf 'no newline' > n; printf 'no newline\n' > m; diff n m; diff -L A -L B -u n m; diff -L A -L B -c m n

mkdir -p a/s b/s; echo 1 > a/f; echo 2 > b/f; touch a/only b/other; echo same > a/t; echo same > b/t; echo x > a/s/g; echo y > b/s/g; diff a b; echo $?; diff -r a b; echo $?; diff -rq a b; diff -qr a b | sort; diff -rs a b; diff a/f b; diff a b/f; mkdir c; diff -r a/s c; diff -rN -L x -L y a/s c; diff -rN a/s c; diff -rx 'o*' a b

printf 'int main()\n{\n  int a;\n  a = 1;\n  return a;\n}\n' > x; printf 'int main()\n{\n  int a;\n  int b;\n  a = 1;\n  b = 2;\n\n  return a + b;\n}\n\nint f()\n{\n  return 0;\n}\n' > y; diff x y; diff y x; diff -L x -L y -u x y; diff -L x -L y -c y x; cat x | diff - y; diff x - < y; diff -a x y > /dev/null; echo $?

i=0; while [ $i -lt 60 ]; do echo "line $((i % 7))"; i=$((i+1)); done > x; sed -e 5,9d -e '20i\
inserted' -e '33s/line/LINE/' -e '50,55d' x > y; diff x y; diff -L 1 -L 2 -u y x; sed 's/3/three/' x > z; diff -L 1 -L 2 -u x z; diff -e x z; printf '.\na\n' > d; printf 'b\n.\nc\n' > e; diff -e d e; printf '\tx\n' > t; printf '\ty\n' > u; diff -t t u
