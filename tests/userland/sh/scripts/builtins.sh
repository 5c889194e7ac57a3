export A=1; sh -c 'echo $A'; B=2 sh -c 'echo $B'; echo "[$B]"
readonly R=5; (R=6) 2>/dev/null; echo $?; echo $R
unset A; echo "[$A]"; C=x; unset C D; echo ${C-gone}
eval 'echo "ev $((1+1))"; y=evy'; echo $y; eval; echo $?; eval "(exit 3)"; echo $?
: ignored args $(echo sub >&2) 2>/dev/null; echo $?
set -- a b c; shift; echo "$*"; set x y; echo $2; set -- ; echo $#
cd /; pwd; cd $TMPDIR; [ "$PWD" = "$(pwd)" ] && echo same; cd - >/dev/null; pwd
type cd >/dev/null && echo builtin; command -v cd; command -v nonexistent; echo $?
command echo via-command; command -p true; echo $?
umask 027; umask; umask 22; umask; umask u=rwx,g=rx,o=; umask
test a = a; echo $?; test a = b; echo $?; [ 1 -lt 2 ] && [ ! 2 -lt 1 ] && echo lt
[ -n "" ]; echo $?; [ -z "" ]; echo $?; [ a ] && [ ! "" ]; echo $?
[ -d / -a ! -f / ]; echo $?; [ "(" = "(" ]; echo $?; [ \( a = a \) -o b = c ]; echo $?
printf '%s %d %x %o %c %5s|%-5s|%05d %%\n' str 42 255 8 char r l 7
printf '%s\n' a b c; printf 'a\tb\101\n'; printf '%b\n' 'x\ty'; printf '%.2f %e\n' 3.14159 1000
printf '%d %d\n' 1 2 3; printf '\n'; printf 'no newline'; echo
true; echo $?; false; echo $?
exec 5>&1; echo five >&5; exec 5>&-
alias ll='echo alias works'; unalias ll; echo ok
getopts ab: o -a; echo $o $OPTIND
