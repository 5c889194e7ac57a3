if true; then echo t; else echo f; fi
if false; then echo t; elif true; then echo e; else echo f; fi
if false; then echo no; fi; echo $?
for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done
for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done
i=0; until [ $i -ge 3 ]; do i=$((i+1)); echo u$i; done
while :; do break; done; echo $?
while false; do :; done; echo $?
case abc in a) echo 1;; a*) echo 2;; *) echo 3;; esac
case x in y) echo no;; esac; echo $?
case "a b" in "a b") echo sp;; esac
case a in (b|a) echo paren;; esac
case '*' in \*) echo star;; esac
case b in [!a]) echo notA;; esac
case 5 in [0-9]) echo digit;; esac
for x; do echo never; done
set -- p q; for x; do echo $x; done; for x do echo $x; done
for i in; do echo never; done; echo end
! true; echo $?; ! false; echo $?
true && echo a || echo b; false && echo a || echo b; false || false || echo c
{ echo g1; echo g2; }; (echo s1; exit 3); echo $?
