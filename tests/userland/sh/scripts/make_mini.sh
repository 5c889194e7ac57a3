# A make in miniature: rules with dependencies, built once, in order.
cd "${TMPDIR:-/tmp}"
mkdir mm.$$ && cd mm.$$
rules='prog:main.o util.o
main.o:main.c
util.o:util.c util.h
all:prog'
for f in main.c util.c util.h; do echo "source $f" >"$f"; done
deps_of() {
	while IFS=: read -r target deps; do
		[ "$target" = "$1" ] && { echo "$deps"; return 0; }
	done <<EOF
$rules
EOF
	return 1
}
built=
build() {
	local target deps d newest
	target=$1
	case " $built " in *" $target "*) return 0;; esac
	if ! deps=$(deps_of "$target"); then
		[ -e "$target" ] && return 0
		echo "no rule for $target" >&2
		return 2
	fi
	for d in $deps; do build "$d" || return; done
	built="$built $target"
	echo "build $target from $deps"
	: >"$target"
}
build all; echo "status $?"
build all; echo "again $?"
build nothing; echo "missing $?"
echo "order:$built"
cd .. && rm -r mm.$$
