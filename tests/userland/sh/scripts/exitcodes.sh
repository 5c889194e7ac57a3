true; echo $?; false; echo $?; nonexistent_cmd 2>/dev/null; echo $?
$TMPDIR 2>/dev/null; echo $?; echo > $TMPDIR/noexec; $TMPDIR/noexec 2>/dev/null; echo $?
printf 'echo script $1 $#; exit 4\n' > $TMPDIR/noexec; chmod +x $TMPDIR/noexec; $TMPDIR/noexec arg; echo $?
printf '#!/bin/sh\necho shebang "$@"\n' > $TMPDIR/noexec; $TMPDIR/noexec a 'b c'; rm -f $TMPDIR/noexec
sh -c 'exit 42'; echo $?; sh -c 'false'; echo $?; (exit 300); echo $?
sh -c 'echo $0 $1 $#' name arg; echo 'echo piped $0' | sh; sh -s a b <<'E'
echo $# $2
E
sh -c 'fi' 2>/dev/null; echo $?;
sh -c 'echo $-' >/dev/null; sh -ec 'false; echo no'; echo $?
if (exit 3); then :; else echo $?; fi; false; (echo $?); x=$?; echo $x
