: ignored $(echo side >&2) 2>/dev/null; true; echo $?; pwd -P >/dev/null; echo $?
umask 022; umask; umask -S; umask u=rwx,g=,o=; umask; times >/dev/null; echo $?
set -- 1 2 3 4 5; shift; shift 2; echo $*; (shift 9) 2>/dev/null; echo $?; shift 0; echo $#
x="5 6"; readonly x y=6; export x; export -p | while read -r l; do case $l in *" x="*) echo "$l";; esac; done
unset nothing; echo $?; unset -v PATHX; hash -r; echo $?; kill -l 9; kill -l 137; kill -0 $$; echo $?
test -n "" ; echo $?; test; echo $?; test a = a -a b = b; echo $?; [ ! -e /none ]; echo $?; [ 5 -gt 10 ] ; echo $?
[ -d / -a ! -f / ]; echo $?; [ "(" = "(" ]; echo $?; test -t 9; echo $?; [ a ]; echo $?; [ abc \< abd ] && echo less
printf '%s %d %i %o %x %X %c %5s|%-5s|%05d %%\n' str 42 -7 8 255 255 char r l 42; printf '%s\n' a b c; printf '%s-%s\n' 1 2 3
printf '%b' 'tab\there\n' ; printf '\101\n'; printf '%.3s|%5.2s|\n' abcdef xyz; printf '%d\n' 0x10 010 "'A"; printf 'no newline'; echo
echo -n x; echo y; echo "a	b"; command -p echo with path; eval "exit_in_eval() { return 3; }"; exit_in_eval; echo $?
exec 2>/dev/null; cd /nonexistent; echo $?; cd /tmp && cd - >/dev/null && echo back; cd; echo $?
