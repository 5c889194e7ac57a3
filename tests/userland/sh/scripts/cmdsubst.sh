echo $(echo a; echo b) "$(echo a; echo b)"
x=$(false); echo $?; x=$(exit 5); echo $?; echo $(exit 7) $?
y=$(printf 'a\n\n\n'); echo "[$y]"
echo $(echo $(echo $(echo deep)))
echo "$(echo "a b" 'c d')" `echo x \`echo y\``
z=$(for i in 1 2 3; do echo -n $i; done); echo $z
echo $(case x in x) echo casein;; esac)
echo "$(cat <<E
here
E
)"
v=1; echo $(v=2; echo $v) $v
echo $( (echo subshell) ) $(# comment
echo commented)
set -- $(echo 'p q r'); echo $#
