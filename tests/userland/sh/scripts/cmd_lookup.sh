cd "${TMPDIR:-/tmp}"; mkdir cl.$$; cd cl.$$; here=$PWD
printf '#!/bin/sh\necho "script $0 $*" | { read a b c; echo "${a} ${b##*/} $c"; }\nexit 3\n' >prog; chmod +x prog
printf 'echo plain $1\n' >plain; chmod +x plain
printf 'echo never\n' >noexec
./prog a b; echo "$?"; PATH=$here:$PATH; prog c; echo "$?"; ./plain x; echo "$?"
./noexec 2>/dev/null; echo "$?"; nonesuch 2>/dev/null; echo "$?"; ./ 2>/dev/null; echo "$?"; ./none 2>/dev/null; echo "$?"
echo() { printf 'my echo: %s\n' "$*"; }; echo hi; command echo hi; unset -f echo; echo hi
for c in cd : prog; do command -v $c; done | while read -r l; do echo "${l##*/}"; done; command -v nonesuch; echo "$?"
type cd | head -n 1; type nonesuch >/dev/null 2>&1; echo "$?"
A=1 sh -c 'echo "A=$A"'; A=1 :; echo "${A-unset}"; A=2 true; echo "${A-unset}"; A=3 export B=4; echo "${A-unset} $B"
sh -c 'echo "$0 $1 $#"' name one two; sh plain arg; . ./plain dot; echo "$?"
eval 'x=1; echo $x' '; echo' two; eval; echo "$?"; (exec ./prog e); echo "$?"
cd ..; rm -r cl.$$
