# expr, test and arithmetic side by side.
i=0; while [ "$(expr $i \< 5)" = 1 ]; do i=$(expr $i + 1); done; echo $i
expr 7 \* 6; expr \( 1 + 2 \) \* 3; expr 17 % 5; expr 17 / 5; expr -3 + 1
expr abc : 'a\(.\)c'; expr abcdef : '.*'; expr x : y; echo $?
expr 0; echo $?; expr 1 \& 0; expr '' \| 5; expr 3 = 3; expr a \< b
f() { expr "$1" : '[0-9][0-9]*$' >/dev/null && echo number || echo word; }; f 12; f x1; f ''
len=$(expr "hello" : '.*'); while [ $len -gt 0 ]; do printf '%s' "$(expr "hello" : "$(printf '%*s' $((len - 1)) '' | tr ' ' .)\(.\)")"; len=$((len - 1)); done; echo
[ 1 -eq 1 -a 2 -gt 1 ] && echo and; [ ! -e /nowhere -o x = y ] && echo or; [ -n "" ] || echo empty
test -d / -a ! -f / && echo dir; [ "a" ] && [ ! "" ] && echo strings; [ 010 -eq 10 ]; echo $?
echo $((1 << 4 | 3 & 2 ^ 1)) $((~5)) $((!0 + !7)) $((5 > 3 ? 10 : 20)) $((-7 / 2)) $((-7 % 3)) $((0x1f)) $((017))
a=5; echo $((a += 3)) $((a -= 1)) $((a *= 2)) $((a /= 3)) $((a %= 3)) $((a <<= 3)) $((a |= 1)) $((a ^= 3)) $((a &= 6)) $a
